/** Asking a store: not longer than it may take, once for several who ask the same, and told when it fails. */
import { EtsError } from "./errors.js";
import type { SessionEvent } from "./sessions-options.js";

export class Asking {
  readonly #timeout: number;
  readonly #tell: (event: SessionEvent) => void;
  readonly #flights = new Map<string, Promise<unknown>>();

  constructor(timeout: number, tell: (event: SessionEvent) => void) {
    this.#timeout = timeout;
    this.#tell = tell;
  }

  /** @throws {EtsError} ERR_STORE, with what the engine threw as its cause; refusals of the package's own as they are */
  async ask<T>(call: () => Promise<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${this.#timeout} ms`)), this.#timeout);
    });
    try {
      return await Promise.race([started(call), late]);
    } catch (cause) {
      if (cause instanceof EtsError && cause.code !== "ERR_STORE") throw cause;
      const error =
        cause instanceof EtsError ? cause : new EtsError("ERR_STORE", "the store failed", {}, { cause });
      this.#tell({ type: "store-error", error });
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** One question for all who have the same at the same time, each with a deadline of its own. */
  async shared<T>(key: string, call: () => Promise<T>): Promise<T> {
    let flight = this.#flights.get(key) as Promise<T> | undefined;
    if (flight === undefined) {
      flight = started(call);
      this.#flights.set(key, flight);
    }
    const asked = flight;
    try {
      return await this.ask(() => asked);
    } finally {
      // Answered, failed, or given up: whoever comes next asks anew.
      if (this.#flights.get(key) === asked) this.#flights.delete(key);
    }
  }
}

/** What was asked for; a store that throws at once has failed like any other. */
function started<T>(call: () => Promise<T>): Promise<T> {
  // Nothing is awaited on the way: workerd reports a rejection whose handler comes a microtask later.
  try {
    return call();
  } catch (error) {
    return Promise.reject(error);
  }
}
