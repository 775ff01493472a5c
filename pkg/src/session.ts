import { Change } from "./change.js";
import { encode, sameTerm } from "./codec.js";
import { Reader, readTerm, setField } from "./decode.js";
import { isWellFormed } from "./encode.js";
import { badOption, EtsError } from "./errors.js";
import type { NamedTable } from "./rows.js";
import type { Row, Session } from "./types.js";

/** What was decided about a session beside its data; the last decision counts (spec: Plug's configure_session). */
export type Verdict = "renew" | "destroy" | "ignore";

/** What a commit has to know, handed out to the manager and to nobody else. */
export interface Pending {
  readonly sid: string | undefined;
  readonly change: Change;
  readonly verdict: Verdict | undefined;
  /** Whether the row was there when the session was opened. */
  readonly known: boolean;
  readonly looked: boolean;
  readonly committed: boolean;
}

/** One request's session: reads and writes are synchronous, and nothing is stored before the commit. */
export class SessionHandle<Data extends object = Row> implements Session<Data> {
  readonly #table: NamedTable;
  #sid: string | undefined;
  #known: boolean;
  #row: Row | undefined;
  #read = false;
  #looked = false;
  #committed = false;
  #verdict: Verdict | undefined;
  readonly #change = new Change();

  /** `sid` is the id of a row that was there a moment ago; undefined where the request brought none. */
  constructor(table: NamedTable, sid: string | undefined, ignored: boolean) {
    this.#table = table;
    this.#sid = sid;
    this.#known = sid !== undefined;
    if (ignored) this.#verdict = "ignore";
  }

  /** The row's fields as they were when first asked for. */
  #fields(): Row {
    this.#looked = true;
    if (!this.#read) {
      this.#read = true;
      this.#row = this.#sid === undefined ? undefined : this.#table.lookup(this.#sid);
    }
    return this.#row ?? {};
  }

  #stored(key: string): { value: unknown } | undefined {
    const fields = this.#fields();
    if (this.#change.cleared || this.#change.removes.has(key) || !Object.hasOwn(fields, key))
      return undefined;
    return { value: copy(fields[key]) };
  }

  #current(key: string): { value: unknown } | undefined {
    const stored = this.#stored(key);
    const set = this.#change.sets.get(key);
    if (set !== undefined) return { value: decode(set) };
    const by = this.#change.increments.get(key);
    if (by === undefined) return stored;
    return { value: ((stored?.value as number | undefined) ?? 0) + by };
  }

  #checked(key: unknown): string {
    if (typeof key !== "string" || key === "" || !isWellFormed(key)) {
      throw new EtsError("ERR_BAD_KEY", "a key must be a well-formed string that is not empty");
    }
    return key;
  }

  #writable(): void {
    if (this.#committed) {
      throw new EtsError(
        "ERR_COMMITTED",
        "the session was committed with its response; it can't be changed now",
      );
    }
  }

  get<K extends keyof Data>(key: K): Data[K] | undefined;
  get<K extends keyof Data>(key: K, fallback: Data[K]): Data[K];
  get(key: PropertyKey, fallback?: unknown): unknown {
    const current = this.#current(this.#checked(key));
    return current === undefined ? fallback : current.value;
  }

  has(key: keyof Data): boolean {
    return this.#current(this.#checked(key)) !== undefined;
  }

  set<K extends keyof Data>(key: K, value: Data[K]): this {
    this.#writable();
    const name = this.#checked(key);
    const term = encode(value, name);
    const stored = this.#stored(name);
    this.#change.forget(name);
    // An equal value is no change; where the field is to be removed or cleared, it is one.
    if (stored === undefined || !sameTerm(stored.value, value)) this.#change.setEncoded(name, term);
    return this;
  }

  delete(key: keyof Data): boolean {
    this.#writable();
    const name = this.#checked(key);
    const had = this.#current(name) !== undefined;
    const stored = Object.hasOwn(this.#fields(), name) && !this.#change.cleared;
    this.#change.forget(name);
    if (stored) this.#change.remove(name);
    return had;
  }

  clear(): void {
    this.#writable();
    this.#fields();
    this.#change.clear();
    // There is nothing to empty where there is no row.
    if (!this.#known) this.#change.cleared = false;
  }

  increment(key: keyof Data, by = 1): number {
    this.#writable();
    const name = this.#checked(key);
    if (typeof by !== "number" || !Number.isFinite(by)) throw badOption("by", by, "a finite number");
    const before = this.#current(name)?.value;
    if (before !== undefined && typeof before !== "number") {
      throw new EtsError("ERR_NOT_A_NUMBER", "the field is not a number", { path: name });
    }
    const after = (before ?? 0) + by;
    const absolute = this.#change.sets.has(name) || this.#change.removes.has(name) || this.#change.cleared;
    if (absolute) this.#change.set(name, after);
    else this.#change.increment(name, by);
    return after;
  }

  update(fn: (data: Data) => Partial<Data>): this {
    this.#writable();
    const fields = fn(this.#all() as Data) as Row;
    // All of them or none: what can't be stored is found before anything is set.
    for (const key of Object.keys(fields)) {
      encode(fields[key], this.#checked(key));
    }
    for (const key of Object.keys(fields)) this.set(key as keyof Data, fields[key] as Data[keyof Data]);
    return this;
  }

  #all(): Row {
    const all: Row = {};
    for (const key of this.#keys()) setField(all, key, this.#current(key)?.value);
    return all;
  }

  #keys(): Set<string> {
    // The empty name is the manager's; nobody can set it.
    const stored = Object.keys(this.#fields()).filter((key) => key !== "" && this.#stored(key) !== undefined);
    return new Set([...stored, ...this.#change.sets.keys(), ...this.#change.increments.keys()]);
  }

  get data(): Readonly<Partial<Data>> {
    return Object.freeze(this.#all()) as Readonly<Partial<Data>>;
  }

  keys(): IterableIterator<keyof Data> {
    return this.#keys().values() as IterableIterator<string> as IterableIterator<keyof Data>;
  }

  /** The hash that stands for the session wherever it is shown; undefined until it is first stored. */
  get id(): string | undefined {
    this.#fields();
    return this.#known && this.#sid !== undefined ? this.#table.hash(this.#sid) : undefined;
  }

  get isNew(): boolean {
    this.#fields();
    return !this.#known;
  }

  get createdAt(): number | undefined {
    this.#fields();
    return this.#known && this.#sid !== undefined ? this.#table.meta(this.#sid)?.createdAt : undefined;
  }

  get expiresAt(): number | undefined {
    this.#fields();
    return this.#known && this.#sid !== undefined ? this.#table.meta(this.#sid)?.expiresAt : undefined;
  }

  /** The user whose session it is. */
  get subject(): string | undefined {
    this.#fields();
    return undefined;
  }

  renew(): void {
    this.#writable();
    this.#looked = true;
    this.#verdict = "renew";
  }

  destroy(): void {
    this.#writable();
    this.#looked = true;
    this.#verdict = "destroy";
  }

  ignore(): void {
    this.#writable();
    this.#verdict = "ignore";
  }

  /** For the manager: what there is to commit. */
  static pending(session: SessionHandle<never>): Pending {
    return {
      sid: session.#sid,
      change: session.#change,
      verdict: session.#verdict,
      known: session.#known,
      looked: session.#looked,
      committed: session.#committed,
    };
  }

  /** For the manager: throws where a field that this session writes is not what it was when it was read. */
  static refuseConflict(session: SessionHandle<never>): void {
    const before = session.#fields();
    const change = session.#change;
    const now = session.#sid === undefined ? undefined : session.#table.peek(session.#sid);
    if (now === undefined) return;
    const cleared = change.cleared ? [...Object.keys(before), ...Object.keys(now)] : [];
    for (const name of [...change.sets.keys(), ...change.removes, ...cleared]) {
      const [was, is] = [Object.hasOwn(before, name), Object.hasOwn(now, name)];
      if (name !== "" && (was !== is || !sameTerm(before[name], now[name]))) {
        throw new EtsError("ERR_CONFLICT", "another request wrote the same field meanwhile", { path: name });
      }
    }
  }

  /** For the manager: nothing can be changed any more; the session's id is now this one. */
  static close(session: SessionHandle<never>, sid: string | undefined): void {
    session.#committed = true;
    session.#sid = sid;
    session.#known = sid !== undefined;
  }
}

const reader = new Reader();

function decode(term: Uint8Array): unknown {
  reader.bytes = term;
  reader.at = 0;
  return readTerm(reader);
}

/** What is handed out shares nothing with what is kept. */
function copy(value: unknown): unknown {
  return typeof value === "object" && value !== null ? decode(encode(value, "")) : value;
}
