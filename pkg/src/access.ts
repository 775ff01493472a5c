/**
 * A table as the core has it: its handle, the names that it numbered, its clock, and the ways in and out. Keys and rows
 * go in through the area, answers are read in place. What is public of a table is in rows.ts, what sessions ask of one
 * in session-rows.ts.
 */
import { badKey, begin, beginWith, decode, end, preserve, settle, textAt, writeKey } from "./area.js";
import { FieldNames } from "./codec.js";
import { readId, readTerm, seek } from "./decode.js";
import { bytesOf, isWellFormed, putBytes } from "./encode.js";
import { EtsError } from "./errors.js";
import { putFilter } from "./filter.js";
import { callable } from "./options.js";
import { isTableName, settings } from "./settings.js";
import { EXPIRED, MISSING, type Spot } from "./source.js";
import type { Filter, Meta, Row, TableOptions, Term } from "./types.js";
import * as wasm from "./wasm.js";
import { run } from "./wasm.js";

/** The subject of a row that has none. */
export const NOBODY: Uint8Array = new Uint8Array(0);

/** The part of a table's bytes that is lost between its blocks. */
const BETWEEN = 1 / 32;

export class Access {
  readonly settings: wasm.Settings;
  readonly names: FieldNames;
  handle: number;
  dropped = false;
  readonly #name: string;
  readonly #clock: (() => number) | undefined;
  /** The lifetimes that were asked for, each with the number that the core has for it. */
  readonly #lifetimes: Array<{ idle: number; absolute: number; number: number }> = [];

  /** The table does not begin to be before its options and its name are right, and the name is free. */
  constructor(name: string, options: TableOptions, isTaken: (name: string) => boolean) {
    if (typeof name !== "string" || !isTableName(name)) {
      throw new EtsError("ERR_BAD_KEY", "a table's name is a well-formed string of 1 to 255 bytes");
    }
    this.settings = settings(options);
    this.#clock = options.now === undefined ? undefined : callable("now", options.now);
    if (isTaken(name)) throw new EtsError("ERR_TABLE_EXISTS", "there is a table of that name already");
    this.#name = name;
    this.handle = this.#create();
    this.names = new FieldNames({
      intern: (field) => {
        preserve();
        const length = field === "" ? 0 : writeKey(field, Number.POSITIVE_INFINITY, true);
        return run(() => wasm.core().table_intern(this.handle, length));
      },
      name: (number) => {
        const at = run(() => wasm.core().table_field_name(this.handle, number));
        return textAt(at, wasm.number(0));
      },
    });
  }

  /** Creates the table in an instance that replaced a lost one. */
  again(): void {
    this.handle = this.#create();
    this.names.forget();
    for (const lifetime of this.#lifetimes)
      lifetime.number = this.#numberOf(lifetime.idle, lifetime.absolute);
  }

  #create(): number {
    preserve();
    return wasm.createTable(writeKey(this.#name, Number.POSITIVE_INFINITY, true), this.settings);
  }

  /** What the table may still come to take of memory that was reserved for it. */
  get owed(): number {
    if (!this.settings.reserve) return 0;
    run(() => wasm.core().table_info(this.handle));
    return Math.max(0, wasm.number(2) * (1 + BETWEEN) - wasm.number(1));
  }

  /** The time, which is asked for before the area is used: a clock may use the table. */
  now(): number {
    preserve();
    return this.time();
  }

  /** The time, for what leaves the area alone. */
  time(): number {
    if (this.dropped) throw new EtsError("ERR_NO_TABLE", "the table was dropped");
    if (this.#clock === undefined) return Date.now();
    const now: unknown = this.#clock();
    return typeof now === "number" ? now : Number.NaN;
  }

  /** The size of the record that was written from `length` to `to`; refused where no row is that large. */
  fits(length: number, to: number): number {
    const most = this.settings.maxRowBytes;
    if (to - length > most) throw wasm.rowTooLarge(to, most);
    settle(to);
    return to - length;
  }

  /** Begins the area with a key and what goes with it, and gives the length of both. */
  written(key: string, put: (at: number) => number): [length: number, size: number] {
    const before = begin();
    try {
      const length = beginWith(key, this.settings.maxRowBytes, this.settings.hashKeys);
      const behind = Math.abs(length);
      return [length, this.fits(behind, put(behind))];
    } finally {
      end(before);
    }
  }

  /** The key that begins the area, as the core looks for it; 0 for one that is longer than any row's. */
  key(key: string): number {
    return writeKey(key, this.settings.maxRowBytes, this.settings.hashKeys);
  }

  /** The row whose record stands at an address that the core gave; what is no address says why there is none. */
  row(at: number): Row | undefined {
    if (at <= EXPIRED) {
      if (at < 0) throw wasm.failure(at);
      return undefined;
    }
    seek(wasm.memory(), at);
    return this.names.read();
  }

  /** As `row`, one field's value. */
  value(at: number): Term {
    if (at <= EXPIRED) {
      if (at < 0) throw wasm.failure(at);
      return undefined;
    }
    seek(wasm.memory(), at);
    return readTerm();
  }

  /** Where the record of the row that was met at a spot begins, or the field of that number. */
  at({ place, low, high }: Spot, number: number): number {
    const now = this.time();
    try {
      return wasm.core().row_at(this.handle, place, low, high, number, now);
    } catch (cause) {
      throw wasm.lost(cause);
    }
  }

  /** Asks the core about a key; 0 for a key that is longer than any row's. */
  ask(
    key: string,
    call: (core: ReturnType<typeof wasm.core>, length: number, now: number) => number,
  ): number {
    const now = this.now();
    const length = this.key(key);
    return length === 0 ? MISSING : run(() => call(wasm.core(), length, now));
  }

  /** A field's number; 0 for a name that has none. */
  number(name: unknown): number {
    if (typeof name !== "string") throw badKey();
    const known = this.names.known(name);
    if (known > 0) return known;
    if (!isWellFormed(name)) throw badKey();
    return this.names.number(name);
  }

  /** Stores what is written behind a subject under a fresh id, which it gives. */
  fresh(now: number, lifetime: number, subject: Uint8Array, put: (at: number) => number): string {
    let size: number;
    const before = begin();
    try {
      const at = putBytes(0, subject);
      size = this.fits(at, put(at));
    } finally {
      end(before);
    }
    const number = this.#lifetimes[lifetime]?.number ?? 0;
    const at = run(() => wasm.core().row_insert_fresh(this.handle, subject.length, size, number, now));
    return idAt(at);
  }

  /** The one-way hash that stands for a key wherever it is shown. */
  hash(key: string): string {
    this.now();
    const length = writeKey(key, Number.POSITIVE_INFINITY, true);
    const size = run(() => wasm.core().key_hash(length));
    return decode(wasm.window(size).subarray(0, size));
  }

  /** A lifetime that fresh rows may have, or the table's own where that is stricter; milliseconds, 0 for none. */
  lifetime(idle: number, absolute: number): number {
    this.now();
    const known = this.#lifetimes.findIndex((one) => one.idle === idle && one.absolute === absolute);
    if (known >= 0) return known;
    return this.#lifetimes.push({ idle, absolute, number: this.#numberOf(idle, absolute) }) - 1;
  }

  #numberOf(idle: number, absolute: number): number {
    return run(() => wasm.core().table_lifetime(this.handle, idle, absolute));
  }

  /** Begins the area with a filter and what stands behind it, and gives the filter's length. */
  filter(filter: Filter, behind: Uint8Array = NOBODY): number {
    // Elsewhere first: its values may have getters, which may use the area.
    const bytes = bytesOf(() => putFilter(0, filter, this.names));
    const before = begin();
    try {
      settle(putBytes(putBytes(0, bytes), behind));
      return bytes.length;
    } finally {
      end(before);
    }
  }
}

/** What is known of a row beside its fields. */
export function meta(
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
export function idAt(address: number): string {
  return readId(wasm.memory(), address);
}

/** What the first numbers say of a row. */
export function metaOf(subject: string): Meta {
  return meta(wasm.number(0), wasm.number(1), wasm.number(2), wasm.number(3), subject);
}
