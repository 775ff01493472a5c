/** Which tests are run for a mutant, and in which order. */

/** Milliseconds: floods, and all characters there are, take too long to be tried for each mutant. */
const SLOW = 300;
/** As many tests that failed for neighbours are tried first. */
const RECENT = 12;

export class Plan {
  #tests;
  #sources;
  #mutants;
  #reaching = new Map();
  /** By file, what each test is worth there. */
  #worths = new Map();
  /** By file, the tests that failed last, the latest first. */
  #recent = new Map();

  /** @param {Array<{name: string, ms: number, reached: object}>} tests */
  constructor(tests, mutants, sources) {
    this.#tests = tests.filter(({ ms }) => ms <= SLOW).sort((a, b) => a.ms - b.ms);
    this.#sources = sources;
    this.#mutants = mutants;
    for (const { id } of mutants)
      this.#reaching.set(
        id,
        this.#tests.filter(({ reached }) => id in reached),
      );
    for (const { file } of mutants) if (!this.#worths.has(file)) this.#worths.set(file, this.#worth(file));
  }

  /** Who comes where few do is about this file, be it through what all go through that it came. */
  #worth(file) {
    const worth = new Map(this.#tests.map((test) => [test, 0]));
    for (const { id } of this.#mutants.filter((mutant) => mutant.file === file)) {
      const tests = this.#reaching.get(id);
      for (const test of tests) worth.set(test, worth.get(test) + 1 / tests.length);
    }
    for (const [test, sum] of worth) worth.set(test, sum / (test.ms + 5));
    return worth;
  }

  /** Those first that found mutants near by, and then those that are worth their time. */
  testsFor(mutant) {
    const reaching = new Set(this.#reaching.get(mutant.id));
    for (const test of mutant.atLoad ? this.#ofConstant(mutant) : []) reaching.add(test);
    const recent = (this.#recent.get(mutant.file) ?? []).filter((test) => reaching.has(test));
    const worth = this.#worths.get(mutant.file);
    const rest = [...reaching].sort((a, b) => worth.get(b) - worth.get(a));
    return [...new Set([...recent, ...rest])];
  }

  failed(mutant, name) {
    const recent = this.#recent.get(mutant.file) ?? [];
    const test = this.#tests.find((one) => one.name === name);
    this.#recent.set(mutant.file, [test, ...recent.filter((one) => one !== test)].slice(0, RECENT));
  }

  /** What is made when the package is loaded can be seen by tests alone that reach a place where it is named. */
  #ofConstant({ file, from, line }) {
    const source = this.#sources.get(file);
    const made = /^(?:export )?(const|class|function)\*? (\w+)/gm;
    const [, kind, name] = [...source.slice(0, from).matchAll(made)].at(-1) ?? [];
    const names = kind === "const" ? new RegExp(`\\b${name}\\b`) : /./;
    const uses = source.split("\n").flatMap((text, i) => (names.test(text) && i + 1 !== line ? [i + 1] : []));
    const near = this.#mutants.filter(
      (other) => other.file === file && uses.some((use) => other.line <= use && use <= other.lastLine),
    );
    const ids = near.map(({ id }) => id);
    return this.#tests.filter(({ reached }) => ids.some((id) => id in reached));
  }
}
