/**
 * "ets-session/durable-object": sessions in Durable Objects with SQLite, cut into as many objects as are wanted.
 *
 * @module
 */
import { DurableObject } from "cloudflare:workers";
import { badOption, EtsError, type EtsErrorCode } from "../errors.js";
import { known } from "../options.js";
import type { Change, Committed, Ended, Store, StoredRow } from "./contract.js";
import type { EngineStore } from "./engine.js";
import { ShardEngine, type ShardStorage, shardStore } from "./shard.js";

export { EtsError } from "../errors.js";

/** Errors lose their class on the way between objects; the package's own are told as what they are made of. */
interface Refused {
  refused: { code: EtsErrorCode; message: string; details: Record<string, string | number> };
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** Two characters of an id name its object. */
const MOST_SHARDS = 4096;

/** The class to export from the worker and to bind, with `new_sqlite_classes` in its migration. */
export class SessionShard extends DurableObject {
  readonly #engine: ShardEngine;
  readonly #store: EngineStore;

  constructor(ctx: ConstructorParameters<typeof DurableObject>[0], env: unknown) {
    super(ctx, env);
    // Objects that share an isolate share its tables, too.
    this.#engine = new ShardEngine(ctx.storage as unknown as ShardStorage, `\0shard ${ctx.id}`);
    this.#store = shardStore(this.#engine, () => this.now());
  }

  /** The clock, in milliseconds since the Unix epoch. */
  protected now(): number {
    return Date.now();
  }

  /** As a store's. */
  load(key: string): Promise<StoredRow | Ended | null | Refused> {
    return told(() => this.#store.load(key));
  }

  /** As a store's. */
  commit(key: string, change: Change): Promise<Committed | "gone" | "conflict" | "exists" | Refused> {
    return told(() => this.#store.commit(key, change));
  }

  /** As a store's. */
  destroy(key: string, until: number): Promise<boolean | Refused> {
    return told(() => this.#store.destroy(key, until));
  }

  /** As a store's. */
  bySubject(subject: string): Promise<Array<{ key: string; row: StoredRow }> | Refused> {
    return told(() => (this.#store.bySubject as NonNullable<Store["bySubject"]>)(subject));
  }

  /** Clears what is over. */
  override alarm(): Promise<void> {
    return this.#engine.sweep(this.now());
  }
}

async function told<T>(call: () => Promise<T>): Promise<T | Refused> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof EtsError)) throw error;
    const { code, message, details } = error;
    return { refused: { code, message, details: { ...details } } };
  }
}

function heard<T>(answer: T | Refused): T {
  if (typeof answer !== "object" || answer === null || !("refused" in answer)) return answer as T;
  const { code, message, details } = answer.refused;
  throw new EtsError(code, message, details);
}

/** As much of a namespace of Durable Objects as is used. */
export interface SessionShards {
  idFromName(name: string): unknown;
  get(id: never): unknown;
}

type Stub = Pick<SessionShard, "load" | "commit" | "destroy" | "bySubject">;

/** Which objects, and how many. */
export interface DurableObjectOptions {
  /**
   * Over how many objects sessions are spread, 1 to 4,096. Default 1. May be raised at any time: an id names
   * its object. Lowered, it cuts off the sessions in those above.
   */
  shards?: number;
  /** Begins the objects' names. Default "ets-session". */
  name?: string;
}

/**
 * Sessions in Durable Objects: one round trip for a request that reads, and one for its commit.
 *
 * @throws {EtsError} ERR_BAD_OPTION
 * @example
 * export { SessionShard } from "ets-session/durable-object";
 * const session = sessions({ store: (env: Env) => durableObjectStore(env.SESSIONS, { shards: 4 }) });
 */
export function durableObjectStore(namespace: SessionShards, options: DurableObjectOptions = {}): Store {
  known("options", options, ["shards", "name"]);
  const { shards = 1, name = "ets-session" } = options;
  if (typeof namespace?.idFromName !== "function") {
    throw badOption("namespace", namespace, "a namespace of Durable Objects");
  }
  if (!Number.isInteger(shards) || shards < 1 || shards > MOST_SHARDS) {
    throw badOption("shards", shards, `1 to ${MOST_SHARDS}`);
  }
  const shard = (number: number) =>
    namespace.get(namespace.idFromName(`${name}:${number}`) as never) as unknown as Stub;
  /** The object of a key; undefined for what nobody was given. */
  const of = (key: string): Stub | undefined => {
    const number = DIGITS.indexOf(key[0] ?? "") * 64 + DIGITS.indexOf(key[1] ?? "");
    return number >= 0 && number < shards ? shard(number) : undefined;
  };
  return {
    guarantees: { atomic: true, consistency: "strong", subjects: true },
    async load(key) {
      const there = of(key);
      return there === undefined ? null : heard(await there.load(key));
    },
    async commit(key, change) {
      const there = of(key);
      return there === undefined ? "gone" : heard(await there.commit(key, change));
    },
    async destroy(key, until) {
      const there = of(key);
      return there === undefined ? false : heard(await there.destroy(key, until));
    },
    async bySubject(subject) {
      const all = Array.from({ length: shards }, (_, number) => shard(number).bySubject(subject));
      return (await Promise.all(all)).flatMap((rows) => heard(rows));
    },
    place() {
      const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
      const number = random % shards;
      return `${DIGITS[number >> 6]}${DIGITS[number & 63]}`;
    },
  };
}
