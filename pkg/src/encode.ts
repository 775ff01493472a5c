/** Values to bytes. What can't be stored is refused with its path. */
import {
  ARRAY,
  ASCII,
  ASCII_LONG,
  BASE64,
  BIGINT,
  BINARY,
  CLASSES,
  DATE,
  F64,
  FALSE,
  float,
  floatBytes,
  I32,
  MAP,
  MAX_DEPTH,
  NULL,
  OBJECT,
  PACK_FROM,
  PACK_TO,
  SET,
  TRUE,
  U8,
  U16,
  U32,
  U48,
  UNDEFINED,
  UTF8,
  VALUES,
} from "./format.js";

const utf8 = new TextEncoder();

/**
 * Where values are being written. Every `put…` writes at a place in it and gives the place behind, so that
 * the place stays in a register; where there is no room, a larger copy takes its place.
 */
let out: Uint8Array = new Uint8Array(0);

/** What was written so far, at the places where it was put. */
export function current(): Uint8Array {
  return out;
}

/** Has what follows written elsewhere, and gives what was written to before. */
export function redirect(to: Uint8Array): Uint8Array {
  const before = out;
  out = to;
  return before;
}

/** Makes sure that there is room for so many bytes at a place. */
function room(at: number, more: number): void {
  if (at + more > out.length) grow(at + more);
}

function grow(needed: number): void {
  const larger = new Uint8Array(Math.max(out.length * 2, needed));
  larger.set(out);
  out = larger;
}

let spare: Uint8Array | undefined = new Uint8Array(1024);

/** The bytes that `put` puts at 0 and behind it. */
export function bytesOf(put: () => number): Uint8Array {
  const before = redirect(spare ?? new Uint8Array(1024));
  spare = undefined;
  try {
    const size = put();
    return out.slice(0, size);
  } finally {
    if (out.length <= KEPT) spare = out;
    out = before;
  }
}

/** A buffer that a large value made larger than this is not kept for the small ones that follow. */
const KEPT = 65_536;

export function putByte(at: number, byte: number): number {
  room(at, 1);
  out[at] = byte;
  return at + 1;
}

export function putBytes(at: number, bytes: Uint8Array): number {
  const size = bytes.length;
  room(at, size);
  // A call costs more than a loop over what a session's field has.
  if (size > 64) out.set(bytes, at);
  else for (let i = 0; i < size; i++) out[at + i] = bytes[i] as number;
  return at + size;
}

/** A length or count: LEB128. */
export function putLength(at: number, length: number): number {
  room(at, 5);
  let rest = length;
  let to = at;
  while (rest > 0x7f) {
    out[to++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  out[to] = rest;
  return to + 1;
}

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
  // Each realm has an Object.prototype of its own, and nothing else that stands above nothing has what it has.
  return prototype === Object.prototype || prototype === null || Object.hasOwn(prototype, "isPrototypeOf");
}

export function putText(at: number, string: string): number {
  const length = string.length;
  if (length <= PACK_TO) room(at, PACK_TO);
  if (length >= PACK_FROM && length <= PACK_TO && (length & 3) === 0) {
    const end = putPacked(at, string);
    if (end > 0) return end;
  }
  if (length >= 64) return putLong(at, string);
  const bytes = out;
  let to = at;
  bytes[to++] = ASCII + length;
  let all = 0;
  for (let i = 0; i < length; i++) {
    const code = string.charCodeAt(i);
    all |= code;
    bytes[to++] = code;
  }
  return all < 128 ? to : putLong(at, string);
}

function putPacked(at: number, string: string): number {
  const end = pack(out, at + 2, string);
  if (end > 0) {
    out[at] = BASE64;
    out[at + 1] = string.length >> 2;
  }
  return end;
}

/** Writes four characters of base64url as three bytes, and gives the place behind; 0 for a string that has others. */
export function pack(bytes: Uint8Array, at: number, string: string): number {
  const length = string.length;
  // Of its own: what a module has is looked up each time.
  const values = VALUES;
  let to = at;
  for (let i = 0; i < length; i += 4) {
    const a = string.charCodeAt(i);
    const b = string.charCodeAt(i + 1);
    const c = string.charCodeAt(i + 2);
    const d = string.charCodeAt(i + 3);
    if ((a | b | c | d) > 127) return 0;
    const x = values[a] as number;
    const y = values[b] as number;
    const z = values[c] as number;
    const u = values[d] as number;
    if ((x | y | z | u) > 63) return 0;
    bytes[to] = (x << 2) | (y >> 4);
    bytes[to + 1] = (y << 4) | (z >> 2);
    bytes[to + 2] = (z << 6) | u;
    to += 3;
  }
  return to;
}

function putLong(at: number, string: string): number {
  // Room for what UTF-8 takes at the most is asked for only where the string fits at all.
  room(at, string.length + 6);
  room(at, utf8Bound(string, out.length - at));
  const from = at + 1 + lengthSize(string.length * 3);
  const { written } = utf8.encodeInto(string, out.subarray(from));
  const ascii = written === string.length;
  if (!ascii && !isWellFormed(string)) unsupported();
  out[at] = ascii ? ASCII_LONG : UTF8;
  const to = putLength(at + 1, written);
  if (to !== from) out.copyWithin(to, from, from + written);
  return to + written;
}

function utf8Bound(string: string, free: number): number {
  const most = string.length * 3 + 6;
  return most <= free ? most : exactUtf8(string) + 6;
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

function putNumber(at: number, value: number): number {
  room(at, 9);
  const bytes = out;
  if ((value | 0) === value && (value !== 0 || !Object.is(value, -0))) {
    if (value < 0) return put32(at, I32, value);
    if (value < 32) {
      bytes[at] = value;
      return at + 1;
    }
    bytes[at + 1] = value;
    if (value < 0x100) {
      bytes[at] = U8;
      return at + 2;
    }
    if (value < 0x10000) {
      bytes[at] = U16;
      bytes[at + 2] = value >> 8;
      return at + 3;
    }
    return put32(at, U32, value);
  }
  if (value > 0 && value < 2 ** 48 && Math.floor(value) === value) {
    const high = Math.floor(value / 2 ** 32);
    const low = (value - high * 2 ** 32) | 0;
    if (high === 0) return put32(at, U32, low);
    put32(at, U48, low);
    bytes[at + 5] = high;
    bytes[at + 6] = high >> 8;
    return at + 7;
  }
  bytes[at] = F64;
  return putFloat(at + 1, value);
}

function put32(at: number, tag: number, value: number): number {
  const bytes = out;
  bytes[at] = tag;
  bytes[at + 1] = value;
  bytes[at + 2] = value >> 8;
  bytes[at + 3] = value >> 16;
  bytes[at + 4] = value >> 24;
  return at + 5;
}

/** Eight bytes of a float. */
export function putFloat(at: number, value: number): number {
  room(at, 8);
  float[0] = value;
  for (let i = 0; i < 8; i++) out[at + i] = floatBytes[i] as number;
  return at + 8;
}

function putBigInt(at: number, value: bigint): number {
  const negative = value < 0n;
  const digits = (negative ? -value : value).toString(16);
  const size = value === 0n ? 0 : (digits.length + 1) >> 1;
  let to = putLength(putByte(putByte(at, BIGINT), negative ? 1 : 0), size);
  room(to, size);
  const last = to + size;
  for (let end = digits.length; to < last; end -= 2) {
    out[to++] = Number.parseInt(digits.slice(Math.max(0, end - 2), end), 16);
  }
  return to;
}

function putCount(at: number, tag: number, count: number): number {
  return count < 15 ? putByte(at, tag | count) : putLength(putByte(at, tag | 15), count);
}

/** A value; `depth` is how many containers may still be opened. */
export function putTerm(at: number, value: unknown, depth: number = MAX_DEPTH): number {
  if (typeof value === "string") return putText(at, value);
  if (typeof value === "number") return putNumber(at, value);
  if (typeof value === "object" && value !== null) return putObject(at, value, depth);
  return putScalar(at, value);
}

function putScalar(at: number, value: unknown): number {
  switch (typeof value) {
    case "boolean":
      return putByte(at, value ? TRUE : FALSE);
    case "undefined":
      return putByte(at, UNDEFINED);
    case "bigint":
      return putBigInt(at, value);
    default:
      return value === null ? putByte(at, NULL) : unsupported();
  }
}

function putObject(at: number, value: object, depth: number): number {
  if (Array.isArray(value)) return putArray(at, value, depth - 1);
  if (isPlain(value)) return putPlain(at, value as Record<string, unknown>, depth - 1);
  if (ArrayBuffer.isView(value)) return putView(at, value);
  // A class's instance would come back as something else; only these four classes come back as they went.
  const chain = Object.getPrototypeOf(Object.getPrototypeOf(Object.getPrototypeOf(value)));
  if (chain !== null) unsupported();
  // What only says that it is one of them has none of their insides, and the class's own methods throw.
  switch (Object.prototype.toString.call(value)) {
    case "[object Date]":
      return putFloat(putByte(at, DATE), Date.prototype.getTime.call(value));
    case "[object Map]": {
      const pairs = [...Map.prototype.entries.call(value)];
      return putAll(putLength(putByte(at, MAP), pairs.length), pairs.flat(), depth - 1);
    }
    case "[object Set]": {
      const values = [...Set.prototype.values.call(value)];
      return putAll(putLength(putByte(at, SET), values.length), values, depth - 1);
    }
    case "[object ArrayBuffer]":
      return putBinary(at, 1, new Uint8Array(ArrayBuffer.prototype.slice.call(value, 0)));
    default:
      return unsupported();
  }
}

function putAll(at: number, values: readonly unknown[], depth: number): number {
  if (depth < 0) unsupported();
  let to = at;
  for (const value of values) to = putTerm(to, value, depth);
  return to;
}

function putArray(at: number, values: unknown[], depth: number): number {
  // Read first: engines that know by it what the array is know its prototype, too, and need not call to ask for it.
  const { length } = values;
  const prototype = Object.getPrototypeOf(values);
  if (depth < 0 || (prototype !== Array.prototype && !isPlain(prototype))) unsupported();
  let to = putCount(at, ARRAY, length);
  for (let i = 0; i < length; i++) {
    const value = values[i];
    if (value === undefined && !(i in values)) unsupported();
    to = putTerm(to, value, depth);
  }
  return to;
}

function putPlain(at: number, fields: Record<string, unknown>, depth: number): number {
  if (depth < 0) unsupported();
  const keys = Object.keys(fields);
  let to = putCount(at, OBJECT, keys.length);
  for (const key of keys) to = putTerm(putText(to, key), fields[key], depth);
  return to;
}

function putView(at: number, view: ArrayBufferView): number {
  const name = (view as unknown as { [Symbol.toStringTag]: string })[Symbol.toStringTag];
  const number = CLASSES.indexOf(name);
  if (number < 0) unsupported();
  return putBinary(at, number, new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
}

function putBinary(at: number, number: number, bytes: Uint8Array): number {
  return putBytes(putLength(putByte(at, BINARY | number), bytes.length), bytes);
}

/** The path of the first part of a value that can't be stored. */
export function culprit(value: unknown, path: string): string | undefined {
  return search(value, path, MAX_DEPTH, new Set());
}

function search(value: unknown, path: string, depth: number, above: Set<unknown>): string | undefined {
  const inner = (part: unknown, name: string) => search(part, name, depth - 1, above);
  try {
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) {
      bytesOf(() => putTerm(0, value));
      return undefined;
    }
    if (depth <= 0 || above.has(value)) return path;
    above.add(value);
    if (Array.isArray(value)) {
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
    bytesOf(() => putTerm(0, value, depth));
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
