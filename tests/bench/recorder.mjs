/** Bins a tenth of a decade wide, from 10 ns to 10 s, as they are drawn. */
export const PER_DECADE = 10;
export const LEAST = -8;
export const DECADES = 9;

const FINE = 20;
const BINS = DECADES * PER_DECADE * FINE;

/** Times of single operations, kept as counts: it makes no garbage, and takes any number of them. */
export class Recorder {
  #bins = new Uint32Array(BINS);
  #longest = 0;
  #count = 0;
  #overOneMs = 0;

  /** A time in milliseconds. */
  add(time) {
    const bin = Math.floor((Math.log10(time) - 3 - LEAST) * PER_DECADE * FINE);
    this.#bins[bin < 0 || time <= 0 ? 0 : Math.min(bin, BINS - 1)]++;
    this.#count++;
    if (time > this.#longest) this.#longest = time;
    if (time >= 1) this.#overOneMs++;
  }

  /** Times each call of work(0), work(1), …, without what prepare makes for it just before. */
  each(count, work, prepare = () => {}) {
    for (let i = 0; i < count; i++) {
      const prepared = prepare(i);
      const begin = performance.now();
      work(i, prepared);
      this.add(performance.now() - begin);
    }
    return this;
  }

  /** The same loop with no work in it, for so many milliseconds. */
  nothing(duration, prepare) {
    const end = performance.now() + duration;
    while (performance.now() < end) this.each(1000, () => {}, prepare);
    return this;
  }

  quantile(share) {
    let left = this.#count * share;
    for (let bin = 0; bin < BINS; bin++) {
      left -= this.#bins[bin];
      if (left <= 0) return 10 ** (LEAST + 3 + (bin + 0.5) / (PER_DECADE * FINE));
    }
    return this.#longest;
  }

  /** In milliseconds, less `clock`, which is what reading the clock takes. */
  summary(clock = 0) {
    const at = (time) => Math.max(0, time - clock);
    return {
      longest: at(this.#longest),
      p99999: Math.min(at(this.#longest), at(this.quantile(0.99999))),
      median: at(this.quantile(0.5)),
      overOneMs: this.#overOneMs,
    };
  }

  /** The counts in the bins that are drawn. */
  histogram() {
    return Array.from({ length: DECADES * PER_DECADE }, (_, i) =>
      this.#bins.subarray(i * FINE, (i + 1) * FINE).reduce((sum, count) => sum + count, 0),
    );
  }
}
