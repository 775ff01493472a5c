/** Everything but plain inserts where memory is full, or too small for what is asked. */
import { deepEqual, equal, fail, ok, test } from "../suite/harness.js";
import { PAGE } from "./limited.mjs";
import { fill, holds, isRefused, keyOf, makeTable, row, tried, withTable } from "./tables.mjs";

export function testOperations(pages, pack) {
  test("other operations on a full table: refused with numbers or done, never in between", () =>
    withTable(pack, {}, (table) => {
      const rows = fill(pack, table, (n) => (n % 3) * 400);
      const small = fill(pack, table, 0, rows.size);
      const all = new Map([...rows, ...small]);
      const key = keyOf(1);
      const more = { more: "m".repeat(5_000) };
      const changed = (run, apply) => {
        if (!tried(pack, table, run)) apply();
        holds(table, all);
      };
      changed(
        () => table.update(key, more),
        () => all.set(key, { ...all.get(key), ...more }),
      );
      changed(
        () => table.insert(key, more),
        () => all.set(key, more),
      );
      changed(
        () => table.insertNew("fresh", more),
        () => all.set("fresh", more),
      );
      changed(
        () => table.updateCounter("counter", "hits"),
        () => all.set("counter", { hits: 1 }),
      );
      for (let n = 0; n < 300; n++) {
        const name = `field-${n}`.padEnd(100, "n");
        changed(
          () => table.update(keyOf(2), { [name]: n }),
          () => all.set(keyOf(2), { ...all.get(keyOf(2)), [name]: n }),
        );
        if (n > 30 && !all.get(keyOf(2))[name]) break;
      }
      tried(pack, table, () => table.select({ where: { n: Array.from({ length: 3_000 }, (_, n) => n) } }));
      tried(pack, table, () => table.snapshot());
      tried(pack, table, () => table.select({}, { limit: 1e6 }));
      equal(table.count(), all.size, "count");
      equal(table.touch(key), true, "touch");
      equal(table.member("no such key"), false, "member");
      const [taken, expected] = [keyOf(3), all.get(keyOf(3))];
      let row3;
      if (
        !tried(pack, table, () => {
          row3 = table.take(taken);
        })
      ) {
        deepEqual(row3, expected, "take");
        all.delete(taken);
      }
      holds(table, all);
      ok(table.deleteWhere({}) === all.size && table.size === 0, "deleteWhere needs no memory");
    }));

  test("huge rows, keys, names, filters and snapshots are refused as long as there is no room", () =>
    withTable(pack, {}, (table) => {
      const rows = new Map(Array.from({ length: 50 }, (_, n) => [keyOf(n), row(n, 200)]));
      for (const [key, value] of rows) table.insert(key, value);
      const huge = "h".repeat(pages * PAGE);
      const wide = "漢".repeat((pages * PAGE) / 2);
      for (const text of [huge, wide]) {
        ok(
          tried(pack, table, () => table.insert("huge", { text })),
          "a row",
        );
        ok(
          tried(pack, table, () => table.insert(text, { n: 1 })),
          "a key",
        );
        ok(
          tried(pack, table, () => table.insert("name", { [text]: 1 })),
          "a name",
        );
        ok(
          tried(pack, table, () => table.update(keyOf(1), { text })),
          "a patch",
        );
        ok(
          tried(pack, table, () => table.update(keyOf(1), {}, [text])),
          "a name to remove",
        );
        ok(
          tried(pack, table, () => table.lookup(text)),
          "a key to look up",
        );
        ok(
          tried(pack, table, () => table.field(keyOf(1), text)),
          "a field",
        );
        ok(
          tried(pack, table, () => table.updateCounter(keyOf(1), text)),
          "a counter",
        );
        ok(
          tried(pack, table, () => table.count({ where: { text } })),
          "a filter",
        );
        holds(table, rows);
      }
      ok(
        tried(pack, table, () => table.restore(new Uint8Array(pages * PAGE))),
        "a snapshot",
      );
      holds(table, rows);
    }));

  test("a snapshot that does not fit is refused whole; one that does comes back", () =>
    withTable(pack, {}, (table) => {
      const rows = fill(pack, table, 900);
      // As many rows as leave room for a snapshot of them.
      let bytes;
      for (let n = 0; bytes === undefined; n++) {
        if (rows.size === 0) fail("not even an empty table has a snapshot");
        if (
          tried(pack, table, () => {
            bytes = table.snapshot();
          })
        ) {
          table.delete(keyOf(n));
          rows.delete(keyOf(n));
        }
      }
      holds(table, rows);
      if (tried(pack, table, () => table.restore(bytes))) holds(table, rows);
      else equal(table.size, rows.size, "rows restored");
      table.clear();
      const kept = new Map([["kept", row(1, 10)]]);
      table.insert("kept", kept.get("kept"));
      if (tried(pack, table, () => table.restore(bytes))) holds(table, kept);
      else holds(table, rows);
    }));

  test("many tables, until there is no room for another", () => {
    const tables = [];
    const rows = [];
    try {
      while (!isRefused(pack, () => tables.push(makeTable(pack)))) {
        if (isRefused(pack, () => tables.at(-1).insert("k", row(tables.length, 100)))) break;
        rows.push(row(tables.length, 100));
        if (tables.length > 1e5) fail("memory has no end");
      }
      for (const [at, expected] of rows.entries()) {
        deepEqual(tables[at].peek("k"), expected, "the only row");
        equal(tables[at].info().size, 1, "size");
      }
    } finally {
      for (const table of tables) table.drop();
    }
    withTable(pack, {}, (table) => table.insert("k", { n: 1 }));
  });
}
