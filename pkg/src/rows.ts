/** Named tables as JavaScript sees them. What is public of this is in table.ts. */
import { Access, meta, NOBODY } from "./access.js";
import { begin, beginWith, decode, end } from "./area.js";
import { putRemoved } from "./change.js";
import { readBytes, readFloat, readLength, seek } from "./decode.js";
import { putText } from "./encode.js";
import { badOption } from "./errors.js";
import { known } from "./options.js";
import { EXPIRED } from "./source.js";
import type { Filter, Meta, Row, Table, TableInfo, TableOptions, Term } from "./types.js";
import * as wasm from "./wasm.js";
import { run } from "./wasm.js";

const living = new Map<string, NamedTable>();

/** The numbers of no names. */
const NONE: readonly number[] = [];

export class NamedTable implements Table {
  readonly name: string;
  readonly #access: Access;

  constructor(name: string, options: TableOptions) {
    this.#access = new Access(name, options, (taken) => living.has(taken));
    this.name = name;
    living.set(name, this);
    const { settings } = this.#access;
    if (!settings.reserve) return;
    try {
      reserveOwed();
    } catch (refused) {
      // Nobody asked for it: memory grows with the rows.
      settings.reserve = false;
      if (options.reserve === undefined) return;
      living.delete(name);
      run(() => wasm.core().table_drop(this.#access.handle));
      throw refused;
    }
  }

  /** For the rest of the package: what is behind a table. */
  static access(table: NamedTable): Access {
    return table.#access;
  }

  get size(): number {
    const access = this.#access;
    access.now();
    return run(() => wasm.core().table_size(access.handle));
  }

  lookup(key: string): Row | undefined {
    const access = this.#access;
    const now = access.now();
    const length = access.key(key);
    if (length === 0) return undefined;
    let at: number;
    try {
      at = wasm.core().row_get(access.handle, length, now);
    } catch (cause) {
      throw wasm.lost(cause);
    }
    return access.row(at);
  }

  peek(key: string): Row | undefined {
    const access = this.#access;
    return access.row(access.ask(key, (core, length, now) => core.row_peek(access.handle, length, now)));
  }

  take(key: string): Row | undefined {
    const access = this.#access;
    return access.row(access.ask(key, (core, length, now) => core.row_take(access.handle, length, now)));
  }

  field(key: string, name: string): Term {
    const access = this.#access;
    const now = access.now();
    const number = access.number(name);
    let length = access.key(key);
    let size = 0;
    // No row has what is longer than rows can be.
    if (length === 0 || name.length > access.settings.maxRowBytes) return undefined;
    if (number === 0) [length, size] = access.written(key, (at) => putText(at, name));
    let at: number;
    try {
      at = wasm.core().row_field(access.handle, length, number, size, now);
    } catch (cause) {
      throw wasm.lost(cause);
    }
    return access.value(at);
  }

  member(key: string): boolean {
    const access = this.#access;
    return access.ask(key, (core, length, now) => core.row_meta(access.handle, length, now)) > EXPIRED;
  }

  touch(key: string): boolean {
    const access = this.#access;
    const now = access.now();
    const length = access.key(key);
    if (length === 0) return false;
    let found: number;
    try {
      found = wasm.core().row_touch(access.handle, length, now);
    } catch (cause) {
      throw wasm.lost(cause);
    }
    if (found < 0) throw wasm.failure(found);
    return found > EXPIRED;
  }

  delete(key: string): boolean {
    const access = this.#access;
    return access.ask(key, (core, length, now) => core.row_delete(access.handle, length, now)) === 1;
  }

  insert(key: string, row: Row): void {
    this.#insert(key, row, 0);
  }

  insertNew(key: string, row: Row): boolean {
    return this.#insert(key, row, 1) === 1;
  }

  #insert(key: string, row: Row, newOnly: 0 | 1): number {
    const access = this.#access;
    const now = access.now();
    const shape = access.names.shape(row);
    let length: number;
    let size: number;
    const before = begin();
    try {
      length = beginWith(key, access.settings.maxRowBytes, access.settings.hashKeys);
      const behind = Math.abs(length);
      size = access.fits(behind, access.names.put(behind, row, shape));
    } finally {
      end(before);
    }
    let answer: number;
    try {
      answer = wasm.core().row_insert(access.handle, length, size, 0, newOnly, now);
    } catch (cause) {
      throw wasm.lost(cause);
    }
    if (answer < 0) throw wasm.failure(answer);
    return answer;
  }

  /** Stores a row under a fresh id, which it gives. */
  insertFresh(row: Row): string {
    const access = this.#access;
    const now = access.now();
    const shape = access.names.shape(row);
    return access.fresh(now, 0, NOBODY, (at) => access.names.put(at, row, shape));
  }

  /** Whether it has hashes for keys. */
  get hashKeys(): boolean {
    return this.#access.settings.hashKeys;
  }

  /** The one-way hash that stands for a key wherever it is shown. */
  hash(key: string): string {
    return this.#access.hash(key);
  }

  update(key: string, patch: Row, remove: string[] = []): boolean {
    const access = this.#access;
    if (!Array.isArray(remove)) throw badOption("remove", remove, "an array of field names");
    const now = access.now();
    const numbers = remove.length === 0 ? NONE : Array.from(remove, (name) => access.number(name));
    const { epoch } = access.names;
    const shape = access.names.shape(patch, true);
    let length: number;
    let size: number;
    const before = begin();
    try {
      length = beginWith(key, access.settings.maxRowBytes, access.settings.hashKeys);
      const behind = Math.abs(length);
      const to = putRemoved(behind, remove, numbers);
      size = access.fits(behind, access.names.put(to, patch, shape));
      // A getter cleared the table, and with it the numbers of what is to be removed.
      if (numbers !== NONE && epoch !== access.names.epoch) {
        return this.update(key, access.names.written(to), remove);
      }
    } finally {
      end(before);
    }
    let found: number;
    try {
      found = wasm.core().row_update(access.handle, length, size, now);
    } catch (cause) {
      throw wasm.lost(cause);
    }
    if (found < 0) throw wasm.failure(found);
    return found > EXPIRED;
  }

  updateCounter(key: string, name: string, by = 1, bound: { max?: number; min?: number } = {}): number {
    const access = this.#access;
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
    const now = access.now();
    const number = access.number(name);
    const [length, size] = access.written(key, (at) => (number > 0 ? at : putText(at, name)));
    run(
      () => wasm.core().row_count(access.handle, length, number, size, by, least, most, now),
      () => name,
    );
    return wasm.number(0);
  }

  clear(): void {
    const access = this.#access;
    access.now();
    run(() => wasm.core().table_clear(access.handle));
    access.names.forget();
  }

  drop(): void {
    const access = this.#access;
    access.now();
    access.dropped = true;
    living.delete(this.name);
    run(() => wasm.core().table_drop(access.handle));
  }

  select(
    filter: Filter = {},
    page: { limit?: number; after?: string } = {},
  ): { rows: Array<[key: string, row: Row, meta: Meta]>; after?: string } {
    const access = this.#access;
    known("page", page, ["limit", "after"]);
    const { limit = 100, after } = page;
    if (!Number.isSafeInteger(limit) || limit < 1) throw badOption("limit", limit, "a whole number above 0");
    const [high, low] = cursor(after);
    const now = access.now();
    const size = access.filter(filter);
    const first = after === undefined ? 1 : 0;
    const most = Math.min(limit, 2 ** 31 - 1);
    const count = run(() => wasm.core().table_select(access.handle, size, first, high, low, most, now));
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
    return [key, this.#access.names.read(), meta(...times, subject)];
  }

  count(filter: Filter = {}): number {
    const access = this.#access;
    const now = access.now();
    const size = access.filter(filter);
    return run(() => wasm.core().table_count(access.handle, size, now));
  }

  deleteWhere(filter: Filter): number {
    const access = this.#access;
    // Who has no subject to name would otherwise delete everybody's rows.
    for (const [option, given] of Object.entries(filter ?? {})) {
      if (given === undefined) throw badOption(option, given, "left out, or something to look for");
    }
    const now = access.now();
    const size = access.filter(filter);
    return run(() => wasm.core().table_delete_where(access.handle, size, now));
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
    const access = this.#access;
    if (limit !== undefined && !(typeof limit === "number" && limit >= 0))
      throw badOption("limit", limit, "a number, 0 or above");
    const now = access.now();
    const most = Math.min(Math.floor(limit ?? Number.POSITIVE_INFINITY), 2 ** 31 - 1);
    return run(() => wasm.core().table_sweep(access.handle, most, now));
  }

  snapshot(): Uint8Array {
    const now = this.#access.now();
    try {
      run(() => wasm.core().table_snapshot(this.#access.handle, now));
      const [at, size] = [wasm.number(0), wasm.number(1)];
      return wasm.memory().slice(at, at + size);
    } finally {
      wasm.release();
    }
  }

  restore(bytes: Uint8Array): number {
    const access = this.#access;
    if (!(bytes instanceof Uint8Array)) throw badOption("bytes", bytes, "a Uint8Array that snapshot() gave");
    const now = access.now();
    try {
      // Bytes that were handed on to another thread have no length any more, and can't be copied.
      if (bytes.length > 0) wasm.window(bytes.length).set(bytes);
      const rows = run(() => wasm.core().table_restore(access.handle, bytes.length, now));
      access.names.forget();
      return rows;
    } finally {
      wasm.release();
    }
  }

  info(): TableInfo {
    const access = this.#access;
    access.now();
    run(() => wasm.core().table_info(access.handle));
    const [size, bytes, maxBytes, hits, misses, inserted, deleted, expired, evicted, refused] = Array.from(
      { length: 10 },
      (_, i) => wasm.number(i),
    ) as Numbers;
    const counts = { hits, misses, inserted, deleted, expired, evicted, refused };
    return { name: this.name, size, bytes, maxBytes, memoryBytes: wasm.memory().length, ...counts };
  }
}

type Numbers = [number, number, number, number, number, number, number, number, number, number];

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
  wasm.reserve([...living.values()].reduce((sum, table) => sum + NamedTable.access(table).owed, 0));
}

wasm.onReplaced(() => {
  for (const table of living.values()) NamedTable.access(table).again();
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
