import type { Bytes, Duration } from "./options.js";

/**
 * Any value a row can hold: everything JSON can say, and undefined, NaN, -0, ±Infinity, bigint, Date,
 * Map, Set, ArrayBuffer and the typed arrays. Reads give back an equal value that shares nothing with
 * what was stored.
 */
export type Term = unknown;
/** A row's fields, by their names. */
export type Row = Record<string, Term>;

/** What a table is made with. A table is always bounded. */
export interface TableOptions {
  /** Upper bound on what the table's rows, keys and indexes take in linear memory. Default "32MiB". */
  maxBytes?: Bytes;
  /** Upper bound on one row, key included. Default "64KiB". */
  maxRowBytes?: Bytes;
  /** A row not read or written for this long is gone. Default: never. */
  idle?: Duration;
  /** A row this long after its creation is gone, however busy. Default: never. */
  absolute?: Duration;
  /**
   * What a write does that does not fit once expired rows are cleared: "evict" the rows that would
   * expire soonest, those without a subject first, or "refuse" with ERR_TABLE_FULL. Default "evict".
   */
  onFull?: "evict" | "refuse";
  /**
   * Keep only a one-way hash of each key; keys(), entries() and select() then give the hash as
   * base64url. Default false, true for the tables that sessions() creates.
   */
  hashKeys?: boolean;
  /**
   * Have memory grow for all of maxBytes when the table is made, so that no write waits for that later;
   * ERR_TABLE_FULL where it is refused. Default: for tables of more than 48MiB, where it is not refused. With false
   * memory grows with the rows.
   */
  reserve?: boolean;
  /** The clock, in milliseconds since the Unix epoch. Default Date.now. Not called before the first use. */
  now?: () => number;
}

/** Which rows; all that are named here have to hold. */
export interface Filter {
  /** Equality on top-level fields; an array means "one of". 0 and -0 differ, Maps and Sets count in their order. */
  where?: Row;
  /** Rows of this subject; found by an index. */
  subject?: string;
  /** Rows with a subject, or rows without. */
  hasSubject?: boolean;
  /** Untouched for at least this long. */
  idleFor?: Duration;
}

/** What a row is beside its fields. Times are in milliseconds since the Unix epoch. */
export interface Meta {
  /** When the row was made; writing over a living row keeps it. */
  createdAt: number;
  /** When it was last read or written. */
  touchedAt: number;
  /** The earlier of its two deadlines; undefined where the table has none. */
  expiresAt: number | undefined;
  /** How many times the row was written, from 1. */
  version: number;
  /** Whose it is, as login() said. */
  subject: string | undefined;
}

/** A table's figures. Counters begin with the table and never go back. */
export interface TableInfo {
  /** The table's name. */
  name: string;
  /** Rows, those included that are expired and not yet swept. */
  size: number;
  /** What rows, keys, indexes and numbered field names take, never more than maxBytes. */
  bytes: number;
  /** The bound on `bytes`. */
  maxBytes: number;
  /** The whole linear memory of the instance, all its tables together. */
  memoryBytes: number;
  /** Reads that touched a living row, peek() and take() excepted; opening a session is one. */
  hits: number;
  /** Of those, the ones that found none. */
  misses: number;
  /** Rows that were made. */
  inserted: number;
  /** Rows that were deleted or ended. */
  deleted: number;
  /** Rows that were cleared because their time was over. */
  expired: number;
  /** Rows that had to make room. */
  evicted: number;
  /** Writes that were refused because the table was full. */
  refused: number;
}

/** A named table. Every operation is atomic. */
export interface Table {
  /** Its name: 1 to 255 bytes. */
  readonly name: string;
  /** Rows, those included that are expired and not yet swept. */
  readonly size: number;

  /** The row, its timestamp refreshed. */
  lookup(key: string): Row | undefined;
  /** The row, left as it is. */
  peek(key: string): Row | undefined;
  /** One field, without decoding the others; refreshes the timestamp. */
  field(key: string, name: string): Term;
  /** Whether there is a living row; refreshes nothing. */
  member(key: string): boolean;
  /** Stores a row; over a living one it keeps createdAt and raises the version. */
  insert(key: string, row: Row): void;
  /** Stores a row unless there is one: false. */
  insertNew(key: string, row: Row): boolean;
  /** Merges fields into a living row and removes others; false when there is none, and none is made. */
  update(key: string, patch: Row, remove?: string[]): boolean;
  /** Adds to a number, clamps it and gives it. Creates an absent row, counts an absent field from 0. */
  updateCounter(key: string, name: string, by?: number, bound?: { max?: number; min?: number }): number;
  /** Refreshes the timestamp; false when there is no such row. */
  touch(key: string): boolean;
  /** The row, which is deleted in the same step. */
  take(key: string): Row | undefined;
  /** Deletes a row; false when there was none. */
  delete(key: string): boolean;
  /** Deletes every row. */
  clear(): void;
  /** Deletes the table itself; later use throws ERR_NO_TABLE. */
  drop(): void;

  /** A page of rows, 100 unless told; `after` of one page begins the next, and is absent from the last. */
  select(
    filter?: Filter,
    page?: { limit?: number; after?: string },
  ): { rows: Array<[key: string, row: Row, meta: Meta]>; after?: string };
  /** How many living rows there are of that kind. */
  count(filter?: Filter): number;
  /** Deletes rows and gives how many. A filter that is told undefined is refused: it would take every row. */
  deleteWhere(filter: Filter): number;
  /**
   * The keys of the rows, or their hashes, in no particular order; each page of 100 as it was when it was begun.
   * Refreshes nothing.
   */
  keys(): IterableIterator<string>;
  /** Keys, or their hashes, with their rows; as keys(). */
  entries(): IterableIterator<[string, Row]>;

  /** Removes up to `limit` expired rows (default: all) and gives how many. */
  sweep(limit?: number): number;
  /** The table's figures. */
  info(): TableInfo;
  /** The living rows as bytes: versioned, checksummed, and the caller's own. */
  snapshot(): Uint8Array;
  /**
   * Replaces the rows by those of a snapshot of any table, expired ones left out, and gives how many
   * there are. All or nothing: ERR_BAD_SNAPSHOT, ERR_TABLE_FULL and ERR_ROW_TOO_LARGE leave the table
   * as it was. Deadlines stay, unless this table's own are stricter. Keys that are hashed come only into a
   * table that hashes its keys.
   */
  restore(bytes: Uint8Array): number;
}

/**
 * One request's session. Reads and writes are synchronous. Nothing is stored and no cookie is sent
 * unless something changed; what changed is merged into the row when the response is committed.
 */
export interface Session<Data extends object = Row, Flash extends object = Row> {
  /** A field's value; changing it changes nothing until it is set. */
  get<K extends keyof Data>(key: K): Data[K] | undefined;
  /** The same, or `fallback` where there is no such field. */
  get<K extends keyof Data>(key: K, fallback: Data[K]): Data[K];
  /** Whether there is such a field; one that is undefined counts. */
  has(key: keyof Data): boolean;
  /** An equal value is no change. */
  set<K extends keyof Data>(key: K, value: Data[K]): this;
  /** Removes a field; false when there was none. */
  delete(key: keyof Data): boolean;
  /** Empties the session, and keeps it and its id. */
  clear(): void;
  /** Adds to a number, from 0 where there is none; never lost to a concurrent request. */
  increment(key: keyof Data, by?: number): number;
  /**
   * Sets the fields that `fn` gives for the data as it is; all of them or, where one can't be stored,
   * none. It is called at once, and again at the commit where another request wrote meanwhile: it may
   * depend on nothing but the data, and nothing else may depend on its being called. It gives a plain object, no
   * promise, and writes to no session itself.
   */
  update(fn: (data: Data) => Partial<Data>): this;
  /** All fields, as they are with this request's changes. */
  readonly data: Readonly<Partial<Data>>;
  /** The names of all fields. */
  keys(): IterableIterator<keyof Data>;

  /** Says something to the next request that is committed, which can read it as often as it likes; after that it is gone. */
  flash<K extends keyof Flash>(key: K, value: Flash[K]): void;
  /** What the request before said. */
  flashed<K extends keyof Flash>(key: K): Flash[K] | undefined;

  /** The hash that stands for the session wherever it is shown, never the cookie's value; undefined until first stored. */
  readonly id: string | undefined;
  /** Whether the request brought no living session. */
  readonly isNew: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number | undefined;
  /** The user whose session it was when that was first asked, or who logged in since. */
  readonly subject: string | undefined;

  /** A new id, the same data; the old id leads on for `renewGrace` and is dead then. */
  renew(): void;
  /** Ends the session; the deletion cookie is sent even for an unknown id. */
  destroy(): void;
  /** This request's changes are not stored. */
  ignore(): void;
  /**
   * Binds the session to a user, under a new id; the old one is dead at once. `meta` is what list() tells
   * of the session. It starts with the fields to `keep`, by default all, and what is set afterwards.
   */
  login(subject: string, meta?: Row, options?: { keep?: ReadonlyArray<keyof Data> }): void;
  /** Ends the session, or with `everywhere` all sessions of its user. */
  logout(options?: { everywhere?: boolean }): void;
}
