/**
 * A store over any engine that can read bytes by key, and write some where others are as they were: rows are
 * merged here, and written where nobody else wrote meanwhile.
 */
import { EtsError } from "../errors.js";
import { callable } from "../options.js";
import { applyChange, isRepeated } from "./apply.js";
import {
  type Change,
  type Committed,
  type Ended,
  type Guarantees,
  isEnded,
  type Store,
  type StoredRow,
} from "./contract.js";
import { seal, unseal } from "./envelope.js";

/** What an engine gives: the bytes, and by what it knows this writing of them. */
export interface Entry<Tag> {
  /** As they were written. */
  bytes: Uint8Array;
  /** Another one for each writing. */
  tag: Tag;
}

/** What is to be kept under one key. */
export interface Write {
  /** 24 characters of base64url. */
  key: string;
  /** What read() is to give. */
  bytes: Uint8Array;
  /** The engine may forget it from then on. */
  expiresAt: number;
  /** Whose row is written. */
  subject: string | undefined;
  /** Whose row this was before. */
  before: string | undefined;
}

/** What storeOver() makes a store of: bytes by key, and a write that compares. */
export interface Engine<Tag> {
  /** What the store will promise. */
  readonly guarantees: Guarantees;
  /** The longest value that it takes. Default: any. */
  readonly maxBytes?: number;
  /** How long an end is known at least, in ms. Default two minutes. */
  readonly deadFor?: number;
  /** What a key has; undefined for nothing. */
  read(key: string): Promise<Entry<Tag> | undefined>;
  /** Writes all, where each of `as` is as it was read (undefined: absent), or nothing and gives false. */
  write(as: ReadonlyArray<readonly [key: string, tag: Tag | undefined]>, writes: Write[]): Promise<boolean>;
  /** Keys of rows that have or had this subject. */
  keysOf?(subject: string): Promise<string[]>;
  /** As the store's. */
  place?(): string;
}

/** A store that always tells whether it ended anything. */
export interface EngineStore extends Store {
  /** As {@link Store}'s. */
  destroy(key: string, until: number): Promise<boolean>;
}

/** How long an end is known beyond the grace, as in a table. */
export const DEAD_FOR = 120_000;
/** How often a write is tried that others are before: each time one of them got through. */
const MOST_TRIES = 64;
/** From then on it waits a little, so that many who do the same do not go on meeting. */
const PATIENT_TRIES = 3;
/** The longest that is waited at once, in ms. */
const LONGEST_WAIT = 64;

/** Any time up to `longest`: those who wait are not to come back together. */
function pause(longest: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.random() * longest));
}

/** How often keys are asked for again of which some had no row. */
const MOST_LISTS = 2;

interface Listed {
  key: string;
  row: StoredRow;
}

interface Found<Tag> {
  kept: StoredRow | Ended | undefined;
  tag: Tag | undefined;
}

/**
 * A store over an engine: rows, ends and merging are taken care of. `now` is the clock, in milliseconds since the
 * Unix epoch.
 *
 * @example
 * const rows = new Map<string, Uint8Array>();
 * const engine: Engine<Uint8Array> = {
 *   guarantees: { atomic: true, consistency: "strong", subjects: false },
 *   async read(key) {
 *     const bytes = rows.get(key);
 *     return bytes && { bytes, tag: bytes };
 *   },
 *   async write(as, writes) {
 *     if (as.some(([key, tag]) => rows.get(key) !== tag)) return false;
 *     for (const { key, bytes } of writes) rows.set(key, bytes);
 *     return true;
 *   },
 * };
 * const manager = sessions({ store: storeOver(engine) });
 */
export function storeOver<Tag>(engine: Engine<Tag>, now: () => number = Date.now): EngineStore {
  callable("now", now);
  const read = async (key: string): Promise<Found<Tag>> => {
    const entry = await engine.read(key);
    return { kept: entry && unseal(key, entry.bytes), tag: entry?.tag };
  };
  /** The row of a key, if it lives. */
  const living = ({ kept }: Found<Tag>): StoredRow | undefined =>
    kept === undefined || isEnded(kept) || kept.expiresAt <= now() ? undefined : kept;
  /** As living, and nothing where the engine has garbage: nobody can load that either, and the others are to be ended. */
  const readable = async (key: string): Promise<StoredRow | undefined> => {
    const entry = await engine.read(key);
    try {
      return entry && living({ kept: unseal(key, entry.bytes), tag: entry.tag });
    } catch {
      return undefined;
    }
  };
  const known = ({ kept }: Found<Tag>): boolean =>
    kept !== undefined && (isEnded(kept) ? kept.until : kept.expiresAt) > now();

  const deadFor = engine.deadFor ?? DEAD_FOR;
  const fitting = (bytes: Uint8Array): Uint8Array => {
    const { maxBytes: limit = Number.POSITIVE_INFINITY } = engine;
    if (bytes.length <= limit) return bytes;
    const needed = bytes.length;
    throw new EtsError("ERR_ROW_TOO_LARGE", `the row takes ${needed} bytes, the store takes ${limit}`, {
      needed,
      limit,
    });
  };
  const row = (key: string, row: StoredRow, before: StoredRow | undefined): Write => ({
    key,
    bytes: fitting(seal(key, row)),
    expiresAt: row.expiresAt,
    subject: row.subject,
    before: before?.subject,
  });
  const end = (key: string, ended: Ended, before: StoredRow): Write => {
    const until = Math.max(ended.until, now() + deadFor);
    const bytes = seal(key, { ...ended, until });
    return { key, bytes, expiresAt: until, subject: undefined, before: before.subject };
  };

  async function attempt<T>(once: () => Promise<T | undefined>): Promise<T> {
    for (let i = 0; i < MOST_TRIES; i++) {
      const done = await once();
      if (done !== undefined) return done;
      if (i >= PATIENT_TRIES) await pause(Math.min(LONGEST_WAIT, 4 * 2 ** (i - PATIENT_TRIES)));
    }
    throw new EtsError("ERR_STORE", `others were before this commit ${MOST_TRIES} times`);
  }

  async function make(
    key: string,
    change: Change,
  ): Promise<Committed | "gone" | "conflict" | "exists" | undefined> {
    const there = await read(key);
    const { renamedFrom: from, graceMs = 0, leadsTo } = change;
    const made = living(there);
    if (made !== undefined && isRepeated(made, change)) return { version: made.version, row: made };
    if (known(there)) return "exists";
    if (from === undefined) {
      const fresh = applyChange(null, change);
      return (await engine.write([[key, there.tag]], [row(key, fresh, undefined)]))
        ? { version: fresh.version, row: fresh }
        : undefined;
    }
    const old = await read(from);
    const before = living(old);
    if (before === undefined) return "gone";
    if (change.ifVersion !== undefined && before.version !== change.ifVersion) return "conflict";
    const moved = applyChange(before, change);
    const graceUntil = change.touchedAt + graceMs;
    const ended: Ended = {
      ended: true,
      until: graceUntil + DEAD_FOR,
      graceUntil,
      ...(leadsTo === undefined ? {} : { leadsTo }),
    };
    const checks = [
      [key, there.tag],
      [from, old.tag],
    ] as const;
    return (await engine.write(checks, [row(key, moved, undefined), end(from, ended, before)]))
      ? { version: moved.version, row: moved }
      : undefined;
  }

  async function merge(key: string, change: Change): Promise<Committed | "gone" | "conflict" | undefined> {
    const there = await read(key);
    const before = living(there);
    if (before === undefined) return "gone";
    if (isRepeated(before, change)) return { version: before.version, row: before };
    if (change.ifVersion !== undefined && before.version !== change.ifVersion) return "conflict";
    const after = applyChange(before, change);
    return (await engine.write([[key, there.tag]], [row(key, after, before)]))
      ? { version: after.version, row: after }
      : undefined;
  }

  const { keysOf } = engine;
  return {
    guarantees: engine.guarantees,
    async load(key) {
      const found = await read(key);
      return known(found) ? (found.kept ?? null) : null;
    },
    commit: (key, change) => attempt(() => (change.create ? make(key, change) : merge(key, change))),
    destroy: (key, until) =>
      attempt(async () => {
        const there = await read(key);
        const before = living(there);
        if (before === undefined) return false;
        return (
          (await engine.write([[key, there.tag]], [end(key, { ended: true, until }, before)])) || undefined
        );
      }),
    ...(keysOf && {
      async bySubject(subject: string) {
        for (let tries = MOST_LISTS; ; tries--) {
          const keys = await keysOf.call(engine, subject);
          const rows = await Promise.all(keys.map(async (key) => ({ key, row: await readable(key) })));
          const found = rows.filter((one): one is Listed => one.row?.subject === subject);
          // One that was renewed between the two has a key that was not asked for.
          if (found.length === keys.length || tries === 0) return found;
        }
      },
    }),
    ...(engine.place && { place: () => engine.place?.() as string }),
  };
}
