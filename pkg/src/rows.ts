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
  ownWriter,
  Reader,
  readRecord,
  readTerm,
  TooLong,
  type Writer,
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
    const w = wasm.rewind();
    w.room(name.length * 3);
    const { written } = KEY.encodeInto(name, w.bytes.subarray(w.at, w.end));
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

/** Options in the core's units. */
interface Settings {
  maxBytes: number;
  maxRowBytes: number;
  idle: number;
  absolute: number;
  onFull: "evict" | "refuse";
  hashKeys: boolean;
}

const OPTIONS = ["maxBytes", "maxRowBytes", "idle", "absolute", "onFull", "hashKeys", "now"] as const;

function settings(options: TableOptions): Settings {
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

const living = new Map<string, NamedTable>();

export class NamedTable implements Table {
  readonly name: string;
  readonly #settings: Settings;
  readonly #clock: () => number;
  readonly #names = new FieldNames(() => this.#at());
  #handle: number;

  constructor(name: string, options: TableOptions) {
    if (typeof name !== "string" || name.length === 0 || !isWellFormed(name)) throw badKey();
    this.#settings = settings(options);
    const clock = options.now === undefined ? Date.now : callable("now", options.now);
    this.#clock = () => {
      const now: unknown = clock();
      return typeof now === "number" ? now : Number.NaN;
    };
    if (KEY.encode(name).length > 255) {
      throw new EtsError("ERR_BAD_KEY", "a table's name has 1 to 255 bytes");
    }
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
  #key(key: unknown): number {
    if (typeof key !== "string" || key.length === 0) throw badKey();
    const w = wasm.rewind();
    const length = key.length;
    if (length > this.#settings.maxRowBytes) return -1;
    w.room(length * 3);
    const { bytes } = w;
    let at = w.at;
    for (let i = 0; i < length; i++) {
      const code = key.charCodeAt(i);
      if (code > 127) return this.#wideKey(w, key);
      bytes[at++] = code;
    }
    w.at = at;
    return length;
  }

  #wideKey(w: Writer, key: string): number {
    if (!isWellFormed(key)) throw badKey();
    w.at = w.begin;
    const { written } = KEY.encodeInto(key, w.bytes.subarray(w.at, w.end));
    w.at += written;
    return written;
  }

  #tooLong(key: string): EtsError {
    return wasm.rowTooLarge(key.length, this.#settings.maxRowBytes);
  }

  /**
   * Writes what `write` writes behind the key, and gives its length. A getter in the row may have used
   * the area meanwhile: then it is written apart and copied, the key anew.
   */
  #behind(key: string | null, value: unknown, path: string, write: (w: Writer) => void): number {
    const w = wasm.area;
    const { uses, at: from } = w;
    const begin = w.begin;
    w.limit = this.#settings.maxRowBytes * 2 + 4096;
    try {
      encoding(value, path, () => write(w));
      if (w.uses === uses) return w.at - w.begin - (from - begin);
    } catch (error) {
      if (!(error instanceof TooLong)) throw error;
    } finally {
      w.limit = Number.POSITIVE_INFINITY;
    }
    const apart = ownWriter();
    encoding(value, path, () => write(apart));
    const length = key === null ? 0 : this.#key(key);
    if (key === null) wasm.rewind();
    if (apart.at + length > this.#settings.maxRowBytes) {
      throw wasm.rowTooLarge(apart.at + length, this.#settings.maxRowBytes);
    }
    try {
      w.room(apart.at);
    } catch {
      const { bytes: used, maxBytes: limit } = this.info();
      throw new EtsError("ERR_TABLE_FULL", "memory is refused", { needed: apart.at, used, limit });
    }
    w.bytes.set(apart.bytes.subarray(0, apart.at), w.at);
    return apart.at;
  }

  #record(key: string, row: Row): [keyLength: number, recordLength: number, now: number] {
    const keys = fieldsOf(row);
    this.#at();
    const numbers = numbersOf(this.#names, keys);
    const now = this.#clock();
    const length = this.#key(key);
    if (length < 0) throw this.#tooLong(key);
    return [length, this.#behind(key, row, "", (w) => writeRecord(w, row, keys, numbers)), now];
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
    const [number, inline] = this.#name(name);
    const [now, length] = [this.#clock(), this.#key(key)];
    if (length < 0) return undefined;
    this.#inline(inline);
    const extra = wasm.area.at - wasm.area.begin - length;
    const at = run(() => wasm.core().row_field(handle, length, number, extra, now));
    if (at <= EXPIRED) return undefined;
    reader.bytes = wasm.memory();
    reader.at = at;
    return readTerm(reader);
  }

  /** A field's number, or the name itself where it has none. */
  #name(name: unknown): [number: number, inline: string | undefined] {
    if (typeof name !== "string" || !isWellFormed(name)) throw badKey();
    const number = this.#names.number(name);
    return [number, number === 0 ? name : undefined];
  }

  #inline(name: string | undefined): void {
    if (name !== undefined) writeText(wasm.area, name);
  }

  member(key: string): boolean {
    const [handle, now, length] = [this.#at(), this.#clock(), this.#key(key)];
    return length >= 0 && run(() => wasm.core().row_meta(handle, length, now)) > EXPIRED;
  }

  insert(key: string, row: Row): void {
    const handle = this.#at();
    const [length, record, now] = this.#record(key, row);
    run(() => wasm.core().row_insert(handle, length, record, 0, 0, now));
  }

  insertNew(key: string, row: Row): boolean {
    const handle = this.#at();
    const [length, record, now] = this.#record(key, row);
    return run(() => wasm.core().row_insert(handle, length, record, 0, 1, now)) === 1;
  }

  /** Stores a row under a fresh id, which it gives. */
  insertFresh(row: Row, lifetime = 0): string {
    const keys = fieldsOf(row);
    const handle = this.#at();
    const numbers = numbersOf(this.#names, keys);
    const now = this.#clock();
    wasm.rewind();
    const record = this.#behind(null, row, "", (w) => writeRecord(w, row, keys, numbers));
    run(() => wasm.core().row_insert_fresh(handle, record, lifetime, now));
    return this.#text(24);
  }

  /** Stores the row that a change makes of nothing under a fresh id, which it gives. */
  createFrom(change: Change, lifetime: number): string {
    const handle = this.#at();
    const numbers = changeNumbers(change, this.#names);
    const now = this.#clock();
    wasm.rewind();
    const record = this.#behind(null, undefined, "", (w) => writeCreated(w, change, numbers));
    run(() => wasm.core().row_insert_fresh(handle, record, lifetime, now));
    return this.#text(24);
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
    const from = wasm.area.begin;
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
    const numbers = changeNumbers(change, this.#names);
    const now = this.#clock();
    const length = this.#key(key);
    if (length < 0) return MISSING;
    const size = this.#behind(key, undefined, "", (w) => writeChange(w, change, numbers));
    return run(() => wasm.core().row_update(handle, length, size, now));
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
    const [number, inline] = this.#name(name);
    const [now, length] = [this.#clock(), this.#key(key)];
    if (length < 0) throw this.#tooLong(key);
    this.#inline(inline);
    const extra = wasm.area.at - wasm.area.begin - length;
    run(() => wasm.core().row_count(handle, length, number, extra, by, least, most, now));
    return wasm.number(0);
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

  #filter(filter: Filter): number {
    const w = wasm.rewind();
    writeFilter(w, filter, this.#names);
    return w.at - w.begin;
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
