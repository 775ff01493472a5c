/**
 * "ets-session/stores/deno-kv": sessions in Deno KV.
 *
 * @module
 */
import { badOption } from "../errors.js";
import { known, text } from "../options.js";
import type { Store } from "./contract.js";
import { type Engine, storeOver, type Write } from "./engine.js";

export { EtsError } from "../errors.js";

type Key = readonly (string | number)[];

/** As much of Deno.Kv as is used. */
export interface DenoKv {
  /** As Deno.Kv's. */
  get(key: string[]): Promise<{ value: unknown; versionstamp: string | null }>;
  /** As Deno.Kv's. */
  list(selector: { prefix: string[] }): AsyncIterable<{ key: readonly unknown[] }>;
  /** As Deno.Kv's. */
  atomic(): DenoKvAtomic;
}

/** As much of Deno.AtomicOperation as is used. */
export interface DenoKvAtomic {
  check(...checks: Array<{ key: string[]; versionstamp: string | null }>): DenoKvAtomic;
  set(key: string[], value: unknown, options?: { expireIn?: number }): DenoKvAtomic;
  delete(key: string[]): DenoKvAtomic;
  commit(): Promise<{ ok: boolean }>;
}

/** Where in Deno KV, and by which clock. */
export interface DenoKvOptions {
  /** Begins every key. Default "ets-session". */
  prefix?: string;
  /** The clock, in milliseconds since the Unix epoch. Default Date.now. */
  now?: () => number;
}

class DenoKvEngine implements Engine<string> {
  readonly guarantees = { atomic: true, consistency: "strong", subjects: true } as const;
  /** What a value of Deno KV may have. */
  readonly maxBytes = 65_536;
  readonly #kv: DenoKv;
  readonly #prefix: string;
  readonly #now: () => number;

  constructor(kv: DenoKv, prefix: string, now: () => number) {
    this.#kv = kv;
    this.#prefix = prefix;
    this.#now = now;
  }

  #row(key: string): string[] {
    return [this.#prefix, "row", key];
  }

  #subject(subject: string, ...key: string[]): string[] {
    return [this.#prefix, "subject", subject, ...key];
  }

  async read(key: string) {
    const { value, versionstamp } = await this.#kv.get(this.#row(key));
    if (versionstamp === null) return undefined;
    return { bytes: value as Uint8Array, tag: versionstamp };
  }

  async write(as: ReadonlyArray<readonly [key: string, tag: string | undefined]>, writes: Write[]) {
    const now = this.#now();
    let atomic = this.#kv.atomic();
    for (const [key, tag] of as) atomic = atomic.check({ key: this.#row(key), versionstamp: tag ?? null });
    for (const { key, bytes, expiresAt, subject, before } of writes) {
      const expireIn = Math.max(1, Math.ceil(expiresAt - now));
      atomic = atomic.set(this.#row(key), bytes, { expireIn });
      if (before !== undefined && before !== subject) atomic = atomic.delete(this.#subject(before, key));
      if (subject !== undefined) atomic = atomic.set(this.#subject(subject, key), true, { expireIn });
    }
    try {
      return (await atomic.commit()).ok;
    } catch (error) {
      // Processes that share a local database take turns at writing.
      if (error instanceof Error && error.message.includes("database is locked")) return false;
      throw error;
    }
  }

  async keysOf(subject: string) {
    const keys: string[] = [];
    for await (const { key } of this.#kv.list({ prefix: this.#subject(subject) })) {
      keys.push(String((key as Key).at(-1)));
    }
    return keys;
  }
}

/**
 * Sessions in Deno KV: a commit is one atomic operation, checked by versionstamps.
 *
 * @throws {EtsError} ERR_BAD_OPTION for what is no Deno.Kv
 * @example
 * const session = sessions({ store: denoKvStore(await Deno.openKv()) });
 */
export function denoKvStore(kv: DenoKv, options: DenoKvOptions = {}): Store {
  known("options", options, ["prefix", "now"]);
  const { prefix = "ets-session", now = Date.now } = options;
  if (typeof kv?.atomic !== "function") throw badOption("kv", kv, "what Deno.openKv() gives");
  return storeOver(new DenoKvEngine(kv, text("prefix", prefix), now), now);
}
