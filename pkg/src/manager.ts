/** Sessions over HTTP: opened from a request, committed with its response. */
import { Cookie, cookieValues } from "./cookie.js";
import { isCrossSite } from "./csrf.js";
import { badOption } from "./errors.js";
import { Fields } from "./fields.js";
import { next } from "./flash.js";
import { FLASH, META, SENT } from "./hidden.js";
import { Ids } from "./ids.js";
import { callable, known } from "./options.js";
import { withAdditions } from "./response.js";
import { find, type How, LATE, NamedTable } from "./rows.js";
import { checkedSubject, SessionHandle } from "./session.js";
import { type Checked, checkedOptions, type SessionEvent, type SessionsOptions } from "./sessions-options.js";
import type { Row, Session, Table } from "./types.js";

/** One of a subject's sessions. Times are in milliseconds since the Unix epoch. */
export interface Listed {
  /** The hash that stands for the session, as in session.id and events. */
  id: string;
  /** When the session began, which may be before its login. */
  createdAt: number;
  touchedAt: number;
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

export interface Sessions<Data extends object = Row, Flash extends object = Row> {
  /** Wraps a fetch handler: opens the session, calls the handler, commits with its response. */
  handle<Env = unknown, Ctx = unknown>(
    handler: Handler<Data, Flash, Env, Ctx>,
  ): (request: Request, env?: Env, ctx?: Ctx) => Promise<Response>;
  open(request: Request, env?: unknown): Promise<Session<Data, Flash>>;
  commit(session: Session<Data, Flash>, response: Response): Promise<Response>;
  /** The living sessions of a subject, oldest first. */
  list(subject: string, env?: unknown): Promise<Listed[]>;
  /**
   * Ends all sessions of a subject at once, all but one, or the one that list() gave this id for; gives
   * how many they were.
   */
  revoke(subject: string, options?: Revoked<Data, Flash>, env?: unknown): Promise<number>;
  readonly table: Table;
}

/** What a visit of a row's id says, as rows.ts has it. */
const EXPIRED = 1;
const LIVES = 2;
const RENEWED = 4;

/** What a request brought, kept beside its session for the commit. */
interface Opened {
  readonly manager: object;
  readonly url: string;
  /** Whether the request had a cookie of our name, whatever it said. */
  readonly presented: boolean;
  /** Whether its cookie leads to the session for a while only. */
  readonly replace: boolean;
  /** Whether its cookie was signed with an old secret. */
  readonly stale: boolean;
}

const opened = new WeakMap<object, Opened>();

const ignored = () => {};

class Manager<Data extends object, Flash extends object> implements Sessions<Data, Flash> {
  readonly #options: SessionsOptions;
  readonly #checked: Checked;
  readonly #cookie: Cookie;
  readonly #ids: Ids;
  readonly #now: () => number;
  #table: NamedTable | undefined;
  #lifetime: number | undefined;

  constructor(options: SessionsOptions) {
    this.#checked = checkedOptions(options);
    this.#options = options;
    this.#cookie = new Cookie(options.cookie);
    this.#ids = new Ids(options.secrets);
    this.#now = options.now ?? Date.now;
    if (typeof options.table === "object") this.#table = options.table as NamedTable;
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
      const session = this.#open(request, skipped);
      const response = await handler(request, session, env as Env, ctx as Ctx);
      return this.commit(session, response);
    };
  }

  #skips(request: Request): boolean {
    return this.#options.skip?.(request) === true;
  }

  async open(request: Request, _env?: unknown): Promise<Session<Data, Flash>> {
    return this.#open(request, this.#skips(request));
  }

  #open(request: Request, skipped: boolean): Session<Data, Flash> {
    const { url } = request;
    const table = this.#rows();
    const header = (skipped ? null : request.headers.get("Cookie")) ?? "";
    const values = cookieValues(header, this.#cookie.name(url));
    const { any, id, stale, forged } = this.#ids.read(values, table.name);
    if (forged) this.#event({ type: "forged", id: table.hash(forged) });
    let sid = id;
    let found = id === undefined ? 0 : table.visit(id, FLASH);
    const replace = found === RENEWED;
    if (replace) {
      const next = table.follow(id as string, false);
      found = typeof next === "string" ? table.visit(next, FLASH) : next;
      if (typeof next === "string") sid = next;
    }
    const seen = found === LIVES ? table.seen(sid as string, FLASH) : undefined;
    const fields = new Fields(table, seen && sid, seen?.meta);
    fields.flashed = seen?.has === true;
    if (skipped) fields.verdict = "ignore";
    if (found === EXPIRED) this.#event({ type: "expired", id: table.hash(sid as string) });
    if (found === LATE) this.#event({ type: "reused-after-renew", id: table.hash(sid as string) });
    const session = new SessionHandle<Data, Flash>(fields);
    opened.set(session, { manager: this, url, presented: any, replace, stale });
    return session;
  }

  async commit(session: Session<Data, Flash>, response: Response): Promise<Response> {
    const request = this.#opened(session, "session");
    if (typeof response?.headers?.get !== "function") {
      throw badOption("response", response, "a Response");
    }
    const fields = SessionHandle.fields(session);
    const cookie = fields.committed ? undefined : this.#commit(fields, request, response.status);
    return withAdditions(response, { cookie, looked: fields.looked });
  }

  #opened(session: object, option: string): Opened {
    const request = opened.get(session);
    if (request?.manager === this) return request;
    throw badOption(option, session, "one that open() of the same sessions() gave");
  }

  async list(subject: string, _env?: unknown): Promise<Listed[]> {
    const rows = this.#rows().bySubject(checkedSubject(subject));
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

  async revoke(subject: string, options: Revoked<Data, Flash> = {}, _env?: unknown): Promise<number> {
    known("options", options, ["except", "id"]);
    const { except, id } = options;
    if (id !== undefined) return this.#endOne(checkedSubject(subject), id, except);
    if (except === undefined) return this.#endAll(checkedSubject(subject));
    this.#opened(except, "except");
    const fields = SessionHandle.fields(except);
    fields.now();
    return this.#endAll(checkedSubject(subject), fields.sid);
  }

  #endOne(subject: string, id: string, except: unknown): number {
    if (typeof id !== "string") throw badOption("id", typeof id, "an id that list() gave");
    if (except !== undefined) throw badOption("except", "a session beside id", "one of the two");
    if (!this.#rows().endOne(subject, id)) return 0;
    this.#event({ type: "destroyed", id });
    return 1;
  }

  #endAll(subject: string, except?: string): number {
    const table = this.#rows();
    const kept = except === undefined ? undefined : table.hash(except);
    const ids = this.#options.onEvent === undefined ? [] : table.bySubject(subject).map(([id]) => id);
    const ended = table.endAll(subject, except);
    for (const id of ids) if (id !== kept) this.#event({ type: "destroyed", id });
    return ended;
  }

  /** Carries out what was decided and gives the Set-Cookie line, if there is one to send. */
  #commit(fields: Fields, request: Opened, status: number): string | undefined {
    if (fields.verdict === "destroy") return this.#end(fields, request);
    const failed = status >= 500 && this.#options.saveOnError !== true;
    if (fields.verdict === "ignore" || failed) {
      fields.close(fields.sid);
      return undefined;
    }
    const id = this.#store(fields, request);
    if (id === undefined) return undefined;
    const value = this.#ids.write(id, fields.table.name);
    return this.#line(request, (url) => this.#cookie.set(url, value, this.#time()));
  }

  /** Stores what is to be stored, and gives the id that a cookie is to be sent for. */
  #store(fields: Fields, request: Opened): string | undefined {
    const { table, verdict, sid: met, writes: own } = fields;
    const slides = fields.looked && this.#slides(fields);
    const send = slides || request.replace || (request.stale && fields.looked);
    if (!own && verdict !== "renew" && !slides && !fields.flashed) {
      const lives = !send || fields.now() !== undefined;
      fields.close(fields.sid);
      return send && lives ? fields.sid : undefined;
    }
    const row = met && fields.settle(this.#options.onConflict === "throw");
    if (row) return this.#merge(fields, row.version, own, send);
    if (own && (met === undefined || (verdict === "login" && fields.outdone))) {
      if (met !== undefined) fields.afresh();
      return this.#create(fields);
    }
    fields.close(undefined);
    if (met !== undefined && (own || verdict === "renew")) this.#event({ type: "gone", id: table.hash(met) });
    return undefined;
  }

  /** Merges what is to be stored into the row, in the version that it was made to fit. */
  #merge(fields: Fields, version: number, own: boolean, send: boolean): string | undefined {
    const { table, said, met } = fields;
    const sid = fields.sid as string;
    const change = fields.changes();
    const login = fields.verdict === "login" ? fields.login : undefined;
    // A session that another request renewed meanwhile is not renewed once more: its cookie is on its way.
    const renews = login !== undefined || (fields.verdict === "renew" && !fields.moved);
    const sends = send || renews || fields.verdict === "renew";
    const before = met?.version ?? 0;
    if (fields.flashed || said !== undefined) {
      const left = next(table.field(sid, FLASH), before, said, version + 1);
      if (left.size > 0) change.set(FLASH, left);
      else change.remove(FLASH);
    }
    this.#note(fields, sends);
    const how: How = renews ? { renew: true, grace: login ? 0 : this.#checked.grace } : {};
    if (login !== undefined) how.subject = login.subject;
    const { id = sid } = table.commit(sid, change, how);
    fields.close(id);
    if (own && version !== before) this.#event({ type: "merged", id: table.hash(sid) });
    if (renews) this.#event({ type: "renewed", id: table.hash(id) });
    if (login && fields.everywhere !== undefined) this.#endAll(fields.everywhere, id);
    return sends ? id : undefined;
  }

  #create(fields: Fields): string {
    const { table, said } = fields;
    const change = fields.changes();
    const { idle, absolute } = this.#checked;
    this.#lifetime ??= table.lifetime(idle, absolute);
    if (said !== undefined) change.set(FLASH, next(undefined, 0, said, 1));
    this.#note(fields, true);
    const subject = fields.verdict === "login" ? fields.login?.subject : undefined;
    const sid = table.createFrom(change, this.#lifetime, subject);
    fields.close(sid);
    fields.met = undefined;
    this.#event({ type: "created", id: table.hash(sid) });
    return sid;
  }

  /** A persistent cookie's row says when that was last sent. */
  #note(fields: Fields, sends: boolean): void {
    if (sends && this.#cookie.maxAge !== undefined) fields.changes().set(SENT, this.#time());
  }

  /** Whether half of a persistent cookie's life is used up. */
  #slides({ table, sid }: Fields): boolean {
    const { maxAge } = this.#cookie;
    if (maxAge === undefined || sid === undefined) return false;
    const sent = table.field(sid, SENT);
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

  /** Ends the session, whatever its id is by now. */
  #end(fields: Fields, request: Opened): string | undefined {
    const { table, everywhere } = fields;
    fields.now();
    const { sid } = fields;
    fields.close(undefined);
    if (everywhere !== undefined) this.#endAll(everywhere);
    if (sid !== undefined && table.end(sid)) this.#event({ type: "destroyed", id: table.hash(sid) });
    return request.presented ? this.#line(request, (url) => this.#cookie.remove(url)) : undefined;
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
