/** What happened, step by step, by short names; its digest says whether two runs were the same. */

const KEPT = 60;

export class Trace {
  #high = 0x811c9dc5;
  #low = 0x1000193;
  lines = [];
  /** `all`: keeps every line, not only the last. */
  constructor(all = false) {
    this.all = all;
  }

  add(line) {
    for (let i = 0; i < line.length; i++) {
      const code = line.charCodeAt(i);
      this.#high = Math.imul(this.#high ^ code, 0x01000193);
      this.#low = Math.imul(this.#low + code, 0x85ebca6b) ^ (this.#low >>> 13);
    }
    this.lines.push(line);
    if (!this.all && this.lines.length > KEPT) this.lines.shift();
  }

  get digest() {
    const hex = (number) => (number >>> 0).toString(16).padStart(8, "0");
    return hex(this.#high) + hex(this.#low);
  }
}
