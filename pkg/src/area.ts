/**
 * Keys and records on their way into the core: they are written where the core reads them, in the area
 * that begins linear memory's window, and nowhere else.
 */
import { current, isWellFormed, pack, redirect } from "./encode.js";
import { EtsError } from "./errors.js";
import * as wasm from "./wasm.js";

const utf8 = new TextEncoder();
const utf8Decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** How many operations are writing: a getter may write a row while its own is being written. */
let writing = 0;

/**
 * Has what follows written to the area, and gives what was written to before; {@link end} is told that, whatever
 * happened.
 */
export function begin(): Uint8Array {
  preserve();
  const area = wasm.window(1);
  writing++;
  return redirect(area);
}

export function end(before: Uint8Array): void {
  writing--;
  redirect(before);
}

/** Before the area is used for something else: whoever is writing there goes on in memory of its own. */
export function preserve(): void {
  if (writing > 0 && current() === wasm.window(1)) redirect(current().slice());
}

/** Sees to it that the `size` bytes written stand in the area. */
export function settle(size: number): void {
  const written = current();
  if (written !== wasm.window(1)) wasm.window(size).set(written.subarray(0, size));
}

/** A key that is no key; details say nothing of it. */
export function badKey(): EtsError {
  return new EtsError("ERR_BAD_KEY", "a key must be a well-formed string that is not empty");
}

function wideKey(key: string, to: Uint8Array): number {
  if (!isWellFormed(key)) throw badKey();
  return utf8.encodeInto(key, to).written;
}

/** Keys of so many characters are packed where they can be, as src/key.rs has it. */
const PACK_FROM = 8;
const PACK_TO = 64;

/**
 * Begins the area with a key, in the form in which tables store it unless it is wanted as `text`. Gives
 * its length in bytes, below zero where it is packed; 0 where it is longer than `most`.
 */
export function writeKey(key: unknown, most: number, text: boolean): number {
  if (typeof key !== "string" || key.length === 0) throw badKey();
  const length = key.length;
  if (length > most) return 0;
  const to = wasm.window(length * 3);
  if (!text && length >= PACK_FROM && length <= PACK_TO && (length & 3) === 0) {
    const size = pack(to, 0, key);
    if (size > 0) return -size;
  }
  let all = 0;
  for (let i = 0; i < length; i++) {
    const code = key.charCodeAt(i);
    all |= code;
    to[i] = code;
  }
  return all < 128 ? length : wideKey(key, to);
}

/** As writeKey, for a key that a record is written behind. */
export function beginWith(key: unknown, most: number, text: boolean): number {
  const length = writeKey(key, most, text);
  if (length === 0) throw wasm.rowTooLarge((key as string).length, most);
  // A long key may have moved the area.
  redirect(wasm.window(1));
  return length;
}

/** The text of so many bytes that stands somewhere in memory. */
export function textAt(address: number, length: number): string {
  return decode(wasm.memory().subarray(address, address + length));
}

export function decode(bytes: Uint8Array): string {
  return utf8Decoder.decode(bytes);
}
