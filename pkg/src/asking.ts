/** Asking a store: not longer than it may take, once for several who ask the same, and told when it fails. */
import { EtsError } from "./errors.js";
import type { SessionEvent } from "./sessions-options.js";

/** A question under way. */
interface Flight {
  readonly at: number;
  readonly answer: Promise<unknown>;
  /** Whether nothing can have happened since it was asked. */
  fresh: boolean;
}

export class Asking {
  readonly #timeout: number;
  readonly #tell: (event: SessionEvent) => void;
  readonly #flights = new Map<string, Flight>();

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

  /**
   * One question for all who have the same, each with a deadline of its own: `now` is when it is asked, and what was
   * asked before `since` is too old an answer. Within one tick of the clock another isolate may have been told of its
   * write: what was asked at `since` itself is shared by those alone who come in the same turn.
   */
  async shared<T>(key: string, now: number, since: number, call: () => Promise<T>): Promise<T> {
    let flight = this.#flights.get(key);
    if (flight === undefined || flight.at < since || (flight.at === since && !flight.fresh)) {
      const asked: Flight = { at: now, answer: started(call), fresh: true };
      queueMicrotask(() => {
        asked.fresh = false;
      });
      flight = asked;
      this.#flights.set(key, flight);
    }
    const { answer } = flight;
    try {
      return (await this.ask(() => answer)) as T;
    } finally {
      // Answered, failed, or given up: whoever comes next asks anew.
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    }
  }

  /** What is under way says nothing of what was just written. */
  forget(key: string): void {
    this.#flights.delete(key);
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
