/**
 * The near tier: what a store said a moment ago, kept in a table. Versions decide, so that an answer that was
 * slow never replaces a newer one, and nothing replaces an end.
 */
import type { NamedTable } from "./rows.js";
import { type Ended, isEnded, type StoredRow } from "./stores/contract.js";
import type { Row } from "./types.js";

/** What a store said of a key: also that it knows nothing. */
export type Said = StoredRow | Ended | null;

export class Near {
  readonly #table: NamedTable;

  constructor(table: NamedTable) {
    this.#table = table;
  }

  /** What was said of a key since `after`; an end counts whenever it was told. */
  get(key: string, after: number, now: number): { said: Said } | undefined {
    const kept = this.#table.peek(key);
    if (kept === undefined) return undefined;
    const { said, at } = kept as { said: Said; at: number };
    if (said !== null && isEnded(said)) return said.until > now ? { said } : undefined;
    return at >= after ? { said } : undefined;
  }

  put(key: string, said: Said, at: number): void {
    const table = this.#table;
    const kept = table.peek(key) as { said: Said; at: number } | undefined;
    const before = kept?.said;
    // An end that leads on says more than one that was noted before anybody was asked.
    const leads = said !== null && isEnded(said) && said.graceUntil !== undefined;
    if (before && isEnded(before) && before.until > at && !leads) return;
    if (before && said !== null && !isEnded(said) && !isEnded(before) && before.version > said.version)
      return;
    // What was asked for before the row was written knows nothing of it.
    if (before && said === null && (kept?.at ?? 0) >= at) return;
    try {
      table.insert(key, { said, at } as unknown as Row);
    } catch {
      // A row too large for the tier, or no room: it is asked for again.
      table.delete(key);
    }
  }

  forget(key: string): void {
    this.#table.delete(key);
  }
}
