/**
 * What a store answers, looked at: what is no answer makes nobody's session. A store that somebody wrote for themselves
 * may say nothing where it has nothing, and need not tell whether it ended anything.
 */
import { OBJECT } from "./format.js";
import type { Said } from "./near.js";
import type { Change, Committed, Ended, Store, StoredRow } from "./stores/contract.js";
import { isObject } from "./term.js";

/** What is wrong is told without what was given: it may be somebody's session. */
function garbage(method: keyof Store): Error {
  return new Error(`${method}() of the store gave what is no answer`);
}

function isStoredRow(row: unknown): row is StoredRow {
  const { data, version, createdAt, touchedAt, expiresAt, subject } = (row ?? {}) as Partial<StoredRow>;
  return (
    [version, createdAt, touchedAt, expiresAt].every(Number.isFinite) &&
    (subject === undefined || typeof subject === "string") &&
    ArrayBuffer.isView(data) &&
    // Fields are an object's. What else may have become of them is storeOver()'s to find out, by its seal.
    ((data[0] as number) & 0xf0) === OBJECT
  );
}

export class Answers {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async load(key: string): Promise<Said> {
    const answer: unknown = await this.#store.load(key);
    if (answer === null || answer === undefined) return null;
    const ended = (answer as Partial<Ended>).ended === true && Number.isFinite((answer as Ended).until);
    if (!ended && !isStoredRow(answer)) throw garbage("load");
    return answer as Said;
  }

  async commit(key: string, change: Change): Promise<Committed | "gone" | "conflict" | "exists"> {
    const answer = await this.#store.commit(key, change);
    if (answer === "gone" || answer === "conflict" || answer === "exists") return answer;
    const row = answer?.row;
    if (!Number.isFinite(answer?.version) || !(row === undefined || isStoredRow(row)))
      throw garbage("commit");
    return answer;
  }

  async destroy(key: string, until: number): Promise<boolean> {
    return (await this.#store.destroy(key, until)) !== false;
  }

  /** Undefined where the store keeps no account of subjects. */
  get bySubject(): ((subject: string) => Promise<Array<{ key: string; row: StoredRow }>>) | undefined {
    if (this.#store.bySubject === undefined) return undefined;
    return async (subject) => {
      const rows: unknown = await this.#store.bySubject?.(subject);
      const right = (found: unknown) => isObject(found) && isStoredRow((found as { row: unknown }).row);
      if (!Array.isArray(rows) || !rows.every(right)) throw garbage("bySubject");
      return rows;
    };
  }

  /** Whether it says where ids begin. */
  get places(): boolean {
    return this.#store.place !== undefined;
  }

  place(): string | undefined {
    return this.#store.place?.();
  }
}
