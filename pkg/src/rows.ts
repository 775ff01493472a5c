/**
 * Named tables as JavaScript sees them: keys and rows go in through the area, answers are read in
 * place. What is public of this is in table.ts.
 */
import { badKey, begin, beginWith, decode, end, preserve, settle, textAt, writeKey } from "./area.js";
import { type Change, changeNumbers, putChange, putCreated, putName } from "./change.js";
import { FieldNames } from "./codec.js";
import { readBytes, readFloat, readId, readLength, readTerm, seek } from "./decode.js";
import { isWellFormed, putByte, putBytes, putLength, putText } from "./encode.js";
import { badOption, EtsError } from "./errors.js";
import { putFilter } from "./filter.js";
import { callable, known } from "./options.js";
import { isTableName, settings } from "./settings.js";
import { ELSEWHERE, EXPIRED, LATE, LIVES, MISSING, type Source, type Spot } from "./source.js";
import type { Filter, Meta, Row, Table, TableInfo, TableOptions, Term } from "./types.js";
import * as wasm from "./wasm.js";
import { run } from "./wasm.js";

const NOBODY = new Uint8Array(0);

const utf8 = new TextEncoder();

/** The part of a table's bytes that is lost between its blocks. */
const BETWEEN = 1 / 32;

const living = new Map<string, NamedTable>();

export class NamedTable implements Table, Source {
  readonly name: string;
  readonly #settings: wasm.Settings;
  readonly #clock: (() => number) | undefined;
  readonly #names: FieldNames;
  #handle: number;
  #dropped = false;
  /** What was said of lifetimes, by the numbers that they have. */
  readonly #lifetimes: Array<readonly [idle: number, absolute: number]> = [[0, 0]];

  constructor(name: string, options: TableOptions) {
    if (typeof name !== "string" || !isTableName(name)) {
      throw new EtsError("ERR_BAD_KEY", "a table's name is a well-formed string of 1 to 255 bytes");
    }
    this.#settings = settings(options);
    this.#clock = options.now === undefined ? undefined : callable("now", options.now);
    if (living.has(name)) throw new EtsError("ERR_TABLE_EXISTS", "there is a table of that name already");
    this.name = name;
    this.#handle = this.#create();
    this.#names = new FieldNames({
      intern: (field) => {
        preserve();
        const length = field === "" ? 0 : writeKey(field, Number.POSITIVE_INFINITY, true);
        return run(() => wasm.core().table_intern(this.#handle, length));
      },
      name: (number) => {
        const at = run(() => wasm.core().table_field_name(this.#handle, number));
        return textAt(at, wasm.number(0));
      },
    });
    living.set(name, this);
    if (!this.#settings.reserve) return;
    try {
      reserveOwed();
    } catch (refused) {
      // Nobody asked for it: memory grows with the rows.
      this.#settings.reserve = false;
      if (options.reserve === undefined) return;
      living.delete(name);
      run(() => wasm.core().table_drop(this.#handle));
      throw refused;
    }
  }

  /** Creates the table in an instance that replaced a lost one. */
  again(): void {
    this.#handle = this.#create();
    this.#names.forget();
    // In their order, so that each has its number again; the first is the table's own.
    for (const [idle, absolute] of this.#lifetimes.slice(1)) {
      run(() => wasm.core().table_lifetime(this.#handle, idle, absolute));
    }
  }

  #create(): number {
    preserve();
    return wasm.createTable(writeKey(this.name, Number.POSITIVE_INFINITY, true), this.#settings);
  }

  /** What the table may still come to take of memory that was reserved for it. */
  get owed(): number {
    if (!this.#settings.reserve) return 0;
    run(() => wasm.core().table_info(this.#handle));
    return Math.max(0, wasm.number(2) * (1 + BETWEEN) - wasm.number(1));
  }

  /** The time, which is asked for before the area is used: a clock may use the table. */
  #now(): number {
    preserve();
    return this.#time();
  }

  /** The time, for what leaves the area alone. */
  #time(): number {
    if (this.#dropped) throw new EtsError("ERR_NO_TABLE", "the table was dropped");
    if (this.#clock === undefined) return Date.now();
    const now: unknown = this.#clock();
    return typeof now === "number" ? now : Number.NaN;
  }

  /** The size of the record that was written from `length` to `to`; refused where no row is that large. */
  #fits(length: number, to: number): number {
    const most = this.#settings.maxRowBytes;
    if (to - length > most) throw wasm.rowTooLarge(to, most);
    settle(to);
    return to - length;
  }

  /** Begins the area with a key and what goes with it, and gives the length of both. */
  #written(key: string, put: (at: number) => number): [length: number, size: number] {
    const before = begin();
    try {
      const length = beginWith(key, this.#settings.maxRowBytes, this.#settings.hashKeys);
      const behind = Math.abs(length);
      return [length, this.#fits(behind, put(behind))];
    } finally {
      end(before);
    }
  }

  #row(at: number): Row | undefined {
    if (at <= EXPIRED) {
      if (at < 0) throw wasm.failure(at);
      return undefined;
    }
    seek(wasm.memory(), at);
    return this.#names.read();
  }

  get size(): number {
    this.#now();
    return run(() => wasm.core().table_size(this.#handle));
  }

  lookup(key: string): Row | undefined {
    const now = this.#now();
    const length = writeKey(key, this.#settings.maxRowBytes, this.#settings.hashKeys);
    if (length === 0) return undefined;
    let at: number;
    try {
      at = wasm.core().row_get(this.#handle, length, now);
    } catch (cause) {
      throw wasm.lost(cause);
    }
    return this.#row(at);
  }

  /** Asks the core about a key; 0 for a key that is longer than any row's. */
  #ask(
    key: string,
    call: (core: ReturnType<typeof wasm.core>, length: number, now: number) => number,
  ): number {
    const now = this.#now();
    const length = writeKey(key, this.#settings.maxRowBytes, this.#settings.hashKeys);
    return length === 0 ? MISSING : run(() => call(wasm.core(), length, now));
  }

  peek(key: string): Row | undefined {
    return this.#row(this.#ask(key, (core, length, now) => core.row_peek(this.#handle, length, now)));
  }

  take(key: string): Row | undefined {
    return this.#row(this.#ask(key, (core, length, now) => core.row_take(this.#handle, length, now)));
  }

  field(key: string, name: string): Term {
    const now = this.#now();
    const number = this.#number(name);
    const { maxRowBytes: most, hashKeys } = this.#settings;
    let length = writeKey(key, most, hashKeys);
    let size = 0;
    // No row has what is longer than rows can be.
    if (length === 0 || name.length > most) return undefined;
    if (number === 0) [length, size] = this.#written(key, (at) => putText(at, name));
    let at: number;
    try {
      at = wasm.core().row_field(this.#handle, length, number, size, now);
    } catch (cause) {
      throw wasm.lost(cause);
    }
    return this.#value(at);
  }

  #value(at: number): Term {
    if (at <= EXPIRED) {
      if (at < 0) throw wasm.failure(at);
      return undefined;
    }
    seek(wasm.memory(), at);
    return readTerm();
  }

  read(key: string, spot: Spot): Row | undefined {
    const at = spot.place < 0 ? ELSEWHERE : this.#at(spot, 0);
    return at === ELSEWHERE ? this.lookup(key) : this.#row(at);
  }

  readField(key: string, name: string, spot: Spot): Term {
    const number = spot.place < 0 ? 0 : this.#names.known(name);
    const at = number === 0 ? ELSEWHERE : this.#at(spot, number);
    return at === ELSEWHERE ? this.field(key, name) : this.#value(at);
  }

  /** Where the record of the row that was met at a spot begins, or the field of that number. */
  #at({ place, low, high }: Spot, number: number): number {
    const now = this.#time();
    try {
      return wasm.core().row_at(this.#handle, place, low, high, number, now);
    } catch (cause) {
      throw wasm.lost(cause);
    }
  }

  /** A field's number; 0 for a name that has none. */
  #number(name: unknown): number {
    if (typeof name !== "string") throw badKey();
    const known = this.#names.known(name);
    if (known > 0) return known;
    if (!isWellFormed(name)) throw badKey();
    return this.#names.number(name);
  }

  member(key: string): boolean {
    return this.#ask(key, (core, length, now) => core.row_meta(this.#handle, length, now)) > EXPIRED;
  }

  touch(key: string): boolean {
    const now = this.#now();
    const length = writeKey(key, this.#settings.maxRowBytes, this.#settings.hashKeys);
    if (length === 0) return false;
    let found: number;
    try {
      found = wasm.core().row_touch(this.#handle, length, now);
    } catch (cause) {
      throw wasm.lost(cause);
    }
    if (found < 0) throw wasm.failure(found);
    return found > EXPIRED;
  }

  /**
   * Touches a row and tells what its id leads to: 0 nothing, 1 a row that expired just now, 2 a living row,
   * of which {@link seen} tells more, 3 an end, 4 a fresh id, which {@link follow} tells, 5 one too late.
   */
  visit(key: string, watched: string): number {
    const number = this.#number(watched);
    return this.#ask(key, (core, length, now) => core.row_visit(this.#handle, length, number, now));
  }

  /** What is known of the row that was visited last, and whether it has the field that was watched. */
  seen(key: string, watched: string): { meta: Meta; has: boolean; spot: Spot } {
    const [meta, has] = [metaOf(""), wasm.number(4) === 1];
    // As integers, which engines keep where they are.
    const spot = { place: wasm.number(5) | 0, low: wasm.number(6) | 0, high: wasm.number(7) | 0 };
    // The core can't tell of a name that has no number.
    const hidden = this.#number(watched) === 0 && this.field(key, watched) !== undefined;
    return { meta, has: has || hidden, spot };
  }

  /**
   * The living id that a renewed one leads to, for a request that is under way also behind the grace; where
   * there is none, what became of the last one, as {@link visit} tells it.
   */
  follow(key: string, underWay: boolean): string | number {
    const now = this.#now();
    const length = writeKey(key, this.#settings.maxRowBytes, true);
    const at = run(() => wasm.core().row_follow(this.#handle, length, +underWay, now));
    return at <= LATE ? at : idAt(at);
  }

  /** Merges a change into a living row, binds it to a subject and renews its id, all in one step or not at all. */
  commit(
    key: string,
    change: Change,
    how: { renew?: boolean; grace?: number; subject?: string },
  ): { found: number; id?: string } {
    const now = this.#now();
    const { subject, renew, grace = 0 } = how;
    const numbers = changeNumbers(change, this.#names);
    const whose = subject === undefined ? NOBODY : utf8.encode(subject);
    let length: number;
    let size: number;
    const before = begin();
    try {
      length = beginWith(key, this.#settings.maxRowBytes, true);
      const at = putBytes(length, whose);
      size = this.#fits(at, putChange(at, change, numbers));
    } finally {
      end(before);
    }
    const owned = subject === undefined ? 0 : 1;
    const late = renew === true ? grace : -1;
    const found = run(() =>
      wasm.core().row_commit(this.#handle, length, whose.length, owned, size, late, now),
    );
    return found <= LIVES ? { found } : { found: LIVES, id: idAt(found) };
  }

  /** Deletes a row and knows its id for dead; false where there was none. */
  end(key: string): boolean {
    return this.#ask(key, (core, length, now) => core.row_end(this.#handle, length, now)) === 1;
  }

  /** All rows of a subject, by the hashes of their keys: keys that are not hashed are ids, which open sessions. */
  bySubject(subject: string): Array<[hash: string, row: Row, meta: Meta]> {
    const { rows } = this.select({ subject }, { limit: 2 ** 31 - 1 });
    if (this.#settings.hashKeys) return rows;
    return rows.map(([key, row, meta]) => [this.hash(key), row, meta]);
  }

  /** Ends the one session of a subject that has this hash; false where there is none. */
  endOne(subject: string, hash: string): boolean {
    if (this.#settings.hashKeys) {
      if (!this.bySubject(subject).some(([key]) => key === hash)) return false;
      const now = this.#now();
      const length = writeKey(hash, Number.POSITIVE_INFINITY, true);
      return run(() => wasm.core().row_end_hashed(this.#handle, length, now)) === 1;
    }
    const { rows } = this.select({ subject }, { limit: 2 ** 31 - 1 });
    const found = rows.find(([key]) => this.hash(key) === hash);
    return found !== undefined && this.end(found[0]);
  }

  /** Ends all sessions of a subject but one, and gives how many. */
  endAll(subject: string, except?: string): number {
    const now = this.#now();
    const kept = except === undefined ? NOBODY : utf8.encode(except);
    let size: number;
    const before = begin();
    try {
      size = putFilter(0, { subject }, this.#names);
      settle(putBytes(size, kept));
    } finally {
      end(before);
    }
    return run(() => wasm.core().table_end_where(this.#handle, size, kept.length, now));
  }

  delete(key: string): boolean {
    return this.#ask(key, (core, length, now) => core.row_delete(this.#handle, length, now)) === 1;
  }

  insert(key: string, row: Row): void {
    this.#insert(key, row, 0);
  }

  insertNew(key: string, row: Row): boolean {
    return this.#insert(key, row, 1) === 1;
  }

  #insert(key: string, row: Row, newOnly: 0 | 1): number {
    const now = this.#now();
    const shape = this.#names.shape(row);
    let length: number;
    let size: number;
    const before = begin();
    try {
      length = beginWith(key, this.#settings.maxRowBytes, this.#settings.hashKeys);
      const behind = Math.abs(length);
      size = this.#fits(behind, this.#names.put(behind, row, shape));
    } finally {
      end(before);
    }
    let answer: number;
    try {
      answer = wasm.core().row_insert(this.#handle, length, size, 0, newOnly, now);
    } catch (cause) {
      throw wasm.lost(cause);
    }
    if (answer < 0) throw wasm.failure(answer);
    return answer;
  }

  /** Stores a row under a fresh id, which it gives. */
  insertFresh(row: Row): string {
    const now = this.#now();
    const shape = this.#names.shape(row);
    return this.#fresh(now, 0, NOBODY, (at) => this.#names.put(at, row, shape));
  }

  /** Stores the row that a change makes of nothing under a fresh id, which it gives. */
  createFrom(change: Change, lifetime: number, subject = ""): string {
    const now = this.#now();
    const numbers = changeNumbers(change, this.#names);
    const whose = utf8.encode(subject);
    return this.#fresh(now, lifetime, whose, (at) => putCreated(at, change, numbers));
  }

  #fresh(now: number, lifetime: number, subject: Uint8Array, put: (at: number) => number): string {
    let size: number;
    const before = begin();
    try {
      const at = putBytes(0, subject);
      size = this.#fits(at, put(at));
    } finally {
      end(before);
    }
    const at = run(() => wasm.core().row_insert_fresh(this.#handle, subject.length, size, lifetime, now));
    return idAt(at);
  }

  /** Whether it has hashes for keys. */
  get hashKeys(): boolean {
    return this.#settings.hashKeys;
  }

  /** The one-way hash that stands for a key wherever it is shown. */
  hash(key: string): string {
    this.#now();
    const length = writeKey(key, Number.POSITIVE_INFINITY, true);
    const size = run(() => wasm.core().key_hash(length));
    return decode(wasm.window(size).subarray(0, size));
  }

  update(key: string, patch: Row, remove: string[] = []): boolean {
    if (!Array.isArray(remove)) throw badOption("remove", remove, "an array of field names");
    const now = this.#now();
    const numbers = remove.map((name) => this.#number(name));
    const shape = this.#names.shape(patch, true);
    let length: number;
    let size: number;
    const before = begin();
    try {
      length = beginWith(key, this.#settings.maxRowBytes, this.#settings.hashKeys);
      const behind = Math.abs(length);
      // A change that clears nothing (0), removes some names, increments none (0), and sets the patch.
      let to = putLength(putByte(behind, 0), remove.length);
      for (let i = 0; i < remove.length; i++) to = putName(to, remove[i] as string, numbers[i] as number);
      size = this.#fits(behind, this.#names.put(putByte(to, 0), patch, shape));
    } finally {
      end(before);
    }
    let found: number;
    try {
      found = wasm.core().row_update(this.#handle, length, size, now);
    } catch (cause) {
      throw wasm.lost(cause);
    }
    if (found < 0) throw wasm.failure(found);
    return found > EXPIRED;
  }

  updateCounter(key: string, name: string, by = 1, bound: { max?: number; min?: number } = {}): number {
    known("bound", bound, ["max", "min"]);
    const limit = (option: "min" | "max", none: number) => {
      const given = bound[option];
      if (given === undefined) return none;
      if (typeof given !== "number" || Number.isNaN(given)) throw badOption(option, given, "a number");
      return given;
    };
    const least = limit("min", Number.NEGATIVE_INFINITY);
    const most = limit("max", Number.POSITIVE_INFINITY);
    if (least > most) throw badOption("bound", least, "min not above max");
    if (typeof by !== "number" || !Number.isFinite(by)) throw badOption("by", by, "a finite number");
    const now = this.#now();
    const number = this.#number(name);
    const [length, size] = this.#written(key, (at) => (number > 0 ? at : putText(at, name)));
    run(() => wasm.core().row_count(this.#handle, length, number, size, by, least, most, now));
    return wasm.number(0);
  }

  /** What is known of a living row beside its fields. */
  meta(key: string): Meta | undefined {
    if (!this.member(key)) return undefined;
    return metaOf(textAt(wasm.number(4), wasm.number(5)));
  }

  clear(): void {
    this.#now();
    run(() => wasm.core().table_clear(this.#handle));
    this.#names.forget();
  }

  drop(): void {
    this.#now();
    this.#dropped = true;
    living.delete(this.name);
    run(() => wasm.core().table_drop(this.#handle));
  }

  /** The number under which rows have a lifetime, or the table's own where that is stricter; milliseconds, 0 for none. */
  lifetime(idle: number, absolute: number): number {
    this.#now();
    const number = run(() => wasm.core().table_lifetime(this.#handle, idle, absolute));
    this.#lifetimes[number] ??= [idle, absolute];
    return number;
  }

  /** Begins the area with a filter and gives its length. */
  #filter(filter: Filter): number {
    const before = begin();
    try {
      const size = putFilter(0, filter, this.#names);
      settle(size);
      return size;
    } finally {
      end(before);
    }
  }

  select(
    filter: Filter = {},
    page: { limit?: number; after?: string } = {},
  ): { rows: Array<[key: string, row: Row, meta: Meta]>; after?: string } {
    known("page", page, ["limit", "after"]);
    const { limit = 100, after } = page;
    if (!Number.isSafeInteger(limit) || limit < 1) throw badOption("limit", limit, "a whole number above 0");
    const [high, low] = cursor(after);
    const now = this.#now();
    const size = this.#filter(filter);
    const first = after === undefined ? 1 : 0;
    const most = Math.min(limit, 2 ** 31 - 1);
    const count = run(() => wasm.core().table_select(this.#handle, size, first, high, low, most, now));
    const more = wasm.number(4) === 1;
    const next = hex(wasm.number(2)) + hex(wasm.number(3));
    seek(wasm.memory(), wasm.number(0));
    const rows = Array.from({ length: count }, () => this.#selected());
    return more ? { rows, after: next } : { rows };
  }

  #selected(): [string, Row, Meta] {
    const times = [readFloat(), readFloat(), readFloat(), readFloat()] as const;
    const key = decode(readBytes(readLength()));
    const subject = decode(readBytes(readLength()));
    readLength();
    return [key, this.#names.read(), meta(...times, subject)];
  }

  count(filter: Filter = {}): number {
    const now = this.#now();
    const size = this.#filter(filter);
    return run(() => wasm.core().table_count(this.#handle, size, now));
  }

  deleteWhere(filter: Filter): number {
    const now = this.#now();
    const size = this.#filter(filter);
    return run(() => wasm.core().table_delete_where(this.#handle, size, now));
  }

  *keys(): IterableIterator<string> {
    for (const [key] of this.entries()) yield key;
  }

  *entries(): IterableIterator<[string, Row]> {
    let after: string | undefined;
    do {
      const page = this.select({}, after === undefined ? {} : { after });
      for (const [key, row] of page.rows) yield [key, row];
      after = page.after;
    } while (after !== undefined);
  }

  sweep(limit?: number): number {
    if (limit !== undefined && !(limit >= 0)) throw badOption("limit", limit, "a number, 0 or above");
    const now = this.#now();
    const most = Math.min(Math.floor(limit ?? Number.POSITIVE_INFINITY), 2 ** 31 - 1);
    return run(() => wasm.core().table_sweep(this.#handle, most, now));
  }

  snapshot(): Uint8Array {
    const now = this.#now();
    try {
      run(() => wasm.core().table_snapshot(this.#handle, now));
      const [at, size] = [wasm.number(0), wasm.number(1)];
      return wasm.memory().slice(at, at + size);
    } finally {
      wasm.release();
    }
  }

  restore(bytes: Uint8Array): number {
    if (!(bytes instanceof Uint8Array)) throw badOption("bytes", bytes, "a Uint8Array that snapshot() gave");
    const now = this.#now();
    try {
      wasm.window(bytes.length).set(bytes);
      const rows = run(() => wasm.core().table_restore(this.#handle, bytes.length, now));
      this.#names.forget();
      return rows;
    } finally {
      wasm.release();
    }
  }

  info(): TableInfo {
    this.#now();
    run(() => wasm.core().table_info(this.#handle));
    const [size, bytes, maxBytes, hits, misses, inserted, deleted, expired, evicted, refused] = Array.from(
      { length: 10 },
      (_, i) => wasm.number(i),
    ) as Numbers;
    const counts = { hits, misses, inserted, deleted, expired, evicted, refused };
    return { name: this.name, size, bytes, maxBytes, memoryBytes: wasm.memory().length, ...counts };
  }
}

type Numbers = [number, number, number, number, number, number, number, number, number, number];

function meta(
  createdAt: number,
  touchedAt: number,
  deadline: number,
  version: number,
  subject: string,
): Meta {
  const expiresAt = deadline === Number.POSITIVE_INFINITY ? undefined : deadline;
  return { createdAt, touchedAt, expiresAt, version, subject: subject || undefined };
}

/** The id whose bytes stand at an address. */
function idAt(address: number): string {
  return readId(wasm.memory(), address);
}

/** What the first numbers say of a row. */
function metaOf(subject: string): Meta {
  return meta(wasm.number(0), wasm.number(1), wasm.number(2), wasm.number(3), subject);
}

function hex(number: number): string {
  return number.toString(16).padStart(8, "0");
}

function cursor(after: unknown): [high: number, low: number] {
  if (after === undefined) return [0, 0];
  if (typeof after !== "string" || !/^[0-9a-f]{16}$/.test(after)) {
    throw badOption("after", typeof after, "what a page before gave as its `after`");
  }
  return [Number.parseInt(after.slice(0, 8), 16), Number.parseInt(after.slice(8), 16)];
}

/** Has memory grow for what all tables may still come to take of what they reserve. */
function reserveOwed(): void {
  wasm.reserve([...living.values()].reduce((sum, table) => sum + table.owed, 0));
}

wasm.onReplaced(() => {
  for (const table of living.values()) table.again();
  try {
    reserveOwed();
  } catch {
    // Where so much is refused now, memory grows with the rows.
  }
});

/** The living table of that name. */
export function find(name: string): NamedTable | undefined {
  return living.get(name);
}

/** The names of all tables of this instance, in the order of their creation. */
export function names(): string[] {
  return [...living.keys()];
}
