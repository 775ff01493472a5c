/** Rows until memory is refused: none that was stored is lost, and room that is made is used again. */
import { deepEqual, equal, ok, test } from "../suite/harness.js";
import { PAGE } from "./limited.mjs";
import { fill, holds, isRefused, keyOf, row, tried, withTable } from "./tables.mjs";

const SPREADS = {
  "rows of 40 bytes": 40,
  "rows of 3,000 bytes": 3_000,
  "rows of 50,000 bytes": 50_000,
  "rows of many sizes": (n) => (n * 2_654_435_761) % (n % 50 === 0 ? 60_000 : 700),
};

export function testRows(pages, pack) {
  for (const [title, bytes] of Object.entries(SPREADS)) {
    test(`${title} until memory is refused: those that were stored are there, and room is used again`, () =>
      withTable(pack, {}, (table) => {
        const rows = fill(pack, table, bytes);
        equal(table.info().memoryBytes <= pages * PAGE, true, "memory within its maximum");
        holds(table, rows);
        const next = rows.size;
        const sizeOf = typeof bytes === "function" ? bytes : () => bytes;
        // A part of the index that had to grow may have grown; the row itself then fits, or does not again.
        if (!tried(pack, table, () => table.insert(keyOf(next), row(next, sizeOf(next))))) {
          rows.set(keyOf(next), row(next, sizeOf(next)));
        }
        for (let n = 0; n < next; n += 2) {
          equal(table.delete(keyOf(n)), true, "deleted");
          rows.delete(keyOf(n));
        }
        holds(table, rows);
        let refused = 0;
        for (let n = 0; n < next; n += 2) {
          if (isRefused(pack, () => table.insert(keyOf(n), row(n, sizeOf(n))))) refused++;
          else rows.set(keyOf(n), row(n, sizeOf(n)));
        }
        holds(table, rows);
        // What the index and the queue need beside a row may have gone to others; holes fit rows of the same size alone.
        const most = typeof bytes === "function" ? 0.9 : 0.5;
        ok(refused <= most * (next / 2), `${refused} of ${Math.ceil(next / 2)} rows did not come back`);
        table.clear();
        equal(fill(pack, table, bytes).size > 0.8 * next, true, "as many rows, or nearly");
      }));
  }

  test("a table that evicts loses nothing to refused memory while it is not full, and goes on", () =>
    withTable(pack, { onFull: "evict", idle: "1h" }, (table) => {
      const stored = new Map();
      for (let n = 0; n < pages * 40; n++) {
        if (isRefused(pack, () => table.insert(keyOf(n), row(n, 2_000)))) continue;
        stored.set(keyOf(n), row(n, 2_000));
      }
      const { size, evicted, inserted } = table.info();
      equal(inserted, stored.size, "inserted");
      deepEqual([size, evicted], [inserted, 0], "rows that are there, and evicted ones");
      for (const [key, expected] of stored) deepEqual(table.peek(key), expected, "a row");
    }));

  test("what one table takes of memory pushes no row out of another", () =>
    withTable(pack, { onFull: "evict" }, (small) =>
      withTable(pack, {}, (large) => {
        for (let n = 0; n < 100; n++) small.insert(keyOf(n), row(n, 40));
        for (const bytes of [50_000, 3_000, 700, 40, 1]) fill(pack, large, bytes);
        for (const bytes of [5_000, 45_000, 300, 3_000]) {
          tried(pack, small, () => small.insert("another", row(1, bytes)));
          small.delete("another");
        }
        equal(small.info().evicted, 0, "evicted");
        for (let n = 0; n < 100; n++) deepEqual(small.peek(keyOf(n)), row(n, 40), "a row");
      }),
    ));

  test("a full table that evicts, without more memory: no more than what lies on a page goes beside what must", () =>
    withTable(pack, {}, (other) => {
      const maxBytes = PAGE * 4;
      withTable(pack, { onFull: "evict", maxBytes }, (table) => {
        for (let n = 0; n < 4_000; n++) table.insert(keyOf(n), row(n, 40));
        for (const bytes of [50_000, 3_000, 700, 40, 1]) fill(pack, other, bytes);
        const before = table.info();
        // A row of a size that the table never had.
        const refused = isRefused(pack, () => table.insert("another", row(1, 30_000)));
        const after = table.info();
        const room = Math.ceil(30_100 / (before.bytes / before.size));
        const most = room + 256 + 1;
        ok(
          after.evicted - before.evicted <= most,
          `${after.evicted - before.evicted} rows went, ${most} at the most`,
        );
        equal(table.member("another"), !refused, "the row");
      });
    }));
}
