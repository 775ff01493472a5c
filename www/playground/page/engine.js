/** The page's end of the worker. */

export class Failure extends Error {
  constructor({ code, message }) {
    super(message);
    this.code = code;
  }
}

const STOPPED = { code: "WORKER", message: "the worker stopped" };

export class Engine {
  #worker;
  #calls = new Map();
  #next = 1;
  #show;
  #failed = false;

  /** Told the table's figures as they change. */
  constructor(show) {
    this.#show = show;
    this.start();
  }

  /** A worker with a memory of its own; the one before is gone, with all it had. */
  start() {
    this.#worker?.terminate();
    this.#end({ code: "OVER", message: "started over" });
    this.#failed = false;
    this.#worker = new Worker(new URL("../worker/main.js", import.meta.url), { type: "module" });
    this.#worker.onmessage = ({ data }) => this.#heard(data);
    this.#worker.onerror = () => {
      this.#failed = true;
      this.#end(STOPPED);
    };
  }

  #end(reason) {
    for (const { reject } of this.#calls.values()) reject(new Failure(reason));
    this.#calls.clear();
  }

  /** Asks for one of the worker's actions. `progress` is told what is done, of how much. */
  ask(name, args = {}, { progress, transfer = [] } = {}) {
    if (this.#failed) return Promise.reject(new Failure(STOPPED));
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject, progress });
      this.#worker.postMessage({ id, name, args }, transfer);
    });
  }

  cancel() {
    this.#worker.postMessage({ cancel: true });
  }

  #heard({ id, progress, result, cancelled, error, figures }) {
    const call = this.#calls.get(id);
    if (!call) return;
    this.#show(figures);
    if (progress) return call.progress?.(progress);
    this.#calls.delete(id);
    if (error) return call.reject(new Failure(error));
    call.resolve({ ...result, cancelled });
  }
}
