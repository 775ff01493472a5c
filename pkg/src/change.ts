import { encode, type FieldNames, writeHead } from "./codec.js";
import { type Writer, writeFloat, writeText } from "./encode.js";

/**
 * What a commit does to a row: fields set, removed and incremented, in the format of src/record.rs.
 * Values are kept encoded, so that what the application does to them later changes nothing.
 */
export class Change {
  cleared = false;
  readonly sets: Map<string, Uint8Array> = new Map();
  readonly removes: Set<string> = new Set();
  readonly increments: Map<string, number> = new Map();

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

  clear(): void {
    this.cleared = true;
    this.sets.clear();
    this.removes.clear();
    this.increments.clear();
  }

  names(): string[] {
    return [...this.removes, ...this.increments.keys(), ...this.sets.keys()];
  }
}

/** Writes a name by its number, or itself where it has none. */
export function writeName(w: Writer, name: string, number: number): void {
  w.length(number);
  if (number === 0) writeText(w, name);
}

/** Writes a change; `numbers` are those of its names, looked up before. */
export function writeChange(w: Writer, change: Change, numbers: readonly number[]): void {
  let next = 0;
  w.room(1);
  w.bytes[w.at++] = change.cleared ? 1 : 0;
  w.length(change.removes.size);
  for (const name of change.removes) writeName(w, name, numbers[next++] as number);
  w.length(change.increments.size);
  for (const [name, by] of change.increments) {
    writeName(w, name, numbers[next++] as number);
    writeFloat(w, by);
  }
  writeFields(w, [...change.sets], numbers.slice(next));
}

/** Writes the record that a change makes of nothing. */
export function writeCreated(w: Writer, change: Change, numbers: readonly number[]): void {
  const increments = [...change.increments].map(([name, by]) => [name, encode(by, name)] as const);
  writeFields(w, [...increments, ...change.sets], numbers.slice(change.removes.size));
}

function writeFields(
  w: Writer,
  fields: ReadonlyArray<readonly [name: string, term: Uint8Array]>,
  numbers: readonly number[],
): void {
  writeHead(w, numbers);
  fields.forEach(([name, term], at) => {
    if (numbers[at] === 0) writeText(w, name);
    w.append(term);
  });
}

/** The numbers of a change's names. */
export function changeNumbers(change: Change, names: FieldNames): number[] {
  return change.names().map((name) => names.number(name));
}
