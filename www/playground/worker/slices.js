/** Long work in slices: between two of them a cancellation can arrive. */

const SLICE = 20;
const TOLD_EVERY = 80;

const channel = new MessageChannel();
let resume;
channel.port1.onmessage = () => resume();

// Neither a timer, which browsers hold back for 4 ms each, nor scheduler.yield(), which goes on before the
// message that would cancel.
function pause() {
  return new Promise((resolve) => {
    resume = resolve;
    channel.port2.postMessage(0);
  });
}

export class Task {
  #tell;
  #told = 0;
  #begun = performance.now();
  cancelled = false;

  constructor(tell) {
    this.#tell = tell;
  }

  /** After each small piece of work. False: it is cancelled. */
  async goOn(done, total) {
    const now = performance.now();
    if (now - this.#begun < SLICE) return true;
    if (now - this.#told >= TOLD_EVERY) {
      this.#told = now;
      this.#tell(done, total);
    }
    await pause();
    this.#begun = performance.now();
    return !this.cancelled;
  }
}
