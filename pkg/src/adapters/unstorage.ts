/**
 * "ets-session/unstorage": a driver for unstorage, and by it for the sessions of Astro and Nitro.
 *
 * @module
 */
import { type Duration, milliseconds } from "../options.js";
import { type Table, tables } from "../table.js";
import { type DeadlineOptions, Deadlines } from "./deadlines.js";

export { EtsError } from "../table.js";

/** Where items are kept, and how long. */
export interface UnstorageOptions extends DeadlineOptions {
  /** How long an item lives whose setItem() says nothing; a number is one of seconds. Default: for good. */
  ttl?: Duration;
}

interface ItemOptions {
  ttl?: Duration;
}

/** What unstorage calls a driver, as far as this one goes. */
export interface EtsDriver {
  name: string;
  flags: { ttl: true };
  options: UnstorageOptions;
  getInstance(): Table;
  hasItem(key: string): boolean;
  getItem(key: string): string | null;
  getItemRaw(key: string): unknown;
  setItem(key: string, value: string, options?: ItemOptions): void;
  setItemRaw(key: string, value: unknown, options?: ItemOptions): void;
  removeItem(key: string): void;
  getMeta(key: string): { mtime: Date; ttl?: number } | null;
  getKeys(base?: string): string[];
  clear(base?: string): void;
  dispose(): void;
}

/** The milliseconds of a time to live. As unstorage's other drivers take it, 0 says nothing. */
function living(ttl: Duration | undefined): number | undefined {
  return ttl === undefined || ttl === 0 ? undefined : milliseconds("ttl", ttl);
}

/** Storages share nothing unless they are told to: their keys know nothing of each other's. */
function ownName(): string {
  const taken = tables();
  let name = "unstorage";
  for (let i = 2; taken.includes(name); i++) name = `unstorage-${i}`;
  return name;
}

/**
 * A driver for unstorage. Items are kept in a table of its own unless it is told which.
 *
 * @example
 * const storage = createStorage({ driver: etsDriver({ table: "cache", limits: { maxBytes: "64MiB" } }) });
 * await storage.setItem("greeting", "hello", { ttl: 60 });
 */
export function etsDriver(options: UnstorageOptions = {}): EtsDriver {
  // Nitro and Astro hand on what else they were told of the storage.
  const usual = living(options.ttl);
  const { table: given = ownName(), limits = {}, now = Date.now } = options;
  const rows = new Deadlines({ table: given, limits, now }, "");
  const { table } = rows;
  const read = (key: string) => rows.get(key)?.value ?? null;
  const write = (key: string, value: unknown, { ttl }: ItemOptions = {}) => {
    const ms = ttl === undefined ? usual : living(ttl);
    const at = rows.now();
    rows.set(key, { value, at }, ms === undefined ? undefined : at + ms);
  };
  const keys = (base = "") => [...rows.rows()].map(([key]) => key).filter((key) => key.startsWith(base));
  return {
    name: "ets-session",
    flags: { ttl: true },
    options,
    getInstance: () => table,
    hasItem: (key) => rows.has(key),
    getItem: (key) => read(key) as string | null,
    getItemRaw: read,
    setItem: write,
    setItemRaw: write,
    removeItem: (key) => void table.delete(key),
    getMeta(key) {
      const at = rows.get(key)?.at;
      if (typeof at !== "number") return null;
      const until = rows.until(key);
      return { mtime: new Date(at), ...(until === undefined ? {} : { ttl: (until - rows.now()) / 1000 }) };
    },
    getKeys: keys,
    clear(base) {
      if (base) for (const key of keys(base)) table.delete(key);
      else table.clear();
    },
    dispose() {
      if (rows.made) table.drop();
    },
  };
}

export default etsDriver;
