/**
 * A row's fields to bytes and back, as src/record.rs has them: field names by the numbers that the
 * table gave them, values by encode.ts and decode.ts. Rows of one shape share what is known of it.
 */
import { readByte, readLength, readTerm, seek, setField, skip } from "./decode.js";
import {
  bytesOf,
  culprit,
  current,
  isPlain,
  isWellFormed,
  putByte,
  putBytes,
  putLength,
  putTerm,
  putText,
} from "./encode.js";
import { EtsError } from "./errors.js";
import type { Row } from "./types.js";

const VERSION = 0x10;
const COUNT = 0x0f;
/** Shapes remembered of one table; rows keyed by what visitors type must not fill memory. */
const MOST_SHAPES = 64;
/** A name that is longer is never numbered. */
const LONGEST_NAME = 128;

/** The names of some fields in their order, and the head of every record that has them. */
export class Shape {
  readonly names: readonly string[];
  /** 0 for a name that stands in its record. */
  readonly numbers: readonly number[];
  readonly head: Uint8Array;
  readonly allNumbered: boolean;
  readonly #template: Row;

  constructor(names: readonly string[], numbers: readonly number[]) {
    this.names = names;
    this.numbers = numbers;
    this.allNumbered = !numbers.includes(0);
    this.head = bytesOf(() => putHead(0, numbers));
    this.#template = Object.fromEntries(names.map((name) => [name, undefined]));
  }

  /** An object that has the fields as its own, so that assigning to them calls no setter and no __proto__. */
  blank(): Row {
    return { ...this.#template };
  }
}

/** Puts what a record begins with: how many fields, and the numbers of their names. */
export function putHead(at: number, numbers: readonly number[]): number {
  const count = numbers.length;
  let to = count < COUNT ? putByte(at, VERSION | count) : putLength(putByte(at, VERSION | COUNT), count);
  for (let i = 0; i < count; i++) to = putLength(to, numbers[i] as number);
  return to;
}

/** How a table numbers names, and what a number stands for. */
export interface Numbering {
  intern(name: string): number;
  name(number: number): string;
}

/** The field names that a table has numbered, as far as they were met, and the shapes of its rows. */
export class FieldNames {
  readonly #numbering: Numbering;
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #shapes = new Map<string, Shape>();
  /** The last shapes of whole rows and of patches. */
  #written: Shape = new Shape([], []);
  #patched: Shape = this.#written;
  #read: Shape = this.#written;
  /** The name that was last asked for, and its number. */
  #asked: string | undefined;
  #answer = 0;
  /** Counts how often everything was forgotten, so that whoever holds numbers notices. */
  epoch = 0;

  constructor(numbering: Numbering) {
    this.#numbering = numbering;
  }

  /** The number that a name is known to have; 0 where none is known. */
  known(name: string): number {
    // Handlers ask for the same field again and again.
    if (name === this.#asked) return this.#answer;
    const number = this.#numbers.get(name) ?? 0;
    if (number > 0) {
      this.#asked = name;
      this.#answer = number;
    }
    return number;
  }

  /** The number of a name; 0: write it inline. */
  number(name: string): number {
    return this.#numbers.get(name) ?? this.#intern(name);
  }

  #intern(name: string): number {
    if (name.length > LONGEST_NAME) return 0;
    const number = this.#numbering.intern(name);
    if (number > 0) {
      this.#numbers.set(name, number);
      this.#names[number] = name;
    }
    return number;
  }

  name(number: number): string {
    const known = this.#names[number];
    if (known !== undefined) return known;
    const name = this.#numbering.name(number);
    this.#names[number] = name;
    return name;
  }

  /** The table forgot its names. */
  forget(): void {
    this.#numbers.clear();
    this.#names.length = 0;
    this.#asked = undefined;
    this.#shapes.clear();
    this.#written = this.#patched = this.#read = new Shape([], []);
    this.epoch++;
  }

  #remember(key: string, shape: Shape): void {
    if (this.#shapes.size >= MOST_SHAPES) this.#shapes.clear();
    this.#shapes.set(key, shape);
  }

  #shapeOf(row: Row): Shape {
    const names = fieldsOf(row);
    const numbers = names.map((name) => this.number(name));
    return new Shape(names, numbers);
  }

  /** The shape of a row, or of a patch of one. Symbols name no fields; as in structuredClone, they are passed over. */
  shape(row: Row, patch = false): Shape {
    const last = patch ? this.#patched : this.#written;
    if (isOrdinary(row)) {
      const { names } = last;
      let same = 0;
      for (const name in row) {
        if (name !== names[same]) {
          same = -1;
          break;
        }
        same++;
      }
      if (same === names.length) return last;
    }
    const shape = this.#shapeOf(row);
    if (shape.allNumbered && patch) this.#patched = shape;
    else if (shape.allNumbered) this.#written = shape;
    return shape;
  }

  /** Puts a row of a shape. Getters are called once. */
  put(at: number, row: Row, shape: Shape): number {
    const { epoch } = this;
    let to: number;
    try {
      to = shape === this.#written ? putAlike(at, row, shape) : putFields(at, row, shape);
    } catch (error) {
      throw unsupported(error, row, "");
    }
    if (epoch === this.epoch) return to;
    // A getter cleared the table, and with it the numbers that were just written.
    const again = readRow(at, shape);
    return putFields(at, again, this.#shapeOf(again));
  }

  /** The row whose record was put at a place. */
  written(at: number): Row {
    seek(current(), at);
    return this.read();
  }

  /** Reads the row whose record comes next. */
  read(): Row {
    const shape = skip(this.#read.head) ? this.#read : this.#readShape();
    return shape.allNumbered ? readNumbered(shape) : readInline(shape);
  }

  #readShape(): Shape {
    let count = readByte() & COUNT;
    if (count === COUNT) count = readLength();
    const numbers: number[] = [];
    for (let i = 0; i < count; i++) numbers.push(readLength());
    const key = numbers.join();
    let shape = this.#shapes.get(key);
    if (shape === undefined) {
      shape = new Shape(
        numbers.map((number) => (number === 0 ? "" : this.name(number))),
        numbers,
      );
      if (shape.allNumbered) this.#remember(key, shape);
    }
    if (shape.allNumbered) this.#read = shape;
    return shape;
  }
}

/** Whether a row is an object of this realm or of no class at all; others are looked at more closely. */
function isOrdinary(row: Row): boolean {
  try {
    // A property first: engines that know by it what the object is need no call to ask for its prototype.
    const usual = row.constructor === Object;
    const prototype = Object.getPrototypeOf(row);
    return prototype === null || (usual && prototype === Object.prototype);
  } catch {
    return false;
  }
}

function putFields(at: number, row: Row, shape: Shape): number {
  const { names, numbers } = shape;
  let to = putBytes(at, shape.head);
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    if (numbers[i] === 0) to = putText(to, name);
    to = putTerm(to, row[name]);
  }
  return to;
}

/** As putFields, for rows that are of one shape, time and again. */
function putAlike(at: number, row: Row, { names, head }: Shape): number {
  let to = putBytes(at, head);
  const count = names.length;
  // Each of these lines meets one name as long as rows are of one shape, which engines know to use.
  if (count > 0) to = putTerm(to, row[names[0] as string]);
  if (count > 1) to = putTerm(to, row[names[1] as string]);
  if (count > 2) to = putTerm(to, row[names[2] as string]);
  if (count > 3) to = putTerm(to, row[names[3] as string]);
  if (count > 4) to = putTerm(to, row[names[4] as string]);
  if (count > 5) to = putTerm(to, row[names[5] as string]);
  if (count > 6) to = putTerm(to, row[names[6] as string]);
  if (count > 7) to = putTerm(to, row[names[7] as string]);
  for (let i = 8; i < count; i++) to = putTerm(to, row[names[i] as string]);
  return to;
}

function readRow(from: number, shape: Shape): Row {
  seek(current(), from + shape.head.length);
  return shape.allNumbered ? readNumbered(shape) : readInline(shape);
}

function readNumbered(shape: Shape): Row {
  const row = shape.blank();
  const { names } = shape;
  const count = names.length;
  // Each of these lines meets one name as long as rows are of one shape, which engines know to use.
  if (count > 0) row[names[0] as string] = readTerm();
  if (count > 1) row[names[1] as string] = readTerm();
  if (count > 2) row[names[2] as string] = readTerm();
  if (count > 3) row[names[3] as string] = readTerm();
  if (count > 4) row[names[4] as string] = readTerm();
  if (count > 5) row[names[5] as string] = readTerm();
  if (count > 6) row[names[6] as string] = readTerm();
  if (count > 7) row[names[7] as string] = readTerm();
  for (let i = 8; i < count; i++) row[names[i] as string] = readTerm();
  return row;
}

function readInline(shape: Shape): Row {
  const entries = shape.numbers.map((number, i) => {
    const name = number === 0 ? (readTerm() as string) : (shape.names[i] as string);
    return [name, readTerm()];
  });
  return Object.fromEntries(entries);
}

/** A field's value; a getter may throw. */
export function fieldOf(row: Row, name: string): unknown {
  try {
    return row[name];
  } catch {
    throw new EtsError("ERR_UNSUPPORTED_VALUE", `the value at ${name} can't be read`, { path: name });
  }
}

/** The names of a row's fields; refused where it is no plain object. */
export function fieldsOf(row: unknown): string[] {
  const keys = keysOf(row);
  if (keys === undefined) {
    throw new EtsError("ERR_UNSUPPORTED_VALUE", "a row must be a plain object", { path: "" });
  }
  for (const key of keys) {
    if (!isWellFormed(key)) throw new EtsError("ERR_BAD_KEY", "a field's name must be a well-formed string");
  }
  return keys;
}

/** Whether it is a plain object, which rows are; proxies may throw instead of telling. */
export function isRow(value: unknown): value is Row {
  return keysOf(value) !== undefined;
}

function keysOf(row: unknown): string[] | undefined {
  try {
    const plain = typeof row === "object" && row !== null && !Array.isArray(row) && isPlain(row);
    return plain ? Object.keys(row) : undefined;
  } catch {
    return undefined;
  }
}

/** The refusal of a value, for what its encoding threw. */
function unsupported(error: unknown, value: unknown, path: string): unknown {
  if (error instanceof EtsError) return error;
  const at = culprit(value, path) ?? path;
  return new EtsError("ERR_UNSUPPORTED_VALUE", `the value at ${at || "the top"} can't be stored`, {
    path: at,
  });
}

/** A value on its own, encoded; what can't be stored is refused with a path that begins with `name`. */
export function encode(value: unknown, name: string): Uint8Array {
  try {
    return bytesOf(() => putTerm(0, value));
  } catch (error) {
    throw unsupported(error, value, name);
  }
}

/** Whether two values would be stored as the same. */
export function sameTerm(a: unknown, b: unknown): boolean {
  if (Object.is(a, b) && (typeof a !== "object" || a === null)) return true;
  if (typeof a !== typeof b || typeof a !== "object" || a === null || b === null) return false;
  const [x, y] = [a, b].map((value) => bytesOf(() => putTerm(0, canonical(value)))) as [
    Uint8Array,
    Uint8Array,
  ];
  return x.length === y.length && x.every((byte, at) => byte === y[at]);
}

/** The same value with objects' fields in one order, which is no part of a value. */
function canonical(value: unknown): unknown {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(canonical);
  if (value instanceof Map) return new Map([...value].map(([k, v]) => [canonical(k), canonical(v)]));
  if (value instanceof Set) return new Set([...value].map(canonical));
  if (!isPlain(value)) return value;
  const fields: Row = {};
  for (const key of Object.keys(value).sort()) {
    setField(fields, key, canonical((value as Row)[key]));
  }
  return fields;
}
