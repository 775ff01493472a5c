/**
 * What a store has to be: anything durable behind the table. Five answers are five different things: a row;
 * null for an id that nobody knows; an end, for one that was ended or renewed; "gone", "conflict" and "exists"
 * for a commit; and a rejected promise for an engine that failed.
 */

/** A session as a store keeps it. Times are in milliseconds since the Unix epoch. */
export interface StoredRow {
  /** The fields, as {@link applyChange} writes them: opaque to stores. */
  data: Uint8Array;
  /** Raised by each commit that changes fields, from 1. */
  version: number;
  /** When the session began. */
  createdAt: number;
  /** When it was last read or written, as far as the store was told. */
  touchedAt: number;
  /** From then on the row is nobody's, whether or not the engine still has it. */
  expiresAt: number;
  /** Whose it is. */
  subject?: string;
  /** The tokens of the last commits, so that one that is repeated is not applied twice. */
  recent?: string[];
}

/** What is known of an id that leads to no row any more. */
export interface Ended {
  /** Tells it from a row. */
  ended: true;
  /** Until then it has to be known. */
  until: number;
  /** Until then a renewed id leads on: each of them has it, though it be over at once, and no other end has. */
  graceUntil?: number;
  /** Where it leads, readable for who has the id. */
  leadsTo?: Uint8Array;
}

/** What a commit does to one row. */
export interface Change {
  /** The row is made; "exists" where there is one of that key, or an end. */
  create?: boolean;
  /** Fields to set, as one encoded object. */
  set?: Uint8Array;
  /** Names of fields to remove. */
  remove?: string[];
  /** What to add to numbers; an absent one counts from 0. */
  increments?: Record<string, number>;
  /** Where the row has another version: "conflict", and nothing is done. */
  ifVersion?: number;
  /**
   * The row comes from this key, where it is no more then: with `create`, in one step where the store is
   * atomic. What is known of the old key afterwards is in `graceMs` and `leadsTo`.
   */
  renamedFrom?: string;
  /** How long the old key leads on; 0 or absent: not at all. */
  graceMs?: number;
  /** Where the old key leads, to be kept as it is. */
  leadsTo?: Uint8Array;
  /** Whose the row is from now on. */
  subject?: string;
  /** The row's, from now on; an earlier one than it has is ignored, together with `expiresAt`. */
  touchedAt: number;
  /** The row's deadline from now on. */
  expiresAt: number;
  /** Names the commit: one of the same token as one of the last is answered and not applied again. */
  token?: string;
}

/** What a commit that was carried out gives. */
export interface Committed {
  /** The row's, after it. */
  version: number;
  /** The row as it is now, where the store has it at hand. */
  row?: StoredRow;
}

/** What a store promises. What it does not is not asked of it by testStore(), and refused where it matters. */
export interface Guarantees {
  /** Whether commits of one row take turns: no update is lost, an end is final. */
  atomic: boolean;
  /** "strong": a load sees every commit that was acknowledged before it, wherever it came from. */
  consistency: "strong" | "eventual";
  /** Whether a subject's sessions can be listed and ended. */
  subjects: boolean;
}

/**
 * Rows by key, 24 characters of base64url: the first two are the id's own and say nothing else, the others a
 * one-way hash of it. Every method rejects only where the engine failed.
 */
export interface Store {
  /** What it promises, declared once. */
  readonly guarantees: Guarantees;
  /** null: unknown or expired. */
  load(key: string): Promise<StoredRow | Ended | null>;
  /** "gone": the row was expected, and is not there, expired or ended. */
  commit(key: string, change: Change): Promise<Committed | "gone" | "conflict" | "exists">;
  /** Removes a row and knows its key for dead until `until`; false where there was none. Who says nothing ended one. */
  destroy(key: string, until: number): Promise<boolean> | Promise<void>;
  /** The living rows of a subject. */
  bySubject?(subject: string): Promise<Array<{ key: string; row: StoredRow }>>;
  /** The first two characters of a new id: where its row will be, in stores that are cut into parts. */
  place?(): string;
}

export function isEnded(found: StoredRow | Ended | null): found is Ended {
  return found !== null && "ended" in found;
}
