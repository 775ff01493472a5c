/**
 * Values to bytes and back, in the format of src/term.rs and src/record.rs. Both sides hold to the
 * vectors in tests/fixtures.
 */
import { EtsError } from "./errors.js";

/** Deepest nesting of arrays, objects, maps and sets that is stored. */
export const MAX_DEPTH = 200;

/** Bytes being written, in memory of its own: what is written may call back, as getters do. */
export class Writer {
  bytes: Uint8Array = new Uint8Array(1024);
  at = 0;

  /** Makes sure that there is room for so many more bytes. */
  room(more: number): void {
    if (this.at + more > this.bytes.length) this.#grow(this.at + more);
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, needed));
    larger.set(this.bytes);
    this.bytes = larger;
  }

  /** A length or count: LEB128. */
  length(length: number): void {
    this.room(5);
    const bytes = this.bytes;
    let rest = length;
    while (rest > 0x7f) {
      bytes[this.at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    bytes[this.at++] = rest;
  }
}

/** A table's numbered field names; 0 stands for a name that has no number. */
export interface Names {
  number(name: string): number;
  name(number: number): string;
}

const NULL = 0x80;
const UNDEFINED = 0x81;
const FALSE = 0x82;
const TRUE = 0x83;
const F64 = 0x84;
const U8 = 0x85;
const U16 = 0x86;
const U32 = 0x87;
const U48 = 0x88;
const I32 = 0x89;
const UTF8 = 0x8a;
const ASCII_LONG = 0x8b;
const BASE64 = 0x8c;
const BIGINT = 0x8d;
const DATE = 0x8e;
const MAP = 0x8f;
const SET = 0x90;
const BINARY = 0xa0;
const ASCII = 0x20;
const ARRAY = 0x60;
const OBJECT = 0x70;

const VERSION = 0x10;

/** The classes of binary values by their number. */
const CLASSES = [
  "Uint8Array",
  "ArrayBuffer",
  "Int8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
  "DataView",
  "Float16Array",
];

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const CODES = new Uint8Array(64);
const VALUES = new Uint8Array(128).fill(0xff);
for (let i = 0; i < 64; i++) {
  CODES[i] = LETTERS.charCodeAt(i);
  VALUES[LETTERS.charCodeAt(i)] = i;
}

const PACK_FROM = 12;
const PACK_TO = 256;

const utf8 = new TextEncoder();
const text = new TextDecoder("utf-8", { ignoreBOM: true });
const float = new Float64Array(1);
const floatBytes = new Uint8Array(float.buffer);

/** Thrown out of an encoding that meets what can't be stored; the path is found afterwards. */
class Unsupported extends Error {}

function unsupported(): never {
  throw new Unsupported();
}

/** Whether keys of the string would not be changed on their way into UTF-8. */
export function isWellFormed(string: string): boolean {
  return (string as unknown as { isWellFormed(): boolean }).isWellFormed();
}

/** An object without a class: its fields are all there is to it. */
export function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Writes a string. */
export function writeText(w: Writer, string: string): void {
  const length = string.length;
  if (length < 64) {
    w.room(64);
    if (length >= PACK_FROM && (length & 3) === 0 && writePacked(w, string)) return;
    const bytes = w.bytes;
    let at = w.at;
    bytes[at++] = ASCII + length;
    let all = 0;
    for (let i = 0; i < length; i++) {
      const code = string.charCodeAt(i);
      all |= code;
      bytes[at++] = code;
    }
    if (all < 128) {
      w.at = at;
      return;
    }
  } else if (length <= PACK_TO && (length & 3) === 0) {
    w.room(PACK_TO);
    if (writePacked(w, string)) return;
  }
  writeLong(w, string);
}

function writePacked(w: Writer, string: string): boolean {
  const bytes = w.bytes;
  const groups = string.length >> 2;
  let at = w.at + 2;
  for (let i = 0; i < string.length; i += 4) {
    const a = string.charCodeAt(i);
    const b = string.charCodeAt(i + 1);
    const c = string.charCodeAt(i + 2);
    const d = string.charCodeAt(i + 3);
    if ((a | b | c | d) > 127) return false;
    const x = VALUES[a] as number;
    const y = VALUES[b] as number;
    const z = VALUES[c] as number;
    const u = VALUES[d] as number;
    if ((x | y | z | u) > 63) return false;
    bytes[at] = (x << 2) | (y >> 4);
    bytes[at + 1] = (y << 4) | (z >> 2);
    bytes[at + 2] = (z << 6) | u;
    at += 3;
  }
  bytes[w.at] = BASE64;
  bytes[w.at + 1] = groups;
  w.at = at;
  return true;
}

function writeLong(w: Writer, string: string): void {
  // Room for what UTF-8 takes at the most is asked for only where the string fits at all.
  w.room(string.length + 6);
  w.room(utf8Bound(string, w.bytes.length - w.at));
  const head = lengthSize(string.length * 3);
  const from = w.at + 1 + head;
  const { written } = utf8.encodeInto(string, w.bytes.subarray(from));
  const ascii = written === string.length;
  if (!ascii && !isWellFormed(string)) unsupported();
  w.bytes[w.at++] = ascii ? ASCII_LONG : UTF8;
  w.length(written);
  if (w.at !== from) w.bytes.copyWithin(w.at, from, from + written);
  w.at += written;
}

function utf8Bound(string: string, room: number): number {
  const most = string.length * 3 + 6;
  return most <= room ? most : exactUtf8(string) + 6;
}

function exactUtf8(string: string): number {
  let bytes = string.length;
  for (let i = 0; i < string.length; i++) {
    const code = string.charCodeAt(i);
    // Half of a surrogate pair is two of its four bytes.
    if (code > 0x7f) bytes += code > 0x7ff && (code < 0xd800 || code > 0xdfff) ? 2 : 1;
  }
  return bytes;
}

function lengthSize(length: number): number {
  return length < 0x80 ? 1 : length < 0x4000 ? 2 : length < 0x200000 ? 3 : length < 0x10000000 ? 4 : 5;
}

function writeNumber(w: Writer, value: number): void {
  w.room(9);
  const bytes = w.bytes;
  if ((value | 0) === value && (value !== 0 || !Object.is(value, -0))) {
    if (value >= 0) {
      if (value < 32) {
        bytes[w.at++] = value;
      } else if (value < 0x100) {
        bytes[w.at] = U8;
        bytes[w.at + 1] = value;
        w.at += 2;
      } else if (value < 0x10000) {
        bytes[w.at] = U16;
        bytes[w.at + 1] = value;
        bytes[w.at + 2] = value >> 8;
        w.at += 3;
      } else {
        write32(w, U32, value);
      }
    } else {
      write32(w, I32, value);
    }
  } else if (value > 0 && value < 2 ** 48 && Math.floor(value) === value) {
    if (value < 2 ** 32) {
      write32(w, U32, value);
    } else {
      const low = value % 0x10000;
      bytes[w.at] = U48;
      bytes[w.at + 1] = low;
      bytes[w.at + 2] = low >> 8;
      w.at += 2;
      write32(w, low >> 8, (value - low) / 0x10000);
    }
  } else {
    bytes[w.at++] = F64;
    writeFloat(w, value);
  }
}

function write32(w: Writer, tag: number, value: number): void {
  const { bytes, at } = w;
  bytes[at] = tag;
  bytes[at + 1] = value;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value >>> 16;
  bytes[at + 4] = value >>> 24;
  w.at = at + 5;
}

/** Writes eight bytes of a float. */
export function writeFloat(w: Writer, value: number): void {
  w.room(8);
  float[0] = value;
  for (let i = 0; i < 8; i++) w.bytes[w.at++] = floatBytes[i] as number;
}

function writeBigInt(w: Writer, value: bigint): void {
  const negative = value < 0n;
  let rest = negative ? -value : value;
  const digits = rest.toString(16);
  const size = rest === 0n ? 0 : (digits.length + 1) >> 1;
  w.room(size + 8);
  w.bytes[w.at++] = BIGINT;
  w.bytes[w.at++] = negative ? 1 : 0;
  w.length(size);
  if (size <= 8) {
    for (let i = 0; i < size; i++) {
      w.bytes[w.at++] = Number(rest & 0xffn);
      rest >>= 8n;
    }
    return;
  }
  for (let end = digits.length; end > 0; end -= 2) {
    w.bytes[w.at++] = Number.parseInt(digits.slice(Math.max(0, end - 2), end), 16);
  }
}

function writeCount(w: Writer, tag: number, count: number): void {
  w.room(6);
  if (count < 15) {
    w.bytes[w.at++] = tag | count;
  } else {
    w.bytes[w.at++] = tag | 15;
    w.length(count);
  }
}

/** Writes a value; `depth` is how many containers may still be opened. */
export function writeTerm(w: Writer, value: unknown, depth: number = MAX_DEPTH): void {
  switch (typeof value) {
    case "string":
      writeText(w, value);
      return;
    case "number":
      writeNumber(w, value);
      return;
    case "boolean":
      w.room(1);
      w.bytes[w.at++] = value ? TRUE : FALSE;
      return;
    case "undefined":
      w.room(1);
      w.bytes[w.at++] = UNDEFINED;
      return;
    case "bigint":
      writeBigInt(w, value);
      return;
    case "object":
      if (value === null) {
        w.room(1);
        w.bytes[w.at++] = NULL;
        return;
      }
      writeObject(w, value, depth);
      return;
    default:
      unsupported();
  }
}

function writeObject(w: Writer, value: object, depth: number): void {
  if (Array.isArray(value)) {
    writeArray(w, value, depth - 1);
    return;
  }
  if (isPlain(value)) {
    writePlain(w, value as Record<string, unknown>, depth - 1);
    return;
  }
  if (ArrayBuffer.isView(value)) {
    writeView(w, value);
    return;
  }
  // A class's instance would come back as something else; only these four classes come back as they went.
  const chain = Object.getPrototypeOf(Object.getPrototypeOf(Object.getPrototypeOf(value)));
  if (chain !== null) unsupported();
  switch (Object.prototype.toString.call(value)) {
    case "[object Date]":
      w.room(9);
      w.bytes[w.at++] = DATE;
      writeFloat(w, Date.prototype.getTime.call(value));
      return;
    case "[object Map]":
      writeMap(w, value as Map<unknown, unknown>, depth - 1);
      return;
    case "[object Set]":
      writeSet(w, value as Set<unknown>, depth - 1);
      return;
    case "[object ArrayBuffer]":
      writeBinary(w, 1, new Uint8Array(value as ArrayBuffer));
      return;
    default:
      unsupported();
  }
}

function writeArray(w: Writer, values: unknown[], depth: number): void {
  // Holes are missed below; names beside the indices would be lost in silence.
  const extra = Object.keys(values).length > values.length;
  if (depth < 0 || extra || !isPlain(Object.getPrototypeOf(values))) unsupported();
  writeCount(w, ARRAY, values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === undefined && !(i in values)) unsupported();
    writeTerm(w, value, depth);
  }
}

function writePlain(w: Writer, fields: Record<string, unknown>, depth: number): void {
  if (depth < 0 || Object.getOwnPropertySymbols(fields).length > 0) unsupported();
  const keys = Object.keys(fields);
  writeCount(w, OBJECT, keys.length);
  for (const key of keys) {
    writeText(w, key);
    writeTerm(w, fields[key], depth);
  }
}

function writeMap(w: Writer, map: Map<unknown, unknown>, depth: number): void {
  if (depth < 0) unsupported();
  w.room(1);
  w.bytes[w.at++] = MAP;
  w.length(map.size);
  for (const [key, value] of [...map]) {
    writeTerm(w, key, depth);
    writeTerm(w, value, depth);
  }
}

function writeSet(w: Writer, set: Set<unknown>, depth: number): void {
  if (depth < 0) unsupported();
  w.room(1);
  w.bytes[w.at++] = SET;
  w.length(set.size);
  for (const value of [...set]) writeTerm(w, value, depth);
}

function writeView(w: Writer, view: ArrayBufferView): void {
  const name = (view as unknown as { [Symbol.toStringTag]: string })[Symbol.toStringTag];
  const number = CLASSES.indexOf(name);
  if (number < 0) unsupported();
  writeBinary(w, number, new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
}

function writeBinary(w: Writer, number: number, bytes: Uint8Array): void {
  w.room(bytes.length + 6);
  w.bytes[w.at++] = BINARY | number;
  w.length(bytes.length);
  w.bytes.set(bytes, w.at);
  w.at += bytes.length;
}

/** The numbers of a row's names; looked up before anything is written, since numbering a name may call the core. */
export function numbersOf(names: Names, keys: readonly string[]): number[] {
  const numbers = new Array<number>(keys.length);
  for (let i = 0; i < keys.length; i++) numbers[i] = names.number(keys[i] as string);
  return numbers;
}

/** The names of a row's fields; throws ERR_UNSUPPORTED_VALUE where it is no plain object. */
export function fieldsOf(row: unknown): string[] {
  if (typeof row !== "object" || row === null || Array.isArray(row) || !isPlain(row)) {
    throw new EtsError("ERR_UNSUPPORTED_VALUE", "a row must be a plain object", { path: "" });
  }
  if (Object.getOwnPropertySymbols(row).length > 0) {
    throw new EtsError("ERR_UNSUPPORTED_VALUE", "a field's name must be a string", { path: "" });
  }
  const keys = Object.keys(row);
  for (const key of keys) {
    if (!isWellFormed(key)) throw new EtsError("ERR_BAD_KEY", "a field's name must be a well-formed string");
  }
  return keys;
}

/** Writes what a record begins with: how many fields, and the numbers of their names. */
export function writeHead(w: Writer, numbers: readonly number[]): void {
  const count = numbers.length;
  w.room(count * 5 + 6);
  if (count < 15) {
    w.bytes[w.at++] = VERSION | count;
  } else {
    w.bytes[w.at++] = VERSION | 15;
    w.length(count);
  }
  for (let i = 0; i < count; i++) w.length(numbers[i] as number);
}

/** Writes a record: the fields' names, by number where they have one, and their values. */
export function writeRecord(
  w: Writer,
  row: Record<string, unknown>,
  keys: readonly string[],
  numbers: readonly number[],
): void {
  writeHead(w, numbers);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    if (numbers[i] === 0) writeText(w, key);
    writeTerm(w, row[key]);
  }
}

/** Runs an encoding, and turns what it trips over into an error that names the path. */
export function encoding<T>(value: unknown, path: string, encode: () => T): T {
  try {
    return encode();
  } catch (error) {
    if (error instanceof EtsError) throw error;
    const at = culprit(value, path, MAX_DEPTH, new Set()) ?? path;
    throw new EtsError("ERR_UNSUPPORTED_VALUE", `the value at ${at || "the top"} can't be stored`, {
      path: at,
    });
  }
}

/** The path of the first part of a value that can't be stored. */
function culprit(value: unknown, path: string, depth: number, above: Set<unknown>): string | undefined {
  const inner = (part: unknown, name: string) => culprit(part, name, depth - 1, above);
  try {
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) {
      writeTerm(new Writer(), value);
      return undefined;
    }
    if (depth <= 0 || above.has(value)) return path;
    above.add(value);
    if (Array.isArray(value)) {
      if (Object.keys(value).length > value.length) return path;
      for (let i = 0; i < value.length; i++) {
        const found = i in value ? inner(value[i], `${path}[${i}]`) : `${path}[${i}]`;
        if (found !== undefined) return found;
      }
    } else if (isPlain(value)) {
      for (const key of Object.keys(value)) {
        const name = path === "" ? key : `${path}.${key}`;
        if (!isWellFormed(key)) return name;
        const found = field(value as Record<string, unknown>, key, name, inner);
        if (found !== undefined) return found;
      }
    } else if (value instanceof Map || value instanceof Set) {
      let i = 0;
      for (const part of value instanceof Map ? [...value].flat() : value) {
        const found = inner(part, `${path}[${value instanceof Map ? i >> 1 : i}]`);
        if (found !== undefined) return found;
        i++;
      }
    }
    above.delete(value);
    writeTerm(new Writer(), value, depth);
    return undefined;
  } catch {
    return path;
  }
}

function field(
  object: Record<string, unknown>,
  key: string,
  name: string,
  inner: (part: unknown, name: string) => string | undefined,
): string | undefined {
  try {
    return inner(object[key], name);
  } catch {
    return name;
  }
}

/** Bytes being read, from `at`. They were written by {@link writeTerm} or checked by the core. */
export class Reader {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;

  byte(): number {
    return this.bytes[this.at++] as number;
  }

  length(): number {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * unit;
      if (byte < 128) return value;
    }
  }

  float(): number {
    for (let i = 0; i < 8; i++) floatBytes[i] = this.byte();
    return float[0] as number;
  }

  take(length: number): Uint8Array {
    const from = this.at;
    this.at += length;
    return this.bytes.subarray(from, this.at);
  }
}

function readAscii(r: Reader, length: number): string {
  const { bytes, at } = r;
  r.at = at + length;
  const code = (i: number) => bytes[at + i] as number;
  switch (length) {
    case 0:
      return "";
    case 1:
      return String.fromCharCode(code(0));
    case 2:
      return String.fromCharCode(code(0), code(1));
    case 3:
      return String.fromCharCode(code(0), code(1), code(2));
    case 4:
      return String.fromCharCode(code(0), code(1), code(2), code(3));
    case 5:
      return String.fromCharCode(code(0), code(1), code(2), code(3), code(4));
    case 6:
      return String.fromCharCode(code(0), code(1), code(2), code(3), code(4), code(5));
    case 7:
      return String.fromCharCode(code(0), code(1), code(2), code(3), code(4), code(5), code(6));
    default:
      return text.decode(bytes.subarray(at, at + length));
  }
}

const unpacked = new Uint8Array(PACK_TO);

function readPacked(r: Reader): string {
  const groups = r.length();
  const out = groups * 4 <= unpacked.length ? unpacked : new Uint8Array(groups * 4);
  const { bytes } = r;
  for (let i = 0, at = r.at; i < groups * 4; i += 4, at += 3) {
    const x = bytes[at] as number;
    const y = bytes[at + 1] as number;
    const z = bytes[at + 2] as number;
    out[i] = CODES[x >> 2] as number;
    out[i + 1] = CODES[((x & 3) << 4) | (y >> 4)] as number;
    out[i + 2] = CODES[((y & 15) << 2) | (z >> 6)] as number;
    out[i + 3] = CODES[z & 63] as number;
  }
  r.at += groups * 3;
  return text.decode(out.subarray(0, groups * 4));
}

/** Reads a value: a new one, that shares nothing with the bytes. */
export function readTerm(r: Reader): unknown {
  const tag = r.byte();
  if (tag < ASCII) return tag;
  if (tag < ARRAY) return readAscii(r, tag - ASCII);
  if (tag < OBJECT) return readArray(r, tag === 0x6f ? r.length() : tag & 15);
  if (tag < NULL) return readPlain(r, tag === 0x7f ? r.length() : tag & 15);
  switch (tag) {
    case NULL:
      return null;
    case UNDEFINED:
      return undefined;
    case FALSE:
      return false;
    case TRUE:
      return true;
    case F64:
      return r.float();
    case U8:
      return r.byte();
    case U16:
      return r.byte() | (r.byte() << 8);
    case U32:
      return read32(r) >>> 0;
    case U48:
      return (r.byte() | (r.byte() << 8)) + (read32(r) >>> 0) * 0x10000;
    case I32:
      return read32(r);
    case UTF8:
    case ASCII_LONG:
      return text.decode(r.take(r.length()));
    case BASE64:
      return readPacked(r);
    case BIGINT:
      return readBigInt(r);
    case DATE:
      return new Date(r.float());
    case MAP: {
      const map = new Map();
      for (let left = r.length(); left > 0; left--) {
        const key = readTerm(r);
        map.set(key, readTerm(r));
      }
      return map;
    }
    case SET: {
      const set = new Set();
      for (let left = r.length(); left > 0; left--) set.add(readTerm(r));
      return set;
    }
    default:
      return readBinary(r, tag & 15);
  }
}

function read32(r: Reader): number {
  const { bytes, at } = r;
  r.at = at + 4;
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

function readArray(r: Reader, length: number): unknown[] {
  const values: unknown[] = [];
  for (let i = 0; i < length; i++) values.push(readTerm(r));
  return values;
}

function readPlain(r: Reader, count: number): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (let i = 0; i < count; i++) {
    const name = readTerm(r) as string;
    setField(fields, name, readTerm(r));
  }
  return fields;
}

/** Assigning to what Object.prototype has, __proto__ for one, might set something else than a field. */
export function setField(fields: Record<string, unknown>, name: string, value: unknown): void {
  if (name in Object.prototype) {
    Object.defineProperty(fields, name, { value, writable: true, enumerable: true, configurable: true });
  } else {
    fields[name] = value;
  }
}

function readBigInt(r: Reader): bigint {
  const negative = r.byte() === 1;
  const bytes = r.take(r.length());
  let digits = "0x0";
  for (let i = bytes.length - 1; i >= 0; i--) digits += (bytes[i] as number).toString(16).padStart(2, "0");
  const value = BigInt(digits);
  return negative ? -value : value;
}

type ViewClass = new (buffer: ArrayBuffer) => ArrayBufferView;

function readBinary(r: Reader, number: number): ArrayBuffer | ArrayBufferView {
  const { buffer } = r.take(r.length()).slice() as Uint8Array<ArrayBuffer>;
  const name = CLASSES[number] as string;
  const Class = (globalThis as unknown as Record<string, ViewClass>)[name];
  return number === 1 || Class === undefined ? buffer : new Class(buffer);
}

/** Reads a record's fields into an object. */
export function readRecord(r: Reader, names: Names): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  let count = r.byte() & 15;
  if (count === 15) count = r.length();
  const list = new Array<number>(count);
  for (let i = 0; i < count; i++) list[i] = r.length();
  for (let i = 0; i < count; i++) {
    const number = list[i] as number;
    const name = number === 0 ? (readTerm(r) as string) : names.name(number);
    setField(row, name, readTerm(r));
  }
  return row;
}

/** Whether two values would be stored as the same. */
export function sameTerm(a: unknown, b: unknown): boolean {
  if (Object.is(a, b) && (typeof a !== "object" || a === null)) return true;
  if (typeof a !== typeof b || typeof a !== "object" || a === null || b === null) return false;
  const [x, y] = [new Writer(), new Writer()];
  writeTerm(x, canonical(a));
  writeTerm(y, canonical(b));
  if (x.at !== y.at) return false;
  for (let i = 0; i < x.at; i++) if (x.bytes[i] !== y.bytes[i]) return false;
  return true;
}

/** The same value with objects' fields in one order, which is no part of a value. */
function canonical(value: unknown): unknown {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(canonical);
  if (value instanceof Map) return new Map([...value].map(([k, v]) => [canonical(k), canonical(v)]));
  if (value instanceof Set) return new Set([...value].map(canonical));
  if (!isPlain(value)) return value;
  const fields: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) {
    setField(fields, key, canonical((value as Record<string, unknown>)[key]));
  }
  return fields;
}
