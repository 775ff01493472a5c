import { encode, type FieldNames, putHead } from "./codec.js";
import { putByte, putBytes, putFloat, putLength, putText } from "./encode.js";
import { isHidden } from "./hidden.js";

/**
 * What a commit does to a row: fields set, removed and incremented, in the format of src/record.rs.
 * Values are kept encoded, so that what the application does to them later changes nothing.
 */
export class Change {
  cleared: boolean;
  readonly sets: Map<string, Uint8Array>;
  readonly removes: Set<string>;
  readonly increments: Map<string, number>;

  /** A change that does what another does. */
  constructor(like?: Change) {
    this.cleared = like?.cleared ?? false;
    this.sets = new Map(like?.sets);
    this.removes = new Set(like?.removes);
    this.increments = new Map(like?.increments);
  }

  get isEmpty(): boolean {
    return !this.cleared && this.sets.size === 0 && this.removes.size === 0 && this.increments.size === 0;
  }

  set(name: string, value: unknown): void {
    this.setEncoded(name, encode(value, name));
  }

  setEncoded(name: string, term: Uint8Array): void {
    this.forget(name);
    this.sets.set(name, term);
  }

  remove(name: string): void {
    this.forget(name);
    this.removes.add(name);
  }

  increment(name: string, by: number): void {
    this.increments.set(name, (this.increments.get(name) ?? 0) + by);
  }

  /** Takes back what was going to happen to a field. */
  forget(name: string): void {
    this.sets.delete(name);
    this.removes.delete(name);
    this.increments.delete(name);
  }

  /** Empties the row of what the application sees. */
  clear(): void {
    this.cleared = true;
    for (const name of this.names()) if (!isHidden(name)) this.forget(name);
  }

  /** Whether anything is going to happen to a field. */
  writes(name: string): boolean {
    return this.cleared || this.sets.has(name) || this.removes.has(name) || this.increments.has(name);
  }

  names(): string[] {
    return [...this.removes, ...this.increments.keys(), ...this.sets.keys()];
  }
}

/** How a change begins that clears nothing, removes nothing and increments nothing. */
const SETS_ALONE = new Uint8Array(3);

/** Begins a change that removes some fields, and clears and increments none; the record of what it sets comes behind. */
export function putRemoved(at: number, names: readonly string[], numbers: readonly number[]): number {
  const count = numbers.length;
  if (count === 0) return putBytes(at, SETS_ALONE);
  let to = putLength(putByte(at, 0), count);
  for (let i = 0; i < count; i++) to = putName(to, names[i] as string, numbers[i] as number);
  return putByte(to, 0);
}

/** Puts a name by its number, or itself where it has none. */
export function putName(at: number, name: string, number: number): number {
  const to = putLength(at, number);
  return number === 0 ? putText(to, name) : to;
}

/** Puts a change; `numbers` are those of its names, looked up before. */
export function putChange(at: number, change: Change, numbers: readonly number[]): number {
  let next = 0;
  let to = putLength(putByte(at, change.cleared ? 1 : 0), change.removes.size);
  for (const name of change.removes) to = putName(to, name, numbers[next++] as number);
  to = putLength(to, change.increments.size);
  for (const [name, by] of change.increments) {
    to = putFloat(putName(to, name, numbers[next++] as number), by);
  }
  return putFields(to, [...change.sets], numbers.slice(next));
}

/** Puts the record that a change makes of nothing. */
export function putCreated(at: number, change: Change, numbers: readonly number[]): number {
  const increments = [...change.increments].map(([name, by]) => [name, encode(by, name)] as const);
  return putFields(at, [...increments, ...change.sets], numbers.slice(change.removes.size));
}

function putFields(
  at: number,
  fields: ReadonlyArray<readonly [name: string, term: Uint8Array]>,
  numbers: readonly number[],
): number {
  let to = putHead(at, numbers);
  fields.forEach(([name, term], i) => {
    if (numbers[i] === 0) to = putText(to, name);
    to = putBytes(to, term);
  });
  return to;
}

/** The numbers of a change's names. */
export function changeNumbers(change: Change, names: FieldNames): number[] {
  return change.names().map((name) => names.number(name));
}
