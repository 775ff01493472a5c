/** A table's name and options, as they are given to createTable(). */
import { isWellFormed } from "./encode.js";
import { badOption } from "./errors.js";
import { type Bytes, boolean, bytes, known, milliseconds, oneOf } from "./options.js";
import type { TableOptions } from "./types.js";
import type { Settings } from "./wasm.js";

const utf8 = new TextEncoder();

const OPTIONS = [
  "maxBytes",
  "maxRowBytes",
  "idle",
  "absolute",
  "onFull",
  "hashKeys",
  "reserve",
  "now",
] as const;

/**
 * From here on memory is reserved unasked. V8 counts all of linear memory as new each time that it grows, and once that
 * is more than 64 MiB answers each growth with a collection.
 */
const LARGE = 48 * 1024 * 1024;

/** What was asked of a table, checked, in the core's units. */
export function settings(options: TableOptions): Settings {
  known("options", options, OPTIONS);
  const { maxRowBytes, idle, absolute, onFull, hashKeys, reserve } = options;
  const maxBytes = bytes("maxBytes", options.maxBytes ?? "32MiB");
  return {
    maxBytes,
    maxRowBytes: rowBytes(maxRowBytes ?? "64KiB"),
    idle: idle === undefined ? 0 : milliseconds("idle", idle),
    absolute: absolute === undefined ? 0 : milliseconds("absolute", absolute),
    onFull: onFull === undefined ? "evict" : oneOf("onFull", onFull, ["evict", "refuse"]),
    hashKeys: hashKeys === undefined ? false : boolean("hashKeys", hashKeys),
    reserve: reserve === undefined ? maxBytes > LARGE : boolean("reserve", reserve),
  };
}

/** Lengths are numbers of 32 bits. */
function rowBytes(given: Bytes): number {
  const count = bytes("maxRowBytes", given);
  if (count >= 2 ** 32) throw badOption("maxRowBytes", given, "less than 4 GiB");
  return count;
}

export function isTableName(name: string): boolean {
  return name.length > 0 && isWellFormed(name) && utf8.encode(name).length <= 255;
}
