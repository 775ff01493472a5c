/** Sessions over HTTP: opened from a request, committed with its response. */
import type { Change } from "./change.js";
import { Cookie, type CookieOptions, cookieValues } from "./cookie.js";
import { badOption, EtsError } from "./errors.js";
import { boolean, bytes, callable, type Duration, known, milliseconds, oneOf } from "./options.js";
import { type Additions, withAdditions } from "./response.js";
import { find, isTableName, NamedTable } from "./rows.js";
import { SessionHandle } from "./session.js";
import type { Row, Session, Table, TableOptions } from "./types.js";

export interface SessionsOptions {
  /** The table, by name (created if missing) or as an object. Default "session". */
  table?: string | Table;
  cookie?: CookieOptions;
  /** A session neither read nor written for this long is gone. Default "30m". */
  idle?: Duration;
  /** A session this long after its creation is gone, however busy. Default "12h". */
  absolute?: Duration;
  /** Requests for which this returns true get an empty, ignored session and no look-up (assets, say). */
  skip?: (request: Request) => boolean;
  /**
   * Requests that wrote the same field meanwhile: the later commit wins ("merge", default), or gets
   * ERR_CONFLICT and stores nothing ("throw").
   */
  onConflict?: "merge" | "throw";
  /** Commit even when the response is 5xx. Default false. A handler that throws never commits. */
  saveOnError?: boolean;
  /** maxBytes, maxRowBytes and onFull of a table created here. */
  limits?: Pick<TableOptions, "maxBytes" | "maxRowBytes" | "onFull">;
  /** The clock, in milliseconds since the Unix epoch. Default Date.now. */
  now?: () => number;
  /** Told what happens to sessions, each by the hash that stands for it. What it throws is dropped. */
  onEvent?: (event: SessionEvent) => void;
}

/** `id` is the hash that stands for a session, never the cookie's value. */
export type SessionEvent =
  | { type: "created" | "renewed" | "destroyed" | "expired"; id: string }
  /** A commit came after the session was gone: nothing was stored. */
  | { type: "gone"; id: string }
  | { type: "cookie-unsendable"; reason: string };

export interface Sessions<Data extends object = Row> {
  /** Wraps a fetch handler: opens the session, calls the handler, commits with its response. */
  handle<Env = unknown, Ctx = unknown>(
    handler: (request: Request, session: Session<Data>, env: Env, ctx: Ctx) => Response | Promise<Response>,
  ): (request: Request, env?: Env, ctx?: Ctx) => Promise<Response>;
  open(request: Request, env?: unknown): Promise<Session<Data>>;
  commit(session: Session<Data>, response: Response): Promise<Response>;
  readonly table: Table;
}

const OPTIONS = [
  "table",
  "cookie",
  "idle",
  "absolute",
  "skip",
  "saveOnError",
  "limits",
  "now",
  "onEvent",
  "onConflict",
  "secrets",
  "store",
  "maxStale",
  "renewGrace",
] as const;

/** Options of the contract that this version can't honour yet: refused, not ignored. */
const NOT_YET = ["secrets", "store"] as const;

/** 18 random bytes as base64url. Shape and alphabet are checked before anything is looked up. */
const ID = /^[0-9A-Za-z_-]{24}$/;

/** The field of a persistent cookie's row that says when the cookie was last sent, in ms. */
const SENT = "";

/** What a request brought, kept beside its session for the commit. */
interface Opened {
  readonly manager: Manager<never>;
  readonly url: string;
  /** Whether the request had a cookie of our name, whatever it said. */
  readonly presented: boolean;
}

const opened = new WeakMap<object, Opened>();

class Manager<Data extends object> implements Sessions<Data> {
  readonly #options: SessionsOptions;
  readonly #cookie: Cookie;
  readonly #now: () => number;
  readonly #idle: number;
  readonly #absolute: number;
  #table: NamedTable | undefined;
  #lifetime: number | undefined;

  constructor(options: SessionsOptions) {
    known("options", options, OPTIONS);
    this.#options = options;
    this.#cookie = new Cookie(options.cookie);
    this.#idle = milliseconds("idle", options.idle ?? "30m");
    this.#absolute = milliseconds("absolute", options.absolute ?? "12h");
    this.#now = options.now === undefined ? Date.now : callable("now", options.now);
    if (options.skip !== undefined) callable("skip", options.skip);
    if (options.onEvent !== undefined) callable("onEvent", options.onEvent);
    for (const option of NOT_YET) {
      if ((options as Record<string, unknown>)[option] !== undefined) {
        throw badOption(option, "a value", "left out: this version does not have it yet");
      }
    }
    const { maxStale, renewGrace } = options as Record<string, Duration | undefined>;
    if (maxStale !== undefined) milliseconds("maxStale", maxStale, { zero: true });
    if (renewGrace !== undefined) milliseconds("renewGrace", renewGrace, { zero: true });
    if (options.onConflict !== undefined) oneOf("onConflict", options.onConflict, ["merge", "throw"]);
    if (options.saveOnError !== undefined) boolean("saveOnError", options.saveOnError);
    const { limits = {}, table = "session" } = options;
    known("limits", limits, ["maxBytes", "maxRowBytes", "onFull"]);
    if (limits.maxBytes !== undefined) bytes("limits.maxBytes", limits.maxBytes);
    if (limits.maxRowBytes !== undefined) bytes("limits.maxRowBytes", limits.maxRowBytes);
    if (limits.onFull !== undefined) oneOf("limits.onFull", limits.onFull, ["evict", "refuse"]);
    if (typeof table !== "string" && !(table instanceof NamedTable)) {
      throw badOption("table", table, "a table's name or a table of this package");
    }
    if (typeof table === "string" && !isTableName(table)) {
      throw badOption("table", table, "a name of 1 to 255 bytes");
    }
    if (typeof table !== "string") this.#table = table;
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

  get table(): Table {
    return this.#rows();
  }

  #event(event: SessionEvent): void {
    try {
      this.#options.onEvent?.(event);
    } catch {
      // Whoever listens can't undo what happened.
    }
  }

  handle<Env, Ctx>(
    handler: (request: Request, session: Session<Data>, env: Env, ctx: Ctx) => Response | Promise<Response>,
  ): (request: Request, env?: Env, ctx?: Ctx) => Promise<Response> {
    callable("handler", handler);
    return async (request, env, ctx) => {
      const session = await this.open(request, env);
      const response = await handler(request, session, env as Env, ctx as Ctx);
      return this.commit(session, response);
    };
  }

  async open(request: Request, _env?: unknown): Promise<Session<Data>> {
    const url = request.url;
    const skipped = this.#options.skip?.(request) === true;
    const header = skipped ? null : request.headers.get("Cookie");
    let presented = false;
    let sid: string | undefined;
    if (header !== null) {
      for (const value of cookieValues(header, this.#cookie.name(url))) {
        presented = true;
        if (ID.test(value)) {
          sid = value;
          break;
        }
      }
    }
    if (sid !== undefined) {
      const table = this.#rows();
      const found = table.visit(sid);
      if (found === 1) this.#event({ type: "expired", id: table.hash(sid) });
      if (found <= 1) sid = undefined;
    }
    const session = new SessionHandle<Data>(this.#rows(), sid, skipped);
    opened.set(session, { manager: this as unknown as Manager<never>, url, presented });
    return session as Session<Data>;
  }

  async commit(session: Session<Data>, response: Response): Promise<Response> {
    const request = opened.get(session);
    if (request === undefined || request.manager !== (this as unknown)) {
      throw badOption("session", session, "one that open() of the same sessions() gave");
    }
    if (typeof response?.headers?.get !== "function") {
      throw badOption("response", response, "a Response");
    }
    const handle = session as unknown as SessionHandle<never>;
    const { committed } = SessionHandle.pending(handle);
    const cookie = committed ? undefined : this.#commit(handle, request, response.status);
    const additions: Additions = { cookie, looked: SessionHandle.pending(handle).looked };
    return withAdditions(response, additions);
  }

  /** Stores what is to be stored and gives the Set-Cookie line, if there is one to send. */
  #commit(session: SessionHandle<never>, request: Opened, status: number): string | undefined {
    const { sid, change, verdict, known } = SessionHandle.pending(session);
    const failed = status >= 500 && this.#options.saveOnError !== true;
    if (verdict === "destroy") return this.#end(session, sid, request);
    const nothing = change.isEmpty && (verdict !== "renew" || !known);
    const slides = sid !== undefined && this.#slides(sid);
    if (verdict === "ignore" || failed || (nothing && !slides)) {
      SessionHandle.close(session, sid);
      return undefined;
    }
    const now = this.#time();
    const send = slides || !known || verdict === "renew";
    if (this.#cookie.maxAge !== undefined) this.#note(change, sid, send ? now : undefined);
    const value = sid === undefined ? this.#create(session) : this.#change(session, sid);
    if (value === undefined || !send) return undefined;
    return this.#line(request, (url) => this.#cookie.set(url, value, now));
  }

  /** A persistent cookie's row says when that was last sent, under the one name that no one can set. */
  #note(change: Change, sid: string | undefined, sent: number | undefined): void {
    if (sent !== undefined) change.set(SENT, sent);
    else if (change.cleared && sid !== undefined) change.set(SENT, this.#rows().field(sid, SENT));
  }

  /** Whether half of a persistent cookie's life is used up. */
  #slides(sid: string): boolean {
    const { maxAge } = this.#cookie;
    if (maxAge === undefined) return false;
    const sent = this.#rows().field(sid, SENT);
    return typeof sent === "number" && this.#time() - sent >= maxAge / 2;
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

  #end(session: SessionHandle<never>, sid: string | undefined, request: Opened): string | undefined {
    if (sid !== undefined) {
      const table = this.#rows();
      const id = table.hash(sid);
      if (table.delete(sid)) this.#event({ type: "destroyed", id });
    }
    SessionHandle.close(session, undefined);
    return request.presented ? this.#line(request, (url) => this.#cookie.remove(url)) : undefined;
  }

  /**
   * Merges the change into the row as it is now and gives the session's id; undefined where the row is
   * gone, which is not made again.
   */
  #change(session: SessionHandle<never>, sid: string): string | undefined {
    const table = this.#rows();
    const { change, verdict } = SessionHandle.pending(session);
    if (this.#options.onConflict === "throw") SessionHandle.refuseConflict(session);
    const found = change.isEmpty ? table.visit(sid) : table.apply(sid, change);
    if (found <= 1) {
      this.#event({ type: "gone", id: table.hash(sid) });
      SessionHandle.close(session, undefined);
      return undefined;
    }
    const fresh = verdict === "renew" ? table.rename(sid) : undefined;
    SessionHandle.close(session, fresh ?? sid);
    if (fresh !== undefined) this.#event({ type: "renewed", id: table.hash(fresh) });
    return fresh ?? sid;
  }

  #create(session: SessionHandle<never>): string {
    const table = this.#rows();
    this.#lifetime ??= table.lifetime(this.#idle, this.#absolute);
    const { change } = SessionHandle.pending(session);
    const sid = table.createFrom(change, this.#lifetime);
    SessionHandle.close(session, sid);
    this.#event({ type: "created", id: table.hash(sid) });
    return sid;
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
export function sessions<Data extends object = Row>(options: SessionsOptions = {}): Sessions<Data> {
  return new Manager<Data>(options);
}

export { EtsError };
