/**
 * "ets-session/stores/workers-kv": sessions in Cloudflare Workers KV, which is eventually consistent.
 *
 * @module
 */
import { badOption } from "../errors.js";
import { known, text } from "../options.js";
import type { Store } from "./contract.js";
import { type Engine, storeOver, type Write } from "./engine.js";

export { EtsError } from "../errors.js";

/** As much of a KVNamespace as is used. */
export interface KvNamespace {
  get(key: string, type: "arrayBuffer"): Promise<ArrayBuffer | null>;
  put(key: string, value: Uint8Array, options: { expirationTtl: number }): Promise<void>;
}

/** Where in the namespace, and by which clock. */
export interface WorkersKvOptions {
  /** Begins every key. Default "ets:". */
  prefix?: string;
  /** The clock, in milliseconds since the Unix epoch. Default Date.now. */
  now?: () => number;
}

/** The shortest that KV keeps anything, in seconds. */
const SHORTEST = 60;
/** An end is known for as long as places may lag behind, many times over. */
const DEAD_FOR = 3_600_000;

class WorkersKvEngine implements Engine<true> {
  readonly guarantees = { atomic: false, consistency: "eventual", subjects: false } as const;
  readonly deadFor = DEAD_FOR;
  /** What a value of KV may have. */
  readonly maxBytes = 25 * 2 ** 20;
  readonly #kv: KvNamespace;
  readonly #prefix: string;
  readonly #now: () => number;

  constructor(kv: KvNamespace, prefix: string, now: () => number) {
    this.#kv = kv;
    this.#prefix = prefix;
    this.#now = now;
  }

  async read(key: string) {
    const found = await this.#kv.get(this.#prefix + key, "arrayBuffer");
    return found === null ? undefined : { bytes: new Uint8Array(found), tag: true as const };
  }

  /** There is nothing to compare with: the later write wins. New rows come first, so that none is lost halfway. */
  async write(_as: unknown, writes: Write[]) {
    for (const { key, bytes, expiresAt } of writes) {
      const seconds = Math.ceil((expiresAt - this.#now()) / 1000);
      await this.#kv.put(this.#prefix + key, bytes, { expirationTtl: Math.max(SHORTEST, seconds) });
    }
    return true;
  }
}

/**
 * Sessions in Workers KV, for what may be up to a minute old elsewhere: no commit is atomic, and an end is not
 * seen everywhere at once. sessions() refuses login() over it unless it is told `acceptEventual: true`.
 *
 * @throws {EtsError} ERR_BAD_OPTION for what is no namespace
 * @example
 * const session = sessions({ store: (env: Env) => workersKvStore(env.SESSIONS) });
 */
export function workersKvStore(kv: KvNamespace, options: WorkersKvOptions = {}): Store {
  known("options", options, ["prefix", "now"]);
  const { prefix = "ets:", now = Date.now } = options;
  if (typeof kv?.get !== "function" || typeof kv.put !== "function") {
    throw badOption("kv", kv, "a KV namespace");
  }
  return storeOver(new WorkersKvEngine(kv, text("prefix", prefix), now), now);
}
