/** The fields of one request's session: read from the row, written to a change. */
import { Change } from "./change.js";
import { encode, fieldOf, isRow, sameTerm } from "./codec.js";
import { setField } from "./decode.js";
import { badOption, EtsError } from "./errors.js";
import { Held } from "./held.js";
import { isHidden } from "./hidden.js";
import { callable } from "./options.js";
import { copyTerm, decodeTerm, isObject } from "./term.js";
import type { Meta, Row } from "./types.js";

/** What update() is to be given. */
const COMPUTES = "a function that gives a plain object and writes nothing itself";

/** A field that is there; its value may be undefined. */
interface Present {
  readonly value: unknown;
}

/** What is done to be done again. */
interface Replay {
  /** The change before the first update. */
  readonly before: Change;
  /** What was done since, in its order. */
  readonly steps: Array<() => void>;
  /** The fields that only updates wrote. */
  readonly updated: Set<string>;
  /** Whether a function that update() was given is being run. */
  computing: boolean;
}

/** What a function that update() was given makes of the data. */
function computed(fn: (data: Row) => Row, data: Row, replay: Replay): Row {
  replay.computing = true;
  try {
    const fields = fn(data);
    if (isRow(fields)) return fields;
    throw badOption("fn", fields, COMPUTES);
  } finally {
    replay.computing = false;
  }
}

export class Fields extends Held {
  #replay: Replay | undefined;
  /** What was set to the value that the row had: no change of this row, but of a fresh one. */
  #equal = new Map<string, Uint8Array>();

  /** The row's fields as they were when first asked for. */
  row(): Row {
    this.looked = true;
    if (this.known === undefined) {
      let row = this.sid === undefined ? undefined : this.table.read(this.sid, this);
      if (row === undefined && this.now() !== undefined) row = this.table.read(this.sid as string, this);
      this.known = row ?? {};
      // What was told already stays true for this request.
      if (this.first !== undefined) setField(this.known, this.first, this.value);
    }
    return this.known;
  }

  #stored(name: string): Present | undefined {
    const row = this.row();
    const { change } = this;
    if (change?.removes.has(name) || (change?.cleared && !isHidden(name))) return undefined;
    return Object.hasOwn(row, name) ? { value: row[name] } : undefined;
  }

  /** A field as this request has it; what is handed out shares nothing with what is kept. */
  current(name: string): Present | undefined {
    const stored = this.#stored(name);
    const set = this.change?.sets.get(name);
    if (set !== undefined) return { value: decodeTerm(set) };
    const by = this.change?.increments.get(name);
    if (by !== undefined) return { value: ((stored?.value as number | undefined) ?? 0) + by };
    return stored && { value: copyTerm(stored.value) };
  }

  /** A field's value, or `fallback`: without the row as long as no other was asked for; whatever is written reads it. */
  get(name: string, fallback: unknown): unknown {
    const { sid } = this;
    if (sid !== undefined && this.known === undefined) {
      if (this.first === undefined) {
        this.looked = true;
        const value = this.table.readField(sid, name, this);
        // It may be absent, or hold undefined: the row tells.
        if (value !== undefined) {
          this.first = name;
          this.value = value;
          return isObject(value) ? copyTerm(value) : value;
        }
      } else if (this.first === name && !isObject(this.value)) return this.value;
    }
    const found = this.current(name);
    return found === undefined ? fallback : found.value;
  }

  /** The names of all fields that are the application's. */
  names(): Set<string> {
    const stored = Object.keys(this.row()).filter((name) => this.#stored(name) !== undefined);
    const { sets = [], increments = [] } = this.change ?? {};
    const written = [...sets, ...increments].map(([name]) => name);
    return new Set([...stored, ...written].filter((name) => !isHidden(name)));
  }

  all(): Row {
    const all: Row = {};
    for (const name of this.names()) setField(all, name, this.current(name)?.value);
    return all;
  }

  /** From here on what is done is remembered. */
  #record(): Replay {
    this.#replay ??= { before: new Change(this.change), steps: [], updated: new Set(), computing: false };
    return this.#replay;
  }

  /** Does what a retry does again. */
  #do(step: () => void): void {
    // It would be done again by itself and by the update that it is part of.
    if (this.#replay?.computing) throw badOption("fn", "one that writes to the session", COMPUTES);
    step();
    this.#replay?.steps.push(step);
  }

  set(name: string, value: unknown, term: Uint8Array = encode(value, name)): void {
    const equal = this.#same(name, value);
    this.#do(() => this.#put(name, term, equal));
    this.#replay?.updated.delete(name);
  }

  /** Whether the row has the value; where the field is to be removed or cleared, it has none. */
  #same(name: string, value: unknown): boolean {
    const stored = this.#stored(name);
    return stored !== undefined && sameTerm(stored.value, value);
  }

  /** An equal value is no change. */
  #put(name: string, term: Uint8Array, equal: boolean): void {
    if (!equal) this.changes().setEncoded(name, term);
    else this.change?.forget(name);
    if (equal) this.#equal.set(name, term);
    else this.#equal.delete(name);
  }

  remove(name: string): void {
    const stored = Object.hasOwn(this.row(), name);
    this.#do(() => this.#remove(name, stored));
    this.#replay?.updated.delete(name);
  }

  #remove(name: string, stored: boolean): void {
    if (stored && !this.change?.cleared) this.changes().remove(name);
    else this.change?.forget(name);
    this.#equal.delete(name);
  }

  /** Removes all but some, of the row as it is when this is done again, too. */
  keepOnly(keep: ReadonlySet<PropertyKey>): void {
    this.#record();
    this.#do(() => {
      for (const name of this.names())
        if (!keep.has(name)) this.#remove(name, Object.hasOwn(this.row(), name));
    });
  }

  /** A hidden field: what it was is not asked for. */
  hide(name: string, term: Uint8Array | undefined): void {
    this.#do(() => {
      if (term === undefined) this.changes().remove(name);
      else this.changes().setEncoded(name, term);
    });
  }

  clear(): void {
    // What is there now is what another request's writes are in conflict with.
    this.row();
    // There is nothing to empty where there is no row.
    const cleared = this.sid !== undefined;
    this.#do(() => {
      const change = this.changes();
      change.clear();
      change.cleared = cleared;
      this.#equal.clear();
    });
    this.#replay?.updated.clear();
  }

  increment(name: string, by: number): number {
    let after = 0;
    this.#do(() => {
      const { value: before } = this.current(name) ?? { value: 0 };
      if (typeof before !== "number") {
        throw new EtsError("ERR_NOT_A_NUMBER", "the field is not a number", { path: name });
      }
      after = before + by;
      const change = this.changes();
      const known = change.sets.has(name) || change.removes.has(name) || change.cleared;
      // What was set in this request counts from there, be it what the row had.
      if (known || this.#equal.delete(name)) change.set(name, after);
      else change.increment(name, by);
    });
    return after;
  }

  /** Sets the fields that `fn` gives, once their names were found right. */
  update(fn: (data: Row) => Row, checked: (name: string) => string): void {
    callable("fn", fn);
    const replay = this.#record();
    const { updated } = replay;
    this.#do(() => {
      // All of them or none: what can't be stored is found before anything is set.
      const fields = computed(fn, this.all(), replay);
      const values = Object.keys(fields).map((name) => [checked(name), fieldOf(fields, name)] as const);
      const terms = values.map(([name, value]) => [name, value, encode(value, name)] as const);
      for (const [name, value, term] of terms) {
        if (!this.change?.writes(name)) updated.add(name);
        this.#put(name, term, this.#same(name, value));
      }
    });
  }

  /**
   * For the commit: makes the change fit the row as it is now, of which it gives what is known; undefined
   * where the row is gone. With `strict` it throws where another request wrote a field that this one writes.
   */
  settle(strict: boolean): Meta | undefined {
    let version = this.met?.version;
    let meta = this.now();
    // What update() is given might write the row itself.
    while (meta !== undefined && meta.version !== version) {
      version = meta.version;
      const row = this.table.peek(this.sid as string) ?? {};
      if (strict) this.#refuseConflict(row);
      if (this.#replay !== undefined) this.#again(this.#replay, row);
      meta = this.now();
    }
    if (meta !== undefined) this.#keepOrDrop();
    return meta;
  }

  /** Whether the change fits only the row that it was made from. */
  get computed(): boolean {
    const keeps = this.verdict === "login" && this.login?.keep !== undefined;
    return this.#replay !== undefined || this.change?.cleared === true || keeps;
  }

  /** For a login whose session is gone: what the updates gave came from data that is not this session's. */
  afresh(): void {
    if (this.#replay !== undefined) this.#again(this.#replay, {});
    for (const [name, term] of this.#equal) this.changes().setEncoded(name, term);
  }

  /** Runs the updates again, and what was done since the first, on the row as it is now. */
  #again({ before, steps, updated }: Replay, row: Row): void {
    const { known, change } = this;
    const [equal, names] = [new Map(this.#equal), [...updated]];
    this.known = row;
    this.change = new Change(before);
    for (const name of updated) this.#equal.delete(name);
    updated.clear();
    try {
      for (const step of steps) step();
    } catch (error) {
      // What the request wrote is there still, for a commit that is tried once more.
      this.known = known;
      this.change = change;
      this.#equal = equal;
      for (const name of names) updated.add(name);
      throw error;
    }
  }

  #refuseConflict(now: Row): void {
    if (this.change === undefined) return;
    const before = this.row();
    const { sets, removes, cleared } = this.change;
    const all = cleared ? [...Object.keys(before), ...Object.keys(now)] : [];
    for (const name of [...sets.keys(), ...removes, ...all]) {
      if (isHidden(name) || this.#replay?.updated.has(name)) continue;
      const [was, is] = [Object.hasOwn(before, name), Object.hasOwn(now, name)];
      if (was !== is || !sameTerm(before[name], now[name])) {
        throw new EtsError("ERR_CONFLICT", "another request wrote the same field meanwhile", { path: name });
      }
    }
  }

  /** What clear() and login() do to fields that this request need not have seen. */
  #keepOrDrop(): void {
    const keep = this.verdict === "login" ? this.login?.keep : undefined;
    if (!this.change?.cleared && keep === undefined) return;
    const change = this.changes();
    const row = this.table.peek(this.sid as string) ?? {};
    for (const name of Object.keys(row)) {
      if (change.sets.has(name) || change.removes.has(name)) continue;
      if (isHidden(name)) {
        if (change.cleared) change.set(name, row[name]);
      } else if (keep !== undefined && !keep.has(name)) {
        const by = change.increments.get(name);
        if (by === undefined) change.remove(name);
        else change.set(name, by);
      }
    }
  }
}
