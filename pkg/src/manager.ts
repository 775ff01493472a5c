/** Sessions over HTTP: opened from a request, committed with its response. */

import type { Backend } from "./backend.js";
import { Cookie, cookieValues } from "./cookie.js";
import { isCrossSite } from "./csrf.js";
import { badOption } from "./errors.js";
import { Fields } from "./fields.js";
import { META } from "./hidden.js";
import { Ids } from "./ids.js";
import { type Maybe, run, type Steps, wait } from "./maybe.js";
import { callable, known } from "./options.js";
import { withAdditions } from "./response.js";
import { find, NamedTable } from "./rows.js";
import { type Brought, Rules } from "./rules.js";
import { checkedSubject, SessionHandle } from "./session.js";
import {
  type Checked,
  checkedOptions,
  isStore,
  type SessionEvent,
  type SessionsOptions,
} from "./sessions-options.js";
import { EXPIRED, LATE } from "./source.js";
import type { Store } from "./stores/contract.js";
import { Tabled } from "./tabled.js";
import type { Row, Session, Table } from "./types.js";

/** One of a subject's sessions. Times are in milliseconds since the Unix epoch. */
export interface Listed {
  /** The hash that stands for the session, as in session.id and events. */
  id: string;
  /** When the session began, which may be before its login. */
  createdAt: number;
  /** When it was last read or written. */
  touchedAt: number;
  /** When it ends if nobody comes back. */
  expiresAt: number;
  /** What login() was told. */
  meta: Row;
}

/** A fetch handler that is given the session too. */
export type Handler<Data extends object = Row, Flash extends object = Row, Env = unknown, Ctx = unknown> = (
  request: Request,
  session: Session<Data, Flash>,
  env: Env,
  ctx: Ctx,
) => Response | Promise<Response>;

/** Which of a subject's sessions end; all, where nothing is said. */
export interface Revoked<Data extends object = Row, Flash extends object = Row> {
  /** All but this one. */
  except?: Session<Data, Flash>;
  /** The one that list() gave this id for. */
  id?: string;
}

/** What sessions() gives. `env` is handed to a `store` that is a function. */
export interface Sessions<Data extends object = Row, Flash extends object = Row> {
  /** Wraps a fetch handler: opens the session, calls the handler, commits with its response. */
  handle<Env = unknown, Ctx = unknown>(
    handler: Handler<Data, Flash, Env, Ctx>,
  ): (request: Request, env?: Env, ctx?: Ctx) => Promise<Response>;
  /** The session of a request, for who does without handle(). */
  open(request: Request, env?: unknown): Promise<Session<Data, Flash>>;
  /** Stores what was written, and gives the response with the headers that go with it. */
  commit(session: Session<Data, Flash>, response: Response): Promise<Response>;
  /** The living sessions of a subject, oldest first. */
  list(subject: string, env?: unknown): Promise<Listed[]>;
  /**
   * Ends all sessions of a subject at once, all but one, or the one that list() gave this id for; gives
   * how many they were.
   */
  revoke(subject: string, options?: Revoked<Data, Flash>, env?: unknown): Promise<number>;
  /** The table: what keeps the sessions, or with a store what remembers them. */
  readonly table: Table;
}

/** What a request brought, kept beside its session for the commit. */
interface Opened extends Brought {
  readonly manager: object;
  readonly backend: Backend;
  readonly url: string;
  /** Whether the request had a cookie of our name, whatever it said. */
  readonly presented: boolean;
}

const opened = new WeakMap<object, Opened>();

const ignored = () => {};

class Manager<Data extends object, Flash extends object> implements Sessions<Data, Flash> {
  readonly #options: SessionsOptions;
  readonly #checked: Checked;
  readonly #cookie: Cookie;
  readonly #ids: Ids;
  readonly #now: () => number;
  readonly #backend: (env: unknown) => Maybe<Backend>;
  readonly #rules: Rules;
  #table: NamedTable | undefined;

  constructor(options: SessionsOptions) {
    this.#checked = checkedOptions(options);
    this.#options = options;
    this.#cookie = new Cookie(options.cookie);
    this.#ids = new Ids(options.secrets);
    this.#now = options.now ?? Date.now;
    if (typeof options.table === "object") this.#table = options.table as NamedTable;
    const tabled = new Tabled(() => this.#rows(), this.#checked.idle, this.#checked.absolute);
    const { store } = options;
    this.#backend = store === undefined ? () => tabled : this.#stored(store);
    this.#rules = new Rules({
      grace: this.#checked.grace,
      strict: options.onConflict === "throw",
      maxAge: this.#cookie.maxAge,
      time: () => this.#time(),
      tell: (event) => this.#event(event),
    });
  }

  /** The table is made on first use: an instance made at a module's top level would cost every cold start. */
  #rows(): NamedTable {
    if (this.#table !== undefined) return this.#table;
    const name = (this.#options.table ?? "session") as string;
    const { limits = {}, now } = this.#options;
    const made = () =>
      new NamedTable(name, { ...limits, hashKeys: true, ...(now === undefined ? {} : { now }) });
    this.#table = find(name) ?? made();
    return this.#table;
  }

  /** Sessions in the store that there is for a request. Who has none does not load what works with one. */
  #stored(store: Store | ((env: unknown) => Store)): (env: unknown) => Promise<Backend> {
    const { idle, absolute, maxStale, timeout } = this.#checked;
    const { secrets, acceptEventual = false } = this.#options;
    let loaded: Promise<(store: Store) => Backend> | undefined;
    return async (env) => {
      const given = typeof store === "function" ? store(env) : store;
      if (!isStore(given)) throw badOption("store", given, "a function that gives a store");
      loaded ??= import("./stored.js").then(({ storedSessions }) =>
        storedSessions({
          table: this.#rows(),
          idle,
          absolute,
          maxStale,
          timeout,
          authentic: secrets !== undefined,
          acceptEventual,
          time: () => this.#time(),
          tell: (event) => this.#event(event),
        }),
      );
      return (await loaded)(given);
    };
  }

  get table(): Table {
    return this.#rows();
  }

  /** Tells whoever listens, once nothing can go wrong any more: what they do undoes nothing. */
  #event(event: SessionEvent): void {
    try {
      // A listener that is an async function fails later.
      Promise.resolve(this.#options.onEvent?.(event)).catch(ignored);
    } catch {}
  }

  handle<Env, Ctx>(
    handler: Handler<Data, Flash, Env, Ctx>,
  ): (request: Request, env?: Env, ctx?: Ctx) => Promise<Response> {
    callable("handler", handler);
    return async (request, env, ctx) => {
      const skipped = this.#skips(request);
      const { origins } = this.#checked;
      if (origins !== undefined && !skipped && isCrossSite(request, origins)) {
        return new Response("cross-site request refused", { status: 403 });
      }
      const opening = run(this.#open(request, skipped, env));
      const session = opening instanceof Promise ? await opening : opening;
      const response = await handler(request, session, env as Env, ctx as Ctx);
      // Awaited here: a promise that is handed on while rejected counts as unhandled in workerd.
      return await this.commit(session, response);
    };
  }

  #skips(request: Request): boolean {
    if (typeof request?.headers?.get !== "function") throw badOption("request", request, "a Request");
    return this.#options.skip?.(request) === true;
  }

  async open(request: Request, env?: unknown): Promise<Session<Data, Flash>> {
    return await run(this.#open(request, this.#skips(request), env));
  }

  *#open(request: Request, skipped: boolean, env: unknown): Steps<Session<Data, Flash>> {
    const { url } = request;
    const table = this.#rows();
    const header = (skipped ? null : request.headers.get("Cookie")) ?? "";
    const values = cookieValues(header, this.#cookie.name(url));
    const { any, id, stale, forged } = this.#ids.read(values, table.name);
    if (forged) this.#event({ type: "forged", id: table.hash(forged) });
    const backend = yield* wait(this.#backend(env));
    const { source, code, sid, meta, flashed, spot, replace } = yield* wait(backend.find(id));
    const fields = new Fields(source, meta && sid, meta);
    fields.refusesLogin = backend.refusesLogin;
    fields.flashed = flashed;
    if (spot !== undefined) fields.meetAt(spot);
    if (skipped) fields.verdict = "skip";
    if (code === EXPIRED) this.#event({ type: "expired", id: table.hash(sid as string) });
    if (code === LATE) this.#event({ type: "reused-after-renew", id: table.hash(sid as string) });
    const session = new SessionHandle<Data, Flash>(fields);
    opened.set(session, { manager: this, backend, url, presented: any, replace, stale });
    return session;
  }

  async commit(session: Session<Data, Flash>, response: Response): Promise<Response> {
    const request = this.#opened(session, "session");
    if (typeof response?.headers?.get !== "function" || typeof response.status !== "number") {
      throw badOption("response", response, "a Response");
    }
    // Before anything is stored: it can't be given headers any more.
    if (response.bodyUsed || response.body?.locked) {
      throw badOption("response", "one that was read", "a Response that nobody reads");
    }
    const fields = SessionHandle.fields(session);
    const cookie = fields.committed ? undefined : run(this.#commit(fields, request, response.status));
    const line = cookie instanceof Promise ? await cookie : cookie;
    return withAdditions(response, { cookie: line, looked: fields.looked });
  }

  #opened(session: object, option: string): Opened {
    const request = opened.get(session);
    if (request?.manager === this) return request;
    throw badOption(option, session, "one that open() of the same sessions() gave");
  }

  async list(subject: string, env?: unknown): Promise<Listed[]> {
    const whose = checkedSubject(subject);
    const rows = await (await this.#backend(env)).list(whose);
    const listed = rows.map(([id, row, { createdAt, touchedAt, expiresAt }]) => ({
      id,
      createdAt,
      touchedAt,
      // A session that ends never was put into the table by hand.
      expiresAt: expiresAt ?? Number.POSITIVE_INFINITY,
      meta: (row[META] ?? {}) as Row,
    }));
    return listed.sort((a, b) => a.createdAt - b.createdAt);
  }

  async revoke(subject: string, options: Revoked<Data, Flash> = {}, env?: unknown): Promise<number> {
    known("options", options, ["except", "id"]);
    const { except, id } = options;
    const whose = checkedSubject(subject);
    const backend = await this.#backend(env);
    if (id !== undefined) {
      if (typeof id !== "string") throw badOption("id", typeof id, "an id that list() gave");
      if (except !== undefined) throw badOption("except", "a session beside id", "one of the two");
      return run(this.#rules.endOne(backend, whose, id));
    }
    if (except === undefined) return run(this.#rules.endAll(backend, whose));
    this.#opened(except, "except");
    const fields = SessionHandle.fields(except);
    fields.now();
    return run(this.#rules.endAll(backend, whose, fields.sid));
  }

  /** Carries out what was decided and gives the Set-Cookie line, if there is one to send. */
  *#commit(fields: Fields, request: Opened, status: number): Steps<string | undefined> {
    const { verdict, login } = fields;
    const failed = status >= 500 && this.#options.saveOnError !== true;
    if (verdict === "destroy" || (failed && verdict === "login" && login?.leaves)) {
      yield* this.#rules.end(fields, request.backend);
      return request.presented ? this.#line(request, (url) => this.#cookie.remove(url)) : undefined;
    }
    if (failed || verdict === "ignore" || verdict === "skip") {
      yield* wait(request.backend.touch(fields));
      fields.close(fields.sid);
      return undefined;
    }
    const id = yield* this.#rules.store(fields, request.backend, request);
    if (id === undefined) return undefined;
    const value = this.#ids.write(id, fields.table.name);
    return this.#line(request, (url) => this.#cookie.set(url, value, this.#time()));
  }

  #time(): number {
    const now = this.#now();
    return now >= 0 && now <= 8.64e15 ? now : Date.now();
  }

  #line(request: Opened, line: (url: string) => string): string | undefined {
    const reason = this.#cookie.unsendable(request.url);
    if (reason === undefined) return line(request.url);
    this.#event({ type: "cookie-unsendable", reason });
    return undefined;
  }
}

/**
 * Sessions for anything that has a Request and a Response.
 *
 * @throws {EtsError} ERR_BAD_OPTION for an option that is wrong, at once
 * @example
 * const session = sessions<{ visits: number }>({ idle: "30m" });
 * export default {
 *   fetch: session.handle((request, session) => {
 *     const visits = session.increment("visits");
 *     return new Response(`visit ${visits}`);
 *   }),
 * };
 */
export function sessions<Data extends object = Row, Flash extends object = Row>(
  options: SessionsOptions = {},
): Sessions<Data, Flash> {
  return new Manager<Data, Flash>(options);
}
