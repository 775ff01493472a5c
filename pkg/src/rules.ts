/** What becomes of a session when its response is committed: the rules, wherever the session is kept. */
import type { Backend, How } from "./backend.js";
import { EtsError } from "./errors.js";
import type { Fields } from "./fields.js";
import { next } from "./flash.js";
import { FLASH, SENT } from "./hidden.js";
import { type Steps, wait } from "./maybe.js";
import type { SessionEvent } from "./sessions-options.js";

/** How often a commit is fitted anew to a row that others change. */
const MOST_TRIES = 32;

export interface RulesOptions {
  readonly grace: number;
  readonly strict: boolean;
  /** How long a persistent cookie lives; undefined for one of the browser's session. */
  readonly maxAge: number | undefined;
  readonly time: () => number;
  readonly tell: (event: SessionEvent) => void;
}

/** What the request brought: whether its cookie has to be replaced, or was signed with an old secret. */
export interface Brought {
  readonly replace: boolean;
  readonly stale: boolean;
}

export class Rules {
  readonly #options: RulesOptions;

  constructor(options: RulesOptions) {
    this.#options = options;
  }

  /** Stores what is to be stored, and gives the id that a cookie is to be sent for. */
  *store(fields: Fields, backend: Backend, brought: Brought): Steps<string | undefined> {
    const { verdict, sid: met, writes: own } = fields;
    const slides = fields.looked && this.#slides(fields);
    const send = slides || brought.replace || (brought.stale && fields.looked);
    if (!own && verdict !== "renew" && !slides && !fields.flashed) {
      yield* wait(backend.touch(fields));
      if (send) yield* wait(backend.refresh(fields));
      const lives = !send || fields.now() !== undefined;
      fields.close(fields.sid);
      return send && lives ? fields.sid : undefined;
    }
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const row = met && fields.settle(this.#options.strict);
      if (!row) return yield* this.#rowless(fields, backend, met, own);
      const done = yield* this.#merge(fields, backend, { version: row.version, own, send });
      if (done !== undefined) return done.id;
      yield* wait(backend.refresh(fields));
    }
    throw new EtsError("ERR_STORE", `others were before this commit ${MOST_TRIES} times`);
  }

  /** A visitor's first row, or one that is gone. */
  *#rowless(
    fields: Fields,
    backend: Backend,
    met: string | undefined,
    own: boolean,
  ): Steps<string | undefined> {
    const { verdict, table } = fields;
    if (own && (met === undefined || (verdict === "login" && fields.outdone))) {
      if (met !== undefined) fields.afresh();
      return yield* this.#create(fields, backend);
    }
    fields.close(undefined);
    if (met !== undefined && (own || verdict === "renew")) this.#tell({ type: "gone", id: table.hash(met) });
    return undefined;
  }

  /** Merges what is to be stored into the row, in the version that it was made to fit; undefined where it is another. */
  *#merge(
    fields: Fields,
    backend: Backend,
    { version, own, send }: { version: number; own: boolean; send: boolean },
  ): Steps<{ id: string | undefined } | undefined> {
    const { table, said, met } = fields;
    const sid = fields.sid as string;
    const change = fields.changes();
    const login = fields.verdict === "login" ? fields.login : undefined;
    // A session that another request renewed meanwhile is not renewed once more: its cookie is on its way.
    const renews = login !== undefined || (fields.verdict === "renew" && !fields.moved);
    const sends = send || renews || fields.verdict === "renew";
    const before = met?.version ?? 0;
    const flashes = fields.flashed || said !== undefined;
    if (flashes) {
      const left = next(table.readField(sid, FLASH, fields), before, said, version + 1);
      if (left.size > 0) change.set(FLASH, left);
      else change.remove(FLASH);
    }
    this.#note(fields, sends);
    const how: How = { exact: flashes || fields.computed || this.#options.strict };
    if (renews) {
      how.renew = true;
      how.grace = login ? 0 : this.#options.grace;
    }
    if (login !== undefined) how.subject = login.subject;
    const done = yield* wait(backend.commit(fields, change, how));
    if (done === undefined) return undefined;
    const { id, onto = version } = done;
    fields.close(id);
    if (own && onto !== before) this.#tell({ type: "merged", id: table.hash(sid) });
    if (renews) this.#tell({ type: "renewed", id: table.hash(id) });
    if (login && fields.everywhere !== undefined) yield* this.endAll(backend, fields.everywhere, id);
    return { id: sends ? id : undefined };
  }

  *#create(fields: Fields, backend: Backend): Steps<string> {
    const { table, said, everywhere } = fields;
    const change = fields.changes();
    if (said !== undefined) change.set(FLASH, next(undefined, 0, said, 1));
    this.#note(fields, true);
    const subject = fields.verdict === "login" ? fields.login?.subject : undefined;
    const sid = yield* wait(backend.create(fields, change, subject));
    fields.close(sid);
    fields.met = undefined;
    this.#tell({ type: "created", id: table.hash(sid) });
    if (everywhere !== undefined) yield* this.endAll(backend, everywhere, sid);
    return sid;
  }

  /** Ends the session, whatever its id is by now. */
  *end(fields: Fields, backend: Backend): Steps<void> {
    const { table, everywhere } = fields;
    // Its own first: it is over, too, where the others can't be listed.
    const sid = yield* wait(backend.end(fields));
    if (sid !== undefined) this.#tell({ type: "destroyed", id: table.hash(sid) });
    if (everywhere !== undefined) yield* this.endAll(backend, everywhere);
    fields.close(undefined);
  }

  *endAll(backend: Backend, subject: string, except?: string): Steps<number> {
    const ended = yield* wait(backend.endAll(subject, except));
    for (const id of ended) this.#tell({ type: "destroyed", id });
    return ended.length;
  }

  *endOne(backend: Backend, subject: string, id: string): Steps<number> {
    if (!(yield* wait(backend.endOne(subject, id)))) return 0;
    this.#tell({ type: "destroyed", id });
    return 1;
  }

  /** A persistent cookie's row says when that was last sent. */
  #note(fields: Fields, sends: boolean): void {
    const { maxAge, time } = this.#options;
    if (sends && maxAge !== undefined) fields.changes().set(SENT, time());
  }

  /** Whether half of a persistent cookie's life is used up. */
  #slides(fields: Fields): boolean {
    const { table, sid } = fields;
    const { maxAge, time } = this.#options;
    if (maxAge === undefined || sid === undefined) return false;
    const sent = table.readField(sid, SENT, fields);
    return typeof sent === "number" && time() - sent >= maxAge / 2;
  }

  #tell(event: SessionEvent): void {
    this.#options.tell(event);
  }
}
