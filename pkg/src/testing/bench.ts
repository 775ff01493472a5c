/** What each test works with: a store, a clock, keys that nobody else has, and changes to make. */
import { encode } from "../codec.js";
import { fieldsOf } from "../stores/apply.js";
import {
  type Change,
  type Committed,
  type Ended,
  isEnded,
  type Store,
  type StoredRow,
} from "../stores/contract.js";
import type { Row } from "../types.js";
import { check, fail, same } from "./check.js";
import type { StoreUnderTest } from "./under-test.js";

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const KEY = 24;

export const MINUTE = 60_000;
export const HOUR = 3_600_000;

/** A row as tests compare it. */
export interface Seen {
  fields: Row;
  version: number;
  createdAt: number;
  touchedAt: number;
  expiresAt: number;
  subject: string | undefined;
}

export function random(length: number): string {
  const numbers = crypto.getRandomValues(new Uint8Array(length));
  return [...numbers].map((number) => DIGITS[number & 63]).join("");
}

export function seen(row: StoredRow): Seen {
  const { data, version, createdAt, touchedAt, expiresAt, subject } = row;
  return { fields: fieldsOf(data), version, createdAt, touchedAt, expiresAt, subject };
}

export class Bench {
  readonly options: StoreUnderTest;
  readonly store: Store;
  readonly #clock: { at: number };

  private constructor(options: StoreUnderTest, store: Store, clock: { at: number }) {
    this.options = options;
    this.store = store;
    this.#clock = clock;
  }

  static async of(options: StoreUnderTest): Promise<Bench> {
    // Engines that forget by their own clocks do so for as long as rows live by this one.
    const clock = { at: Date.now() };
    return new Bench(options, await options.make({ now: () => clock.at }), clock);
  }

  /** A second store over the same engine, as another process has it. */
  async another(): Promise<Store> {
    return await this.options.make({ now: () => this.#clock.at });
  }

  get now(): number {
    return this.#clock.at;
  }

  pass(ms: number): void {
    this.#clock.at += ms;
  }

  key(): string {
    return ((this.store.place?.() ?? "") + random(KEY)).slice(0, KEY);
  }

  /** A key where a renewed id's would be. */
  beside(key: string): string {
    return key.slice(0, 2) + random(KEY - 2);
  }

  /** A commit that sets fields, an hour before the session is over. */
  change(fields?: Row, more: Change | Partial<Change> = {}): Change {
    return {
      ...(fields && { set: encode(fields, "") }),
      touchedAt: this.now,
      expiresAt: this.now + HOUR,
      token: random(12),
      ...more,
    };
  }

  creation(fields: Row = {}, more: Partial<Change> = {}): Change {
    return this.change(fields, { create: true, ...more });
  }

  renewal(from: string, fields?: Row, more: Partial<Change> = {}): Change {
    return this.change(fields, { create: true, renamedFrom: from, ...more });
  }

  /** A session that is there. */
  async made(fields: Row = {}, more: Partial<Change> = {}): Promise<string> {
    const key = this.key();
    await this.done(key, this.creation(fields, more));
    return key;
  }

  /** A commit that has to be done, and its answer to be what is there then. */
  async done(key: string, change: Change): Promise<Seen> {
    const answer = committed(await this.store.commit(key, change));
    const row = await this.row(key);
    same(answer.version, row.version, "the answer's version");
    if (answer.row !== undefined) same(seen(answer.row), row, "the answer's row");
    return row;
  }

  /** A commit that must not be done; `key`'s row, where there is one, stays as it was. */
  async declined(key: string, change: Change, expected: string): Promise<void> {
    const before = await this.store.load(key);
    same(await this.store.commit(key, change), expected, "the answer");
    same(comparable(await this.store.load(key)), comparable(before), "what is kept");
  }

  async row(key: string, store: Store = this.store): Promise<Seen> {
    const found = await store.load(key);
    check(found !== null, "nothing is known of the session");
    if (isEnded(found)) fail("the session is ended");
    return seen(found);
  }

  async ended(key: string, store: Store = this.store): Promise<Ended> {
    const found = await store.load(key);
    check(found !== null, "nothing is known of the end");
    if (!isEnded(found)) fail("the session lives");
    same("data" in found || "subject" in found, false, "whether an end has what the session had");
    return found;
  }

  async unknown(key: string): Promise<void> {
    same(await this.store.load(key), null, "what is known");
  }

  async keysOf(subject: string, store: Store = this.store): Promise<string[]> {
    const list = store.bySubject?.(subject) ?? fail("the store has no bySubject()");
    return (await list).map(({ key }) => key).sort();
  }
}

export function committed(answer: Committed | string): Committed {
  if (typeof answer === "string") fail(`the answer is "${answer}", where the commit had to be done`);
  return answer;
}

function comparable(found: StoredRow | Ended | null): unknown {
  return found === null || isEnded(found) ? found : seen(found);
}
