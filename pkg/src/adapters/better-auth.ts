/**
 * "ets-session/better-auth": a secondary storage for better-auth, which keeps its sessions and counters there.
 *
 * @module
 */
import type { Table } from "../table.js";
import { type DeadlineOptions, Deadlines } from "./deadlines.js";

export { EtsError } from "../table.js";

/** Where better-auth's rows are kept. */
export interface BetterAuthOptions extends DeadlineOptions {
  /** As of a table, but for `onFull`: "refuse" unless told otherwise. */
  limits?: NonNullable<DeadlineOptions["limits"]>;
}

/** What better-auth calls SecondaryStorage. Times to live are in seconds. */
export interface BetterAuthStorage {
  get(key: string): string | null;
  getAndDelete(key: string): string | null;
  set(key: string, value: string, ttl?: number): void;
  delete(key: string): void;
  /** Counts from 1; the time to live is that of the first. */
  increment(key: string, ttl: number): number;
}

/**
 * A secondary storage for better-auth, in a table that is made for it or given.
 *
 * @example
 * const auth = betterAuth({ database, secondaryStorage: secondaryStorage({ limits: { maxBytes: "64MiB" } }) });
 */
export function secondaryStorage(options: BetterAuthOptions | Table = {}): BetterAuthStorage {
  const given = "lookup" in options ? { table: options } : options;
  // Of a user's sessions better-auth keeps a list, read seldom: a table that evicts would lose it before them.
  const rows = new Deadlines({ ...given, limits: { onFull: "refuse", ...given.limits } }, "better-auth");
  const { table } = rows;
  const get = (key: string) => {
    const value = rows.get(key)?.value;
    return value === undefined ? null : `${value}`;
  };
  const set = (key: string, value: string | number, ttl?: number) =>
    rows.set(key, { value }, ttl === undefined ? undefined : rows.now() + ttl * 1000);
  return {
    get,
    set,
    getAndDelete(key) {
      const value = get(key);
      table.delete(key);
      return value;
    },
    delete: (key) => void table.delete(key),
    increment(key, ttl) {
      if (rows.has(key)) return table.updateCounter(key, "value");
      set(key, 1, ttl);
      return 1;
    },
  };
}
