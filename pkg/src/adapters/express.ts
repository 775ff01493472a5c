/**
 * "ets-session/express": a store for express-session and \@fastify/session, in the place of their MemoryStore.
 *
 * @module
 */
import { milliseconds } from "../options.js";
import type { Duration, Row } from "../table.js";
import { type DeadlineOptions, Deadlines } from "./deadlines.js";

export { EtsError } from "../table.js";

/** Where sessions are kept, and how long those whose cookie does not say it. */
export interface ExpressOptions extends DeadlineOptions {
  /** How long a session is kept whose cookie has no maxAge, from its last request. Default "24h". */
  idle?: Duration;
}

type Done<T> = (error: unknown, result?: T) => void;

/** What the store does; errors are for the callbacks, nothing is thrown. */
export interface ExpressStore {
  // biome-ignore lint/suspicious/noExplicitAny: each framework has its own type of session.
  get(sid: string, done: Done<any>): void;
  set(sid: string, session: object, done?: Done<void>): void;
  destroy(sid: string, done?: Done<void>): void;
  touch(sid: string, session: object, done?: Done<void>): void;
  // biome-ignore lint/suspicious/noExplicitAny: as for get().
  all(done: Done<any>): void;
  length(done: Done<number>): void;
  clear(done?: Done<void>): void;
}

declare const setImmediate: ((call: () => void) => unknown) | undefined;
const later = (call: () => void) =>
  typeof setImmediate === "function" ? setImmediate(call) : setTimeout(call, 0);

/** Does it now and tells later, as MemoryStore does. An error that nobody asks for is dropped: it would end the process. */
function answer<T>(done: Done<T> | undefined, work: () => T): void {
  let call = () => done?.(null);
  try {
    const result = work();
    call = () => done?.(null, result);
  } catch (error) {
    call = () => done?.(error);
  }
  if (done) later(call);
}

/** What JSON keeps, as in MemoryStore: sessions hold what a table would refuse, such as users' classes. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value));

/**
 * A class of stores. It is made from the framework's own, which it needs for its sessions and which this package
 * does not import.
 *
 * @example
 * const EtsStore = etsStore(session.Store);
 * app.use(session({ store: new EtsStore({ limits: { maxBytes: "64MiB" } }), secret, resave: false, saveUninitialized: false }));
 */
export function etsStore<Base extends object>(
  Store: abstract new () => Base,
): new (
  options?: ExpressOptions,
) => Base & ExpressStore {
  class EtsStore extends (Store as unknown as new () => object) implements ExpressStore {
    readonly #rows: Deadlines;
    readonly #idle: number;

    constructor(options: ExpressOptions = {}) {
      super();
      this.#rows = new Deadlines(options, "express", ["idle"]);
      this.#idle = milliseconds("idle", options.idle ?? "24h");
    }

    #until(cookie: unknown): number {
      const { expires } = (cookie ?? {}) as { expires?: string | number | null };
      return expires ? new Date(expires).getTime() : this.#rows.now() + this.#idle;
    }

    get(sid: string, done: Done<Row | undefined>) {
      answer(done, () => this.#rows.get(sid));
    }
    set(sid: string, session: object, done?: Done<void>) {
      answer(done, () => {
        const row = plain(session) as Row;
        this.#rows.set(sid, row, this.#until(row.cookie));
      });
    }
    destroy(sid: string, done?: Done<void>) {
      answer(done, () => void this.#rows.table.delete(sid));
    }
    touch(sid: string, session: object, done?: Done<void>) {
      answer(done, () => {
        const { cookie } = plain({ cookie: (session as Row).cookie ?? {} });
        this.#rows.update(sid, { cookie }, this.#until(cookie));
      });
    }
    all(done: Done<Row>) {
      answer(done, () => Object.assign(Object.create(null), Object.fromEntries(this.#rows.rows())) as Row);
    }
    length(done: Done<number>) {
      answer(done, () => [...this.#rows.rows()].length);
    }
    clear(done?: Done<void>) {
      answer(done, () => this.#rows.table.clear());
    }
  }
  return EtsStore as unknown as new (
    options?: ExpressOptions,
  ) => Base & ExpressStore;
}
