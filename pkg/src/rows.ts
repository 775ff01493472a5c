/**
 * Named tables as JavaScript sees them: keys and rows go in through the area, answers are read in
 * place. What is public of this is in table.ts.
 */

import { Change, changeNumbers, writeChange, writeCreated } from "./change.js";
import {
  encoding,
  fieldsOf,
  isWellFormed,
  type Names,
  numbersOf,
  Reader,
  readRecord,
  readTerm,
  Writer,
  writeRecord,
  writeText,
} from "./codec.js";
import { badOption, EtsError } from "./errors.js";
import { writeFilter } from "./filter.js";
import { boolean, bytes, callable, known, milliseconds, oneOf } from "./options.js";
import type { Filter, Meta, Row, Table, TableInfo, TableOptions, Term } from "./types.js";
import * as wasm from "./wasm.js";

const MISSING = 0;
const EXPIRED = 1;

const KEY = new TextEncoder();
const reader = new Reader();

/** A key that is no key; details say nothing of it. */
function badKey(): EtsError {
  return new EtsError("ERR_BAD_KEY", "a key must be a well-formed string that is not empty");
}

/** The field names that a table has numbered, as far as they were met. */
class FieldNames implements Names {
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #handle: () => number;

  constructor(handle: () => number) {
    this.#handle = handle;
  }

  number(name: string): number {
    return this.#numbers.get(name) ?? this.#intern(name);
  }

  #intern(name: string): number {
    // A name that is longer is never numbered.
    if (name.length > 128) return 0;
    const begin = wasm.area(name.length * 3);
    const { written } = KEY.encodeInto(name, wasm.memory().subarray(begin));
    const number = run(() => wasm.core().table_intern(this.#handle(), written));
    if (number > 0) {
      this.#numbers.set(name, number);
      this.#names[number] = name;
    }
    return number;
  }

  name(number: number): string {
    return this.#names[number] ?? this.#ask(number);
  }

  #ask(number: number): string {
    const name = wasm.fieldName(this.#handle(), number) ?? "";
    this.#names[number] = name;
    reader.bytes = wasm.memory();
    return name;
  }

  forget(): void {
    this.#numbers.clear();
    this.#names.length = 0;
  }
}

/** Calls the core; its refusals are thrown, and so is the loss of the instance. */
function run(call: () => number): number {
  let answer: number;
  try {
    answer = call();
  } catch (cause) {
    throw wasm.lost(cause);
  }
  if (answer < 0) throw wasm.failure(answer);
  return answer;
}

/** Writers that are free: one is enough until a getter writes a row while its own is being written. */
const writers = {
  free: [] as Writer[],
  with<T>(work: (w: Writer) => T): T {
    const w = this.free.pop() ?? new Writer();
    w.at = 0;
    try {
      return work(w);
    } finally {
      // A large row's buffer is not kept for the small ones that follow.
      if (w.bytes.length <= 65_536) this.free.push(w);
    }
  },
};

function wideKey(key: string, to: Uint8Array): number {
  if (!isWellFormed(key)) throw badKey();
  return KEY.encodeInto(key, to).written;
}

const OPTIONS = ["maxBytes", "maxRowBytes", "idle", "absolute", "onFull", "hashKeys", "now"] as const;

function settings(options: TableOptions): wasm.Settings {
  known("options", options, OPTIONS);
  const { maxBytes, maxRowBytes, idle, absolute, onFull, hashKeys } = options;
  return {
    maxBytes: bytes("maxBytes", maxBytes ?? "32MiB"),
    maxRowBytes: bytes("maxRowBytes", maxRowBytes ?? "64KiB"),
    idle: idle === undefined ? 0 : milliseconds("idle", idle),
    absolute: absolute === undefined ? 0 : milliseconds("absolute", absolute),
    onFull: onFull === undefined ? "evict" : oneOf("onFull", onFull, ["evict", "refuse"]),
    hashKeys: hashKeys === undefined ? false : boolean("hashKeys", hashKeys),
  };
}

export function isTableName(name: string): boolean {
  return name.length > 0 && isWellFormed(name) && KEY.encode(name).length <= 255;
}

const living = new Map<string, NamedTable>();

export class NamedTable implements Table {
  readonly name: string;
  readonly #settings: wasm.Settings;
  readonly #clock: () => number;
  readonly #names = new FieldNames(() => this.#at());
  #handle: number;

  constructor(name: string, options: TableOptions) {
    if (typeof name !== "string" || !isTableName(name)) {
      throw new EtsError("ERR_BAD_KEY", "a table's name is a well-formed string of 1 to 255 bytes");
    }
    this.#settings = settings(options);
    const clock = options.now === undefined ? Date.now : callable("now", options.now);
    this.#clock = () => {
      const now: unknown = clock();
      return typeof now === "number" ? now : Number.NaN;
    };
    if (living.has(name)) throw new EtsError("ERR_TABLE_EXISTS", "there is a table of that name already");
    this.name = name;
    this.#handle = wasm.createTable(name, this.#settings);
    living.set(name, this);
  }

  /** Creates the table in an instance that replaced a lost one. */
  again(): void {
    this.#handle = wasm.createTable(this.name, this.#settings);
    this.#names.forget();
  }

  #at(): number {
    if (living.get(this.name) !== this) throw new EtsError("ERR_NO_TABLE", "the table was dropped");
    return this.#handle;
  }

  /** Begins the area with a key and gives its length; -1 where it is longer than any row's. */
  #key(key: unknown, behind = 0): number {
    if (typeof key !== "string" || key.length === 0) throw badKey();
    const length = key.length;
    if (length > this.#settings.maxRowBytes) return -1;
    const begin = this.#area(length * 3 + behind);
    const bytes = wasm.memory();
    for (let i = 0; i < length; i++) {
      const code = key.charCodeAt(i);
      if (code > 127) return wideKey(key, bytes.subarray(begin));
      bytes[begin + i] = code;
    }
    return length;
  }

  #area(needed: number): number {
    const begin = wasm.area(needed);
    if (begin > 0) return begin;
    const { bytes: used, maxBytes: limit } = this.info();
    throw new EtsError("ERR_TABLE_FULL", "memory is refused", { needed, used, limit });
  }

  /** As #key, for writes: with what `w` wrote behind it. */
  #keyAnd(key: string, w: Writer): number {
    if (w.at > this.#settings.maxRowBytes) throw this.#tooLarge(w.at);
    const length = this.#key(key, w.at);
    if (length < 0) throw this.#tooLarge(key.length + w.at);
    this.#copy(w, length);
    return length;
  }

  #copy(w: Writer, behind: number): void {
    const size = w.at;
    const to = this.#area(behind + size) + behind;
    const bytes = wasm.memory();
    if (size > 256) {
      bytes.set(w.bytes.subarray(0, size), to);
    } else {
      for (let i = 0; i < size; i++) bytes[to + i] = w.bytes[i] as number;
    }
  }

  #tooLarge(needed: number): EtsError {
    return wasm.rowTooLarge(needed, this.#settings.maxRowBytes);
  }

  #record(w: Writer, row: Row): void {
    const keys = fieldsOf(row);
    const numbers = numbersOf(this.#names, keys);
    encoding(row, "", () => writeRecord(w, row, keys, numbers));
  }

  #row(at: number): Row | undefined {
    if (at <= EXPIRED) return undefined;
    reader.bytes = wasm.memory();
    reader.at = at;
    return readRecord(reader, this.#names);
  }

  get size(): number {
    const handle = this.#at();
    return run(() => wasm.core().table_size(handle));
  }

  lookup(key: string): Row | undefined {
    const [handle, now, length] = [this.#at(), this.#clock(), this.#key(key)];
    return length < 0 ? undefined : this.#row(run(() => wasm.core().row_get(handle, length, now)));
  }

  peek(key: string): Row | undefined {
    const [handle, now, length] = [this.#at(), this.#clock(), this.#key(key)];
    return length < 0 ? undefined : this.#row(run(() => wasm.core().row_peek(handle, length, now)));
  }

  field(key: string, name: string): Term {
    const handle = this.#at();
    return writers.with((w) => {
      const number = this.#name(name, w);
      const now = this.#clock();
      const length = this.#key(key, w.at);
      if (length < 0) return undefined;
      this.#copy(w, length);
      const at = run(() => wasm.core().row_field(handle, length, number, w.at, now));
      if (at <= EXPIRED) return undefined;
      reader.bytes = wasm.memory();
      reader.at = at;
      return readTerm(reader);
    });
  }

  /** A field's number; the name itself is written where it has none. */
  #name(name: unknown, w: Writer): number {
    if (typeof name !== "string" || !isWellFormed(name)) throw badKey();
    const number = this.#names.number(name);
    if (number === 0) writeText(w, name);
    return number;
  }

  member(key: string): boolean {
    const [handle, now, length] = [this.#at(), this.#clock(), this.#key(key)];
    return length >= 0 && run(() => wasm.core().row_meta(handle, length, now)) > EXPIRED;
  }

  insert(key: string, row: Row): void {
    this.#insert(key, row, 0);
  }

  insertNew(key: string, row: Row): boolean {
    return this.#insert(key, row, 1) === 1;
  }

  #insert(key: string, row: Row, newOnly: 0 | 1): number {
    const handle = this.#at();
    return writers.with((w) => {
      this.#record(w, row);
      const now = this.#clock();
      const length = this.#keyAnd(key, w);
      return run(() => wasm.core().row_insert(handle, length, w.at, 0, newOnly, now));
    });
  }

  /** Stores a row under a fresh id, which it gives. */
  insertFresh(row: Row): string {
    return this.#fresh((w) => this.#record(w, row), 0);
  }

  /** Stores the row that a change makes of nothing under a fresh id, which it gives. */
  createFrom(change: Change, lifetime: number): string {
    return this.#fresh((w) => writeCreated(w, change, changeNumbers(change, this.#names)), lifetime);
  }

  #fresh(write: (w: Writer) => void, lifetime: number): string {
    const handle = this.#at();
    return writers.with((w) => {
      write(w);
      if (w.at > this.#settings.maxRowBytes) throw this.#tooLarge(w.at);
      const now = this.#clock();
      this.#copy(w, 0);
      run(() => wasm.core().row_insert_fresh(handle, w.at, lifetime, now));
      return this.#text(24);
    });
  }

  /** Gives a row a fresh id and tells it; undefined where there is no such row. */
  rename(key: string): string | undefined {
    const [handle, now, length] = [this.#at(), this.#clock(), this.#key(key)];
    const found = length < 0 ? MISSING : run(() => wasm.core().row_rename(handle, length, now));
    return found <= EXPIRED ? undefined : this.#text(24);
  }

  /** The one-way hash that stands for a key wherever it is shown. */
  hash(key: string): string {
    const length = this.#key(key);
    return this.#text(run(() => wasm.core().key_hash(length)));
  }

  #text(length: number): string {
    const bytes = wasm.memory();
    const from = wasm.area(length);
    return String.fromCharCode(...bytes.subarray(from, from + length));
  }

  update(key: string, patch: Row, remove: string[] = []): boolean {
    const fields = fieldsOf(patch);
    if (!Array.isArray(remove)) throw badOption("remove", remove, "an array of field names");
    const change = new Change();
    for (const name of remove) change.remove(this.#checked(name));
    for (const name of fields) encoding(patch[name], name, () => change.set(name, patch[name]));
    return this.apply(key, change) > EXPIRED;
  }

  #checked(name: unknown): string {
    if (typeof name !== "string" || !isWellFormed(name)) throw badKey();
    return name;
  }

  /** Applies a change to a living row: above 1 where there was one, 1 where it is expired, 0 where there is none. */
  apply(key: string, change: Change): number {
    const handle = this.#at();
    return writers.with((w) => {
      writeChange(w, change, changeNumbers(change, this.#names));
      const now = this.#clock();
      const length = this.#keyAnd(key, w);
      return run(() => wasm.core().row_update(handle, length, w.at, now));
    });
  }

  updateCounter(key: string, name: string, by = 1, bound: { max?: number; min?: number } = {}): number {
    known("bound", bound, ["max", "min"]);
    const limit = (option: "min" | "max", none: number) => {
      const given = bound[option];
      if (given === undefined) return none;
      if (typeof given !== "number" || Number.isNaN(given)) throw badOption(option, given, "a number");
      return given;
    };
    const [least, most] = [limit("min", Number.NEGATIVE_INFINITY), limit("max", Number.POSITIVE_INFINITY)];
    if (least > most) throw badOption("bound", least, "min not above max");
    if (typeof by !== "number" || !Number.isFinite(by)) throw badOption("by", by, "a finite number");
    const handle = this.#at();
    return writers.with((w) => {
      const number = this.#name(name, w);
      const now = this.#clock();
      const length = this.#keyAnd(key, w);
      run(() => wasm.core().row_count(handle, length, number, w.at, by, least, most, now));
      return wasm.number(0);
    });
  }

  touch(key: string): boolean {
    return this.visit(key) > EXPIRED;
  }

  /** As touch, and tells an expired row (1) from none (0). */
  visit(key: string): number {
    const [handle, now, length] = [this.#at(), this.#clock(), this.#key(key)];
    return length < 0 ? MISSING : run(() => wasm.core().row_touch(handle, length, now));
  }

  /** What is known of a living row beside its fields. */
  meta(key: string): Meta | undefined {
    const [handle, now, length] = [this.#at(), this.#clock(), this.#key(key)];
    if (length < 0 || run(() => wasm.core().row_meta(handle, length, now)) <= EXPIRED) return undefined;
    const [createdAt, touchedAt, deadline, version] = [0, 1, 2, 3].map(wasm.number) as [
      number,
      number,
      number,
      number,
    ];
    const expiresAt = deadline === Number.POSITIVE_INFINITY ? undefined : deadline;
    return { createdAt, touchedAt, expiresAt, version, subject: undefined };
  }

  take(key: string): Row | undefined {
    const [handle, now, length] = [this.#at(), this.#clock(), this.#key(key)];
    return length < 0 ? undefined : this.#row(run(() => wasm.core().row_take(handle, length, now)));
  }

  delete(key: string): boolean {
    const [handle, now, length] = [this.#at(), this.#clock(), this.#key(key)];
    return length >= 0 && run(() => wasm.core().row_delete(handle, length, now)) === 1;
  }

  clear(): void {
    const handle = this.#at();
    run(() => wasm.core().table_clear(handle));
    this.#names.forget();
  }

  drop(): void {
    const handle = this.#at();
    living.delete(this.name);
    run(() => wasm.core().table_drop(handle));
  }

  /** The number under which rows have a lifetime, or the table's own where that is stricter; milliseconds, 0 for none. */
  lifetime(idle: number, absolute: number): number {
    const handle = this.#at();
    return run(() => wasm.core().table_lifetime(handle, idle, absolute));
  }

  /** Begins the area with a filter and gives its length. */
  #filter(filter: Filter): number {
    return writers.with((w) => {
      writeFilter(w, filter, this.#names);
      this.#copy(w, 0);
      return w.at;
    });
  }

  select(
    filter: Filter = {},
    page: { limit?: number; after?: string } = {},
  ): { rows: Array<[key: string, row: Row, meta: Meta]>; after?: string } {
    known("page", page, ["limit", "after"]);
    const limit = page.limit ?? 100;
    if (!Number.isSafeInteger(limit) || limit < 1)
      throw badOption("limit", page.limit, "a whole number above 0");
    const [high, low] = cursor(page.after);
    const handle = this.#at();
    const now = this.#clock();
    const size = this.#filter(filter);
    const begin = page.after === undefined ? 1 : 0;
    const most = Math.min(limit, 2 ** 31 - 1);
    const count = run(() => wasm.core().table_select(handle, size, begin, high, low, most, now));
    const next = wasm.number(4) === 1 ? hex(wasm.number(2)) + hex(wasm.number(3)) : undefined;
    reader.bytes = wasm.memory();
    reader.at = wasm.number(0);
    const rows = Array.from({ length: count }, () => this.#selected());
    return next === undefined ? { rows } : { rows, after: next };
  }

  #selected(): [string, Row, Meta] {
    const [createdAt, touchedAt, deadline, version] = [
      reader.float(),
      reader.float(),
      reader.float(),
      reader.float(),
    ];
    const key = KEYS.decode(reader.take(reader.length()));
    const subject = KEYS.decode(reader.take(reader.length())) || undefined;
    reader.length();
    const row = readRecord(reader, this.#names);
    const expiresAt = deadline === Number.POSITIVE_INFINITY ? undefined : deadline;
    return [key, row, { createdAt, touchedAt, expiresAt, version, subject }];
  }

  count(filter: Filter = {}): number {
    const [handle, now, size] = [this.#at(), this.#clock(), this.#filter(filter)];
    return run(() => wasm.core().table_count(handle, size, now));
  }

  deleteWhere(filter: Filter): number {
    const [handle, now, size] = [this.#at(), this.#clock(), this.#filter(filter)];
    return run(() => wasm.core().table_delete_where(handle, size, now));
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
    const [handle, now] = [this.#at(), this.#clock()];
    const most = Math.min(Math.floor(limit ?? Number.POSITIVE_INFINITY), 2 ** 31 - 1);
    return run(() => wasm.core().table_sweep(handle, most, now));
  }

  info(): TableInfo {
    const info = wasm.tableInfo(this.#at());
    return { ...info, memoryBytes: wasm.memory().buffer.byteLength } as unknown as TableInfo;
  }
}

const KEYS = new TextDecoder("utf-8", { ignoreBOM: true });

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

wasm.onReplaced(() => {
  for (const table of living.values()) table.again();
});

/** The living table of that name. */
export function find(name: string): NamedTable | undefined {
  return living.get(name);
}

/** The names of all tables of this instance, in the order of their creation. */
export function names(): string[] {
  return [...living.keys()];
}
