/** Bytes to values. They were written by encode.ts or checked by the core. */
import {
  ARRAY,
  ASCII,
  ASCII_LONG,
  BASE64,
  BIGINT,
  CLASSES,
  CODES,
  DATE,
  F64,
  FALSE,
  float,
  floatBytes,
  I32,
  MAP,
  NULL,
  OBJECT,
  PACK_TO,
  SET,
  TRUE,
  U8,
  U16,
  U32,
  U48,
  UNDEFINED,
  UTF8,
} from "./format.js";

const text = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * What is being read, and where: one value at a time, which nothing interrupts. Written by {@link writeTerm} or
 * checked by the core.
 */
let bytes: Uint8Array = new Uint8Array(0);
let at = 0;

/** Has what follows read from a place in some bytes. */
export function seek(from: Uint8Array, place: number): void {
  bytes = from;
  at = place;
}

export function readByte(): number {
  return bytes[at++] as number;
}

export function readLength(): number {
  let value = 0;
  for (let unit = 1; ; unit *= 128) {
    const byte = readByte();
    value += (byte & 0x7f) * unit;
    if (byte < 128) return value;
  }
}

export function readFloat(): number {
  for (let i = 0; i < 8; i++) floatBytes[i] = readByte();
  return float[0] as number;
}

/** The next so many bytes themselves. */
export function readBytes(length: number): Uint8Array {
  const from = at;
  at += length;
  return bytes.subarray(from, at);
}

/** Whether the bytes to be read begin with some others, which are stepped over then. */
export function skip(expected: Uint8Array): boolean {
  const b = bytes;
  const from = at;
  const { length } = expected;
  for (let i = 0; i < length; i++) if (b[from + i] !== expected[i]) return false;
  at = from + length;
  return true;
}

/** As it is, but for what indexing is said to give; whoever calls it knows that the bytes are there. */
const char = String.fromCharCode as (...codes: Array<number | undefined>) => string;

/** Short strings are made of explicit arguments: several times as fast as a decoder's call. */
function ascii(b: Uint8Array, i: number, length: number): string {
  switch (length) {
    case 0:
      return "";
    case 1:
      return char(b[i]);
    case 2:
      return char(b[i], b[i + 1]);
    case 3:
      return char(b[i], b[i + 1], b[i + 2]);
    case 4:
      return char(b[i], b[i + 1], b[i + 2], b[i + 3]);
    case 5:
      return char(b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4]);
    case 6:
      return char(b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4], b[i + 5]);
    case 7:
      return char(b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4], b[i + 5], b[i + 6]);
    case 8:
      return char(b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4], b[i + 5], b[i + 6], b[i + 7]);
    default:
      return text.decode(b.subarray(i, i + length));
  }
}

const unpacked = new Uint8Array(PACK_TO);

function readPacked(): string {
  const groups = readLength();
  const size = groups * 4;
  const out = size <= PACK_TO ? unpacked : new Uint8Array(size);
  for (let i = 0; i < size; i += 4) {
    const bits = group(bytes, at);
    at += 3;
    out[i] = CODES[bits >> 18] as number;
    out[i + 1] = CODES[(bits >> 12) & 63] as number;
    out[i + 2] = CODES[(bits >> 6) & 63] as number;
    out[i + 3] = CODES[bits & 63] as number;
  }
  return text.decode(out.subarray(0, size));
}

/** Three bytes that stand for four characters. */
function group(b: Uint8Array, i: number): number {
  return ((b[i] as number) << 16) | ((b[i + 1] as number) << 8) | (b[i + 2] as number);
}

/** The length of a session's id or token: worth its own lines. */
function packed24(bytes: Uint8Array, i: number): string {
  const c = CODES;
  const a = group(bytes, i);
  const b = group(bytes, i + 3);
  const d = group(bytes, i + 6);
  const e = group(bytes, i + 9);
  const f = group(bytes, i + 12);
  const g = group(bytes, i + 15);
  return char(
    c[a >> 18],
    c[(a >> 12) & 63],
    c[(a >> 6) & 63],
    c[a & 63],
    c[b >> 18],
    c[(b >> 12) & 63],
    c[(b >> 6) & 63],
    c[b & 63],
    c[d >> 18],
    c[(d >> 12) & 63],
    c[(d >> 6) & 63],
    c[d & 63],
    c[e >> 18],
    c[(e >> 12) & 63],
    c[(e >> 6) & 63],
    c[e & 63],
    c[f >> 18],
    c[(f >> 12) & 63],
    c[(f >> 6) & 63],
    c[f & 63],
    c[g >> 18],
    c[(g >> 12) & 63],
    c[(g >> 6) & 63],
    c[g & 63],
  );
}

/** The id that stands at a place in some bytes. */
export function readId(from: Uint8Array, place: number): string {
  return packed24(from, place);
}

/**
 * Reads a value: a new one, that shares nothing with the bytes. Where it ends is written once, since engines keep no
 * module's variable in a register.
 */
export function readTerm(): unknown {
  const b = bytes;
  const i = at;
  const tag = b[i] as number;
  if (tag < ASCII) {
    at = i + 1;
    return tag;
  }
  if (tag < ARRAY) {
    const length = tag - ASCII;
    at = i + 1 + length;
    return ascii(b, i + 1, length);
  }
  at = i + 1;
  if (tag < OBJECT) return readArray(tag === 0x6f ? readLength() : tag & 15);
  if (tag < NULL) return readPlain(tag === 0x7f ? readLength() : tag & 15);
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
      return readFloat();
    case U8:
      at = i + 2;
      return b[i + 1];
    case U16:
      at = i + 3;
      return two(b, i + 1);
    case U32:
      at = i + 5;
      return four(b, i + 1) >>> 0;
    case U48:
      at = i + 7;
      return two(b, i + 1) + (four(b, i + 3) >>> 0) * 0x10000;
    case I32:
      at = i + 5;
      return four(b, i + 1);
    case UTF8:
    case ASCII_LONG:
      return text.decode(readBytes(readLength()));
    case BASE64:
      if (b[i + 1] !== 6) return readPacked();
      at = i + 20;
      return packed24(b, i + 2);
    case BIGINT:
      return readBigInt();
    case DATE:
      return new Date(readFloat());
    case MAP: {
      const map = new Map();
      for (let left = readLength(); left > 0; left--) {
        const key = readTerm();
        map.set(key, readTerm());
      }
      return map;
    }
    case SET: {
      const set = new Set();
      for (let left = readLength(); left > 0; left--) set.add(readTerm());
      return set;
    }
    default:
      return readBinary(tag & 15);
  }
}

function two(b: Uint8Array, i: number): number {
  return (b[i] as number) | ((b[i + 1] as number) << 8);
}

function four(b: Uint8Array, i: number): number {
  return two(b, i) | (two(b, i + 2) << 16);
}

function readArray(length: number): unknown[] {
  const values: unknown[] = new Array(length);
  for (let i = 0; i < length; i++) values[i] = readTerm();
  return values;
}

function readPlain(count: number): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (let i = 0; i < count; i++) {
    const name = readTerm() as string;
    setField(fields, name, readTerm());
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

function readBigInt(): bigint {
  const negative = readByte() === 1;
  const bytes = readBytes(readLength());
  let digits = "0x0";
  for (let i = bytes.length - 1; i >= 0; i--) digits += (bytes[i] as number).toString(16).padStart(2, "0");
  const value = BigInt(digits);
  return negative ? -value : value;
}

type ViewClass = new (buffer: ArrayBuffer) => ArrayBufferView;

function readBinary(number: number): ArrayBuffer | ArrayBufferView {
  const { buffer } = readBytes(readLength()).slice() as Uint8Array<ArrayBuffer>;
  const name = CLASSES[number] as string;
  const Class = (globalThis as unknown as Record<string, ViewClass>)[name];
  return number === 1 || Class === undefined ? buffer : new Class(buffer);
}
