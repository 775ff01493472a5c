/** An engine as a Map: what every real one does, in the fewest words, and nothing else. */
export class Toy {
  guarantees = { atomic: true, consistency: "strong", subjects: true };
  rows = new Map();
  calls = 0;
  #writings = 0;

  async read(key) {
    this.calls++;
    const row = this.rows.get(key);
    return row && { bytes: row.bytes.slice(), tag: row.tag };
  }

  async write(as, writes) {
    this.calls++;
    if (as.some(([key, tag]) => this.rows.get(key)?.tag !== tag)) return false;
    for (const { key, bytes, subject } of writes) {
      this.rows.set(key, { bytes: bytes.slice(), tag: ++this.#writings, subject });
    }
    return true;
  }

  async keysOf(subject) {
    this.calls++;
    return [...this.rows].filter(([, row]) => row.subject === subject).map(([key]) => key);
  }
}
