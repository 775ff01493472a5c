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

  append(more: Uint8Array): void {
    this.room(more.length);
    this.bytes.set(more, this.at);
    this.at += more.length;
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
  w.room(1);
  w.bytes[w.at++] = BINARY | number;
  w.length(bytes.length);
  w.append(bytes);
}

/** The path of the first part of a value that can't be stored. */
export function culprit(value: unknown, path: string): string | undefined {
  return search(value, path, MAX_DEPTH, new Set());
}

function search(value: unknown, path: string, depth: number, above: Set<unknown>): string | undefined {
  const inner = (part: unknown, name: string) => search(part, name, depth - 1, above);
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
