/** The format of values, as src/term.rs has it; encode.ts writes it, decode.ts reads it. */

/** Deepest nesting of arrays, objects, maps and sets that is stored. */
export const MAX_DEPTH = 200;

export const NULL = 0x80;
export const UNDEFINED = 0x81;
export const FALSE = 0x82;
export const TRUE = 0x83;
export const F64 = 0x84;
export const U8 = 0x85;
export const U16 = 0x86;
export const U32 = 0x87;
export const U48 = 0x88;
export const I32 = 0x89;
export const UTF8 = 0x8a;
export const ASCII_LONG = 0x8b;
export const BASE64 = 0x8c;
export const BIGINT = 0x8d;
export const DATE = 0x8e;
export const MAP = 0x8f;
export const SET = 0x90;
export const BINARY = 0xa0;
export const ASCII = 0x20;
export const ARRAY = 0x60;
export const OBJECT = 0x70;

/** The classes of binary values by their number. */
export const CLASSES: readonly string[] = [
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

export const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
export const CODES: Uint8Array = new Uint8Array(64);
export const VALUES: Uint8Array = new Uint8Array(128).fill(0xff);
for (let i = 0; i < 64; i++) {
  CODES[i] = LETTERS.charCodeAt(i);
  VALUES[LETTERS.charCodeAt(i)] = i;
}

export const PACK_FROM = 12;
export const PACK_TO = 256;

/** A float and its bytes. */
export const float: Float64Array = new Float64Array(1);
export const floatBytes: Uint8Array = new Uint8Array(float.buffer);
