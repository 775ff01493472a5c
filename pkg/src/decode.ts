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

/** As it is, but for what indexing is said to give; whoever calls it knows that the bytes are there. */
const char = String.fromCharCode as (...codes: Array<number | undefined>) => string;

/** Short strings are made of explicit arguments: several times as fast as a decoder's call. */
function readAscii(r: Reader, length: number): string {
  const b = r.bytes;
  const i = r.at;
  r.at = i + length;
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
      return text.decode(r.bytes.subarray(i, i + length));
  }
}

const unpacked = new Uint8Array(PACK_TO);

function readPacked(r: Reader): string {
  const groups = r.length();
  if (groups === 6) return readPacked24(r);
  const size = groups * 4;
  const out = size <= PACK_TO ? unpacked : new Uint8Array(size);
  const { bytes } = r;
  let at = r.at;
  for (let i = 0; i < size; i += 4, at += 3) {
    const bits = ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
    out[i] = CODES[bits >> 18] as number;
    out[i + 1] = CODES[(bits >> 12) & 63] as number;
    out[i + 2] = CODES[(bits >> 6) & 63] as number;
    out[i + 3] = CODES[bits & 63] as number;
  }
  r.at = at;
  return text.decode(out.subarray(0, size));
}

/** Three bytes that stand for four characters. */
function group(r: Reader): number {
  const { bytes, at } = r;
  r.at = at + 3;
  return ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
}

/** The length of a session's id or token: worth its own lines. */
export function readPacked24(r: Reader): string {
  const c = CODES;
  const a = group(r);
  const b = group(r);
  const d = group(r);
  const e = group(r);
  const f = group(r);
  const g = group(r);
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
  const values: unknown[] = new Array(length);
  for (let i = 0; i < length; i++) values[i] = readTerm(r);
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
