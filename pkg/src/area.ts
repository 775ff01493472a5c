/**
 * Keys and records on their way into the core: they are written where the core reads them, in the area
 * that begins linear memory's window, and nowhere else.
 */
import { current, isWellFormed, redirect } from "./encode.js";
import { EtsError } from "./errors.js";
import * as wasm from "./wasm.js";

const utf8 = new TextEncoder();
const text = new TextDecoder("utf-8", { ignoreBOM: true });

/** What was written to before each operation under way: a getter may write a row while its own is being written. */
const before: Uint8Array[] = [];

/** Has what follows written to the area; {@link end} ends it, whatever happened. */
export function begin(): void {
  preserve();
  before.push(redirect(wasm.window(1)));
}

export function end(): void {
  redirect(before.pop() as Uint8Array);
}

/** Before the area is used for something else: whoever is writing there goes on in memory of its own. */
export function preserve(): void {
  if (before.length > 0 && current() === wasm.window(1)) redirect(current().slice());
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

/** Begins the area with a key and gives its length in bytes; -1 where it is longer than `most`. */
export function writeKey(key: unknown, most: number): number {
  if (typeof key !== "string" || key.length === 0) throw badKey();
  const length = key.length;
  if (length > most) return -1;
  const to = wasm.window(length * 3);
  let all = 0;
  for (let i = 0; i < length; i++) {
    const code = key.charCodeAt(i);
    all |= code;
    to[i] = code;
  }
  return all < 128 ? length : wideKey(key, to);
}

/** As writeKey, for a key that a record is written behind. */
export function beginWith(key: unknown, most: number): number {
  const length = writeKey(key, most);
  if (length < 0) throw wasm.rowTooLarge((key as string).length, most);
  // A long key may have moved the area.
  redirect(wasm.window(1));
  return length;
}

/** The text that begins the area. */
export function textOf(length: number): string {
  return text.decode(wasm.window(length).subarray(0, length));
}

/** The text at a place of memory. */
export function decode(bytes: Uint8Array): string {
  return text.decode(bytes);
}
