/** Sessions in a store, with a table before it that remembers what the store said. */

import { Answers } from "./answers.js";
import { Asking } from "./asking.js";
import type { Backend, Found, How, Merged } from "./backend.js";
import type { Change } from "./change.js";
import { Clock } from "./clock.js";
import { encode } from "./codec.js";
import { setField } from "./decode.js";
import { EtsError } from "./errors.js";
import type { Fields } from "./fields.js";
import { FLASH } from "./hidden.js";
import { covered, keyOf, mint, token, uncovered } from "./mint.js";
import { Near, type Said } from "./near.js";
import type { NamedTable } from "./rows.js";
// By this the bundle leaves in one file what whoever comes here has loaded already.
import "./rows.js";
import type { SessionEvent } from "./sessions-options.js";
import { DEAD, EXPIRED, LATE, LIVES, MISSING } from "./source.js";
import { fieldsOf } from "./stores/apply.js";
import { type Ended, isEnded, type Store, type Change as Stored, type StoredRow } from "./stores/contract.js";
import { DEAD_FOR } from "./stores/engine.js";
import { decodeTerm } from "./term.js";
import type { Meta, Row } from "./types.js";
import { View } from "./view.js";

/** How many renewals are followed. */
const FOLLOWED = 8;
/** How often a fresh id is minted that is taken. */
const MINTED = 8;
/** Rounds in which sessions are ended that came while others were. */
const ROUNDS = 3;

export interface StoredOptions {
  /** What remembers what the store said. */
  readonly table: NamedTable;
  readonly idle: number;
  readonly absolute: number;
  /** How old an answer of the store may be. */
  readonly maxStale: number;
  /** Whether an id is known to be ours before anyone is asked, so that "unknown" is worth remembering. */
  readonly authentic: boolean;
  /** Whether sessions may be bound to users over a store that tells of it later. */
  readonly acceptEventual: boolean;
  /** How long the store may take to answer. */
  readonly timeout: number;
  readonly time: () => number;
  readonly tell: (event: SessionEvent) => void;
}

/** What all requests of one sessions() share. */
interface Shared extends StoredOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly near: Near;
  readonly asking: Asking;
  readonly hash: (id: string) => string;
}

/** What gives the sessions in a store. */
export function storedSessions(options: StoredOptions): (store: Store) => Backend {
  const { table, timeout, time, tell } = options;
  const clock = new Clock(time);
  const near = new Near(table);
  const asking = new Asking(timeout, tell);
  const hash = (id: string) => table.hash(id);
  const shared = { ...options, name: table.name, clock, near, asking, hash };
  return (store) => new StoredSessions(shared, store);
}

class StoredSessions implements Backend {
  readonly refusesLogin: boolean;
  readonly #options: Shared;
  readonly #store: Answers;
  /**
   * Whether a write is seen everywhere at once: then opening a session prolongs it. Others take few writes of one key,
   * and prolonging waits for the commit, which may be one anyway.
   */
  readonly #strong: boolean;

  constructor(options: Shared, store: Store) {
    this.#options = options;
    this.#store = new Answers(store);
    this.#strong = store.guarantees.consistency === "strong";
    this.refusesLogin = !this.#strong && !options.acceptEventual;
  }

  #key(id: string): string {
    return keyOf(id, this.#options.hash);
  }

  /** What is known of a key, by what was said lately, or with `again` by asking in any case. */
  async #said(key: string, again: boolean): Promise<Said> {
    const { near, asking, authentic, maxStale, clock } = this.#options;
    const now = clock.now();
    const since = Math.max(now - maxStale, clock.since);
    const known = near.get(key, maxStale > 0 ? since : Number.POSITIVE_INFINITY, now);
    if (known !== undefined && !again) return known.said;
    const said = await asking.shared(key, now, since, () => this.#store.load(key));
    if (said !== null || authentic) near.put(key, said, now);
    // What the store knows of an end is more than what was noted here of it.
    if (again) return said;
    // An end that was told here meanwhile is the later news.
    return near.get(key, Number.POSITIVE_INFINITY, now)?.said ?? said;
  }

  async find(id: string | undefined): Promise<Found> {
    const { name, hash } = this.#options;
    const view = new View(name, hash);
    const none = { source: view, sid: id, meta: undefined, flashed: false, replace: false };
    if (id === undefined) return { ...none, code: MISSING };
    let sid = await this.#look(view, id, false);
    if (this.#strong && !(await this.#prolong(view))) sid = await this.#look(view, id, false);
    const code = view.why;
    if (view.row === undefined) return { ...none, sid, code };
    const flashed = view.readField(sid, FLASH) !== undefined;
    return { source: view, code, sid, meta: view.meta(sid), flashed, replace: sid !== id };
  }

  /** Has the view show what an id leads to, and gives the id that it is about. */
  async #look(view: View, id: string, underWay: boolean): Promise<string> {
    const { code, sid, row } = await this.#follow(id, underWay);
    view.row = row;
    view.sid = sid;
    view.why = code;
    return sid;
  }

  /** The row of an id, or of the one that it was renewed to; a request that is under way looks again. */
  async #follow(id: string, underWay: boolean): Promise<{ code: number; sid: string; row?: StoredRow }> {
    let sid = id;
    for (let i = 0; i < FOLLOWED; i++) {
      const said = await this.#said(this.#key(sid), underWay);
      const now = this.#options.clock.now();
      if (said === null) return { code: MISSING, sid };
      if (!isEnded(said)) {
        return said.expiresAt <= now ? { code: EXPIRED, sid } : { code: LIVES, sid, row: said };
      }
      if (said.graceUntil === undefined) return { code: DEAD, sid };
      const on = underWay || now < said.graceUntil;
      const next = on && said.leadsTo && uncovered(said.leadsTo, sid);
      if (!next) return { code: LATE, sid };
      sid = next;
    }
    return { code: LATE, sid };
  }

  async refresh(fields: Fields): Promise<void> {
    await this.#look(fields.table as View, fields.sid as string, true);
  }

  #deadlines(createdAt: number, touchedAt: number): { touchedAt: number; expiresAt: number } {
    const { idle, absolute } = this.#options;
    return { touchedAt, expiresAt: Math.min(touchedAt + idle, createdAt + absolute) };
  }

  async commit(fields: Fields, change: Change, how: How): Promise<Merged | undefined> {
    const { near, asking, clock } = this.#options;
    const view = fields.table as View;
    const sid = fields.sid as string;
    const row = view.row as StoredRow;
    const key = this.#key(sid);
    fields.token ??= token();
    const stored: Stored = {
      ...written(change, row),
      ...this.#deadlines(row.createdAt, clock.reading()),
      token: fields.token,
    };
    if (how.exact) stored.ifVersion = row.version;
    if (how.subject !== undefined) stored.subject = how.subject;
    let id = sid;
    if (how.renew) {
      fields.fresh ??= mint(this.#store.places ? sid.slice(0, 2) : undefined);
      id = fields.fresh;
      const graceMs = how.grace ?? 0;
      Object.assign(stored, { create: true, renamedFrom: key, graceMs });
      if (how.subject === undefined) stored.leadsTo = covered(id, sid);
    }
    const to = this.#key(id);
    const answer = await asking.ask(() => this.#store.commit(to, stored));
    for (const written of [key, to]) asking.forget(written);
    if (answer === "exists") fields.fresh = undefined;
    if (typeof answer === "string") return undefined;
    if (answer.row !== undefined) near.put(to, answer.row, stored.touchedAt);
    if (how.renew) near.put(key, renamed(stored), stored.touchedAt);
    view.row = answer.row ?? row;
    view.sid = id;
    // A change that changes nothing raises no version.
    const raised = how.renew || stored.set || stored.remove || stored.increments;
    return { id, onto: answer.version - (raised ? 1 : 0) };
  }

  async create(fields: Fields, change: Change, subject: string | undefined): Promise<string> {
    const { near, asking, clock } = this.#options;
    fields.token ??= token();
    for (let i = 0; i < MINTED; i++) {
      fields.fresh ??= mint(this.#store.place());
      const id = fields.fresh;
      // By its reading, a session that is made while the clock is behind would be over here at once.
      const now = clock.now();
      const deadlines = this.#deadlines(now, now);
      const stored: Stored = { ...made(change), ...deadlines, create: true, token: fields.token };
      if (subject !== undefined) stored.subject = subject;
      const answer = await asking.ask(() => this.#store.commit(this.#key(id), stored));
      if (typeof answer !== "string") {
        if (answer.row !== undefined) near.put(this.#key(id), answer.row, deadlines.touchedAt);
        Object.assign(fields.table, { row: answer.row, sid: id });
        return id;
      }
      fields.fresh = undefined;
    }
    throw new EtsError("ERR_ID_EXHAUSTED", "no free id was found");
  }

  async touch(fields: Fields): Promise<void> {
    if (!this.#strong) await this.#prolong(fields.table as View);
  }

  /**
   * Prolongs the row once a tenth of its idle time is used up, and tells whether it is there; that this fails is told
   * to who listens, and ends nothing.
   */
  async #prolong(view: View): Promise<boolean> {
    const { row, sid } = view;
    const { idle, clock, asking, near } = this.#options;
    const now = clock.reading();
    if (row === undefined || sid === undefined || now - row.touchedAt < idle / 10) return true;
    const key = this.#key(sid);
    const change = this.#deadlines(row.createdAt, now);
    try {
      const answer = await asking.ask(() => this.#store.commit(key, change));
      if (answer === "gone") {
        // What is remembered is older than its end.
        near.forget(key);
        asking.forget(key);
        return false;
      }
      if (typeof answer === "string") return true;
      view.row = answer.row ?? { ...row, ...change };
      if (answer.row) near.put(key, answer.row, change.touchedAt);
    } catch {}
    return true;
  }

  async end(fields: Fields): Promise<string | undefined> {
    let { sid } = fields;
    // Others may renew it meanwhile, and again.
    for (let i = 0; i < FOLLOWED && sid !== undefined; i++) {
      if (await this.#destroy(this.#key(sid))) return sid;
      await this.refresh(fields);
      const view = fields.table as View;
      sid = view.row && view.sid;
    }
    return undefined;
  }

  async #destroy(key: string): Promise<boolean> {
    const { near, asking, clock } = this.#options;
    const now = clock.now();
    const until = now + DEAD_FOR;
    const known = near.get(key, Number.NEGATIVE_INFINITY, now)?.said;
    // Here it is over at once, whatever the store will say; a renewed id keeps what it leads to.
    if (!(known && isEnded(known))) near.put(key, { ended: true, until }, now);
    const ended = await asking.ask(() => this.#store.destroy(key, until));
    asking.forget(key);
    // There may be an end already that leads on.
    if (!ended && !(known && isEnded(known))) near.forget(key);
    return ended;
  }

  #subjects(): NonNullable<Answers["bySubject"]> {
    const { bySubject } = this.#store;
    if (bySubject === undefined) throw new EtsError("ERR_STORE", "this store keeps no account of subjects");
    return bySubject;
  }

  async #of(subject: string): Promise<Array<{ key: string; row: StoredRow }>> {
    const rows = await this.#options.asking.ask(() => this.#subjects()(subject));
    const now = this.#options.clock.now();
    return rows.filter(({ row }) => row.subject === subject && row.expiresAt > now);
  }

  async list(subject: string): Promise<Array<[hash: string, row: Row, meta: Meta]>> {
    return (await this.#of(subject)).map(({ key, row }) => {
      const { createdAt, touchedAt, expiresAt, version } = row;
      return [hashIn(key), fieldsOf(row.data), { createdAt, touchedAt, expiresAt, version, subject }];
    });
  }

  async endAll(subject: string, except: string | undefined): Promise<string[]> {
    const kept = except === undefined ? undefined : this.#key(except);
    const ended: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const keys = (await this.#of(subject)).map(({ key }) => key).filter((key) => key !== kept);
      if (keys.length === 0) break;
      const done = await Promise.all(keys.map(async (key) => ((await this.#destroy(key)) ? [key] : [])));
      ended.push(...done.flat());
    }
    return ended.map(hashIn);
  }

  async endOne(subject: string, hash: string): Promise<boolean> {
    const found = (await this.#of(subject)).find(({ key }) => hashIn(key) === hash);
    return found !== undefined && (await this.#destroy(found.key));
  }
}

function hashIn(key: string): string {
  return key.slice(2);
}

function renamed({ touchedAt, graceMs = 0, leadsTo }: Stored): Ended {
  const graceUntil = touchedAt + graceMs;
  return { ended: true, until: graceUntil + DEAD_FOR, graceUntil, ...(leadsTo && { leadsTo }) };
}

/** A change as stores are told it. One that clears fits its row alone, so that all of its fields can be named. */
function written(change: Change, row?: StoredRow): Pick<Stored, "set" | "remove" | "increments"> {
  const { sets, increments, cleared } = change;
  const remove = cleared && row ? Object.keys(fieldsOf(row.data)) : [...change.removes];
  const set: Row = {};
  for (const [name, term] of sets) setField(set, name, decodeTerm(term));
  return {
    ...(sets.size > 0 && { set: encode(set, "") }),
    ...(remove.length > 0 && { remove }),
    ...(increments.size > 0 && { increments: Object.fromEntries(increments) }),
  };
}

/** As written, of a row that is made: what is removed was never there. */
function made(change: Change): Pick<Stored, "set" | "increments"> {
  const { remove, ...rest } = written(change);
  return rest;
}
