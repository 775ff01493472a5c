/**
 * "ets-session/stores/redis": sessions in Redis, by the client that the application has.
 *
 * @module
 */
import { badOption } from "../errors.js";
import { known, text } from "../options.js";
import type { Store } from "./contract.js";
import { type Engine, storeOver, type Write } from "./engine.js";
import { fromText, toText } from "./text.js";

export { EtsError } from "../errors.js";

/** node-redis, ioredis, or Upstash's client over HTTP: whichever of these methods it has is used. */
export interface RedisClient {
  /** ioredis */
  call?(command: string, ...args: string[]): Promise<unknown>;
  /** node-redis */
  sendCommand?(args: string[]): Promise<unknown>;
  /** Upstash */
  eval?(script: string, keys: string[], args: string[]): Promise<unknown>;
}

/** Where in Redis, and by which clock. */
export interface RedisOptions {
  /** Begins every key. Default "ets:". In a cluster it has to hold a hash tag, such as "{ets}:". */
  prefix?: string;
  /** The clock, in milliseconds since the Unix epoch. Default Date.now. */
  now?: () => number;
}

const READ = `return redis.call("GET", KEYS[1])`;
const SUBJECT = `redis.call("ZREMRANGEBYSCORE", KEYS[1], "-inf", ARGV[1])
return redis.call("ZRANGE", KEYS[1], 0, -1)`;
/**
 * KEYS: those that are looked at, those that are written, the subjects' sets that are left and entered.
 * ARGV: how many of each, by what each looked at begins, and for each write its value, its time to live, when
 * that is over, its set to leave and its set to enter (numbers of sets, 0 for none) and its name there.
 */
const WRITE = `
local checks, writes = tonumber(ARGV[1]), tonumber(ARGV[2])
for i = 1, checks do
  local there = redis.call("GET", KEYS[i])
  if string.sub(there or "", 1, 32) ~= ARGV[2 + i] then return 0 end
end
local at, sets = 2 + checks, checks + writes
for i = 1, writes do
  local value, ttl, over = ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  local leave, enter, name = tonumber(ARGV[at + 4]), tonumber(ARGV[at + 5]), ARGV[at + 6]
  redis.call("SET", KEYS[checks + i], value, "PX", ttl)
  if leave > 0 then redis.call("ZREM", KEYS[sets + leave], name) end
  if enter > 0 then
    local set = KEYS[sets + enter]
    redis.call("ZADD", set, over, name)
    if redis.call("PTTL", set) < tonumber(ttl) then redis.call("PEXPIRE", set, ttl) end
  end
  at = at + 6
end
return 1`;

/** By what a value is known: the seal that it begins with. */
const TAG = 32;

class RedisEngine implements Engine<string> {
  readonly guarantees = { atomic: true, consistency: "strong", subjects: true } as const;
  readonly #run: (script: string, keys: string[], args: string[]) => Promise<unknown>;
  readonly #prefix: string;
  readonly #now: () => number;

  constructor(client: RedisClient, prefix: string, now: () => number) {
    this.#run = runner(client);
    this.#prefix = prefix;
    this.#now = now;
  }

  async read(key: string) {
    const text = await this.#run(READ, [this.#prefix + key], []);
    if (text === null || text === undefined) return undefined;
    // Upstash's client makes values of what looks like JSON, which nothing of ours does.
    if (typeof text !== "string") return { bytes: new Uint8Array(0), tag: "" };
    return { bytes: fromText(text), tag: text.slice(0, TAG) };
  }

  async write(as: ReadonlyArray<readonly [key: string, tag: string | undefined]>, writes: Write[]) {
    const now = this.#now();
    const sets: string[] = [];
    const setOf = (subject: string | undefined) =>
      subject === undefined ? "0" : `${sets.push(this.#subject(subject))}`;
    const args = writes.flatMap(({ key, bytes, expiresAt, subject, before }) => {
      const ttl = Math.max(1, Math.ceil(expiresAt - now));
      const leaves = before === subject ? undefined : before;
      return [toText(bytes), `${ttl}`, `${expiresAt}`, setOf(leaves), setOf(subject), key];
    });
    const keys = [...as.map(([key]) => key), ...writes.map(({ key }) => key)].map(
      (key) => this.#prefix + key,
    );
    const tags = as.map(([, tag]) => tag ?? "");
    const counts = [`${as.length}`, `${writes.length}`];
    return Number(await this.#run(WRITE, [...keys, ...sets], [...counts, ...tags, ...args])) === 1;
  }

  async keysOf(subject: string) {
    const keys = await this.#run(SUBJECT, [this.#subject(subject)], [`${this.#now()}`]);
    return Array.isArray(keys) ? keys.map(String) : [];
  }

  #subject(subject: string): string {
    return `${this.#prefix}subject:${subject}`;
  }
}

function runner(client: RedisClient): (script: string, keys: string[], args: string[]) => Promise<unknown> {
  const { call, sendCommand } = client;
  if (typeof call === "function") {
    return (script, keys, args) => call.call(client, "EVAL", script, `${keys.length}`, ...keys, ...args);
  }
  if (typeof sendCommand === "function") {
    return (script, keys, args) =>
      sendCommand.call(client, ["EVAL", script, `${keys.length}`, ...keys, ...args]);
  }
  const { eval: run } = client;
  if (typeof run === "function") return (script, keys, args) => run.call(client, script, keys, args);
  throw badOption("client", client, "a client of node-redis, ioredis or Upstash");
}

/**
 * Sessions in Redis: each commit is one script, rows expire by the engine's clock and by ours.
 *
 * @throws {EtsError} ERR_BAD_OPTION for what is no client
 * @example
 * const session = sessions({ store: redisStore(client) });
 */
export function redisStore(client: RedisClient, options: RedisOptions = {}): Store {
  known("options", options, ["prefix", "now"]);
  const { prefix = "ets:", now = Date.now } = options;
  if (typeof client !== "object" || client === null) throw badOption("client", client, "a Redis client");
  return storeOver(new RedisEngine(client, text("prefix", prefix), now), now);
}
