/** One thread for tests, made anew where it was ended or may not be as it was. */
import { Worker } from "node:worker_threads";

/** Milliseconds of work and of waiting without the begin of another test, after which there will be none. */
const LIMIT = { work: 12_000, wait: 5_000 };
/** Loading takes files, for which it has to wait; and there is no mutant in it that can make it go on for ever. */
export const LONG = { work: 90_000, wait: 90_000 };

export class Thread {
  #folder;
  #worker;
  uses = 0;
  #beat = new Int32Array(new SharedArrayBuffer(4));

  constructor(folder) {
    this.#folder = folder;
  }

  /** Whether there is one that has run tests before. */
  get used() {
    return this.#worker !== undefined;
  }

  async end() {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  /** Another one, whose package was loaded with a mutant switched on. */
  async begin(mutant) {
    await this.end();
    this.#worker = new Worker(new URL("worker.mjs", import.meta.url), {
      workerData: { folder: this.#folder, mutant, beat: this.#beat },
      resourceLimits: { maxOldGenerationSizeMb: 3072 },
      stdout: true,
      stderr: true,
    });
    const worker = this.#worker;
    // It may end over what an earlier mutant left behind; ending it makes it fail once more, too.
    worker.on("error", () => {});
    worker.on("exit", () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    return await this.#answer(LONG);
  }

  /** What the worker says to a message; "time" where it takes too long, "crash" where it ends over it. */
  async ask(message, longest = LIMIT) {
    if (this.#worker === undefined) {
      const answer = await this.begin(undefined);
      if (answer !== "ready") return answer;
    }
    this.#worker.postMessage(message);
    return await this.#answer(longest);
  }

  async #answer(longest) {
    const worker = this.#worker;
    let [beat, since, watch] = [Atomics.load(this.#beat, 0), spent(worker)];
    let told;
    const crashed = () => told("crash");
    const answer = await new Promise((resolve) => {
      told = resolve;
      worker.once("message", told).once("error", crashed).once("exit", crashed);
      watch = setInterval(() => {
        const [now, { work, wait }] = [Atomics.load(this.#beat, 0), spent(worker)];
        if (now !== beat) [beat, since] = [now, { work, wait }];
        else if (work - since.work > longest.work || wait - since.wait > longest.wait) resolve("time");
      }, 100);
    });
    clearInterval(watch);
    worker.off("message", told).off("error", crashed).off("exit", crashed);
    if (answer === "time" || answer === "crash") await this.end();
    return answer;
  }
}

/** Milliseconds of this process, which does next to nothing beside; the clock would count what others do here. */
function spent(worker) {
  const { user, system } = process.cpuUsage();
  return { work: (user + system) / 1000, wait: worker.performance.eventLoopUtilization().idle };
}
