/** Tables, rows and what the tests ask of an operation: done, or refused for want of memory. */
import { isDeepStrictEqual } from "node:util";
import { deepEqual, equal, fail, ok } from "../suite/harness.js";
import { PAGE } from "./limited.mjs";

const T0 = 1_700_000_000_000;

let made = 0;

/** A table whose own bounds are far above what memory has. */
export function makeTable({ createTable, pages }, options = {}) {
  // As long as a name may be: whatever copies it needs memory for that.
  return createTable(`memory-${++made}-`.padEnd(255, "n"), {
    maxBytes: 8 * pages * PAGE,
    maxRowBytes: 8 * pages * PAGE,
    onFull: "refuse",
    now: () => T0,
    ...options,
  });
}

/** As long for one row as for any other, so that a row takes what its like took. */
export const keyOf = (n) => `row-${String(n).padStart(8, "0")}`;

/** A few fields of which the number of the row can be told, of about so many bytes. */
export const row = (n, bytes) => ({ n: 1e6 + n, text: `${n}-`.padEnd(bytes, "abc~"), tags: [n % 7, "x"] });

/** Works with a table that is gone afterwards, so that the next test has all of memory. */
export function withTable(pack, options, work) {
  const table = makeTable(pack, options);
  let failure;
  try {
    work(table);
  } catch (error) {
    failure = error;
  }
  try {
    table.drop();
  } catch (error) {
    failure ??= error;
  }
  if (failure !== undefined) throw failure;
}

/** Whether it was refused for want of memory; anything else that is thrown is a failure. */
export function isRefused(pack, run) {
  try {
    run();
    return false;
  } catch (error) {
    if (!(error instanceof pack.EtsError)) throw error;
    equal(error.code, "ERR_TABLE_FULL", "code");
    for (const name of ["needed", "used", "limit"]) {
      ok(Number.isFinite(error.details[name]), `details.${name} is ${error.details[name]}`);
    }
    const { needed, used, limit } = error.details;
    ok(limit > 0 && used + needed >= limit, "a refusal whose numbers leave room");
    return true;
  }
}

/** Runs what must be a clean refusal or work, and looks whether a refusal left all as it was. */
export function tried(pack, table, run) {
  const before = state(table);
  const refused = isRefused(pack, run);
  if (refused) deepEqual(state(table), before, "what a refused operation left");
  return refused;
}

export function state(table) {
  const { size, bytes, inserted, deleted, expired, evicted } = table.info();
  return { size, bytes, inserted, deleted, expired, evicted };
}

/** Inserts rows until one is refused, and gives those that were not. */
export function fill(pack, table, bytes, from = 0) {
  const rows = new Map();
  for (let n = from; ; n++) {
    const size = typeof bytes === "function" ? bytes(n) : bytes;
    if (isRefused(pack, () => table.insert(keyOf(n), row(n, size)))) return rows;
    rows.set(keyOf(n), row(n, size));
    if (rows.size > 1e6) fail("memory has no end");
  }
}

export function holds(table, rows) {
  equal(table.size, rows.size, "size");
  for (const [key, expected] of rows) {
    const found = table.peek(key);
    if (!isDeepStrictEqual(found, expected)) deepEqual(found, expected, `the row ${key.slice(0, 12)}`);
  }
}
