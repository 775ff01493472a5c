/** An isolate's clock beside a store: what was over by it stays over, also where it goes back. */

/** Requests of one isolate may each have a reading of their own, and differ by so much, in ms. */
const SLACK = 1000;

export class Clock {
  readonly #read: () => number;
  #latest = 0;
  /** What was said before then is too old: the clock went back since, and can't tell how long ago that was. */
  since = 0;

  constructor(read: () => number) {
    this.#read = read;
  }

  /** As it reads, for what is written: what goes by a time ahead lives too long for all others. */
  reading(): number {
    const reading = this.#read();
    if (reading < this.#latest - SLACK) this.since = this.#latest + 1;
    this.#latest = Math.max(this.#latest, reading);
    return reading;
  }

  /** The latest that it ever read, by which is judged what is over. */
  now(): number {
    this.reading();
    return this.#latest;
  }
}
