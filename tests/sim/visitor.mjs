/** Somebody with a browser: one jar, and all cookies that were ever given. */

/** As many increments of one field can be told apart in one number. */
const PLACES = 26;
const FORGED = "A".repeat(48);

export class Visitor {
  jar;
  cookies = [];
  #places = {};

  constructor(at) {
    this.name = `V${at}`;
  }

  given(cookie) {
    this.jar = cookie;
    if (!this.cookies.includes(cookie)) this.cookies.push(cookie);
  }

  /** Mostly the one in the jar, sometimes one from before, one that nobody gave, or none. */
  cookie(random) {
    const chance = random.next();
    if (chance < 0.82 || this.cookies.length === 0) return chance < 0.02 ? FORGED : this.jar;
    if (chance < 0.97) return random.pick(this.cookies);
    return chance < 0.985 ? FORGED.slice(0, 24) : undefined;
  }

  /** The place of the next increment of a field. */
  place(field) {
    this.#places[field] ??= 0;
    return this.#places[field] < PLACES ? this.#places[field]++ : undefined;
  }
}
