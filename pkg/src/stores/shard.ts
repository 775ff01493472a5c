/** One Durable Object's rows: SQLite has them, a table in memory has those that were used lately. */
import { find, NamedTable } from "../rows.js";
import type { Row } from "../types.js";
import { type Engine, type EngineStore, type Entry, storeOver, type Write } from "./engine.js";

/** As much of a Durable Object's storage as is used. */
export interface ShardStorage {
  sql: { exec(query: string, ...bindings: unknown[]): { toArray(): Array<Record<string, unknown>> } };
  transactionSync<T>(work: () => T): T;
  getAlarm(): Promise<number | null>;
  setAlarm(at: number): Promise<void>;
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS rows (
  key TEXT PRIMARY KEY, value BLOB NOT NULL, writing INTEGER NOT NULL, expires INTEGER NOT NULL, subject TEXT
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS rows_by_expiry ON rows (expires);
CREATE INDEX IF NOT EXISTS rows_by_subject ON rows (subject) WHERE subject IS NOT NULL`;
/** What an alarm clears at once; it comes again while there is more. */
const SWEEP = 1000;
/** Alarms are not set more often than this, in ms. */
const ALARM_EVERY = 60_000;
/** What a SQLite value of a Durable Object may have. */
const MAX_BYTES = 2_000_000;

interface Working {
  bytes: Uint8Array;
  tag: number;
}

export class ShardEngine implements Engine<number> {
  readonly guarantees = { atomic: true, consistency: "strong", subjects: true } as const;
  readonly maxBytes: number = MAX_BYTES;
  readonly #storage: ShardStorage;
  readonly #working: NamedTable;
  #alarm = 0;

  constructor(storage: ShardStorage, name: string) {
    this.#storage = storage;
    // What an instance of this object before knew, others may have written over since.
    find(name)?.drop();
    this.#working = new NamedTable(name, {});
    for (const statement of SCHEMA.split(";")) storage.sql.exec(statement);
  }

  async read(key: string): Promise<Entry<number> | undefined> {
    const known = this.#working.lookup(key) as Row | undefined;
    if (known !== undefined) return known as unknown as Working;
    const [row] = this.#storage.sql.exec("SELECT value, writing FROM rows WHERE key = ?", key).toArray();
    if (row === undefined) return undefined;
    const found = { bytes: new Uint8Array(row.value as ArrayBuffer), tag: row.writing as number };
    this.#keep(key, found);
    return found;
  }

  #keep(key: string, working: Working): void {
    try {
      this.#working.insert(key, working as unknown as Row);
    } catch {
      // Too large for the table: SQLite has it.
      this.#working.delete(key);
    }
  }

  async write(
    as: ReadonlyArray<readonly [key: string, tag: number | undefined]>,
    writes: Write[],
  ): Promise<boolean> {
    const { sql } = this.#storage;
    const done = this.#storage.transactionSync(() => {
      for (const [key, tag] of as) {
        const [row] = sql.exec("SELECT writing FROM rows WHERE key = ?", key).toArray();
        if ((row?.writing as number | undefined) !== tag) return undefined;
      }
      return writes.map((write) => this.#put(write));
    });
    if (done === undefined) return false;
    for (const [i, { key, bytes }] of writes.entries()) this.#keep(key, { bytes, tag: done[i] as number });
    await this.#wake(Math.min(...writes.map(({ expiresAt }) => expiresAt)));
    return true;
  }

  /** Gives the row's new tag. */
  #put({ key, bytes, expiresAt, ...write }: Write): number {
    const { sql } = this.#storage;
    const subject = write.subject ?? null;
    const expires = Math.ceil(expiresAt);
    // Each index that a statement could change is written, and billed, as a row: a row's subject seldom changes.
    const [same] = sql
      .exec(
        `UPDATE rows SET value = ?, writing = writing + 1, expires = ? WHERE key = ? AND subject IS ?
        RETURNING writing`,
        bytes,
        expires,
        key,
        subject,
      )
      .toArray();
    const [row] = same
      ? [same]
      : sql
          .exec(
            `INSERT INTO rows (key, value, writing, expires, subject) VALUES (?, ?, 1, ?, ?)
            ON CONFLICT (key) DO UPDATE SET value = excluded.value, writing = writing + 1,
              expires = excluded.expires, subject = excluded.subject RETURNING writing`,
            key,
            bytes,
            expires,
            subject,
          )
          .toArray();
    return row?.writing as number;
  }

  async keysOf(subject: string): Promise<string[]> {
    const rows = this.#storage.sql.exec("SELECT key FROM rows WHERE subject = ?", subject).toArray();
    return rows.map(({ key }) => key as string);
  }

  /** Sees to it that there is an alarm when the first row is over, or soon after. */
  async #wake(at: number): Promise<void> {
    if (this.#alarm !== 0 && this.#alarm <= at + ALARM_EVERY) return;
    const set = await this.#storage.getAlarm();
    this.#alarm = set ?? at + ALARM_EVERY;
    if (set === null || set > at + ALARM_EVERY) {
      this.#alarm = at + ALARM_EVERY;
      await this.#storage.setAlarm(this.#alarm);
    }
  }

  /** Clears what is over, and sets the next alarm. */
  async sweep(now: number): Promise<void> {
    const { sql } = this.#storage;
    // This one is used up, even if what follows fails.
    this.#alarm = 0;
    const over = sql
      .exec(
        "DELETE FROM rows WHERE key IN (SELECT key FROM rows WHERE expires <= ? LIMIT ?) RETURNING key",
        now,
        SWEEP,
      )
      .toArray();
    for (const { key } of over) this.#working.delete(key as string);
    const [next] = sql.exec("SELECT MIN(expires) AS expires FROM rows").toArray();
    if (typeof next?.expires !== "number") return;
    this.#alarm = over.length === SWEEP ? now : Math.max(now, next.expires) + ALARM_EVERY;
    await this.#storage.setAlarm(this.#alarm);
  }
}

/** The store of one shard, over its engine. */
export function shardStore(engine: ShardEngine, now: () => number): EngineStore {
  return storeOver(engine, now);
}
