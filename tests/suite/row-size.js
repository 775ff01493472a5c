/** Rows have an upper bound in bytes, told in numbers when it is passed. */
import { deepEqual, equal, group, makeTable, ok, test, throwsCode } from "./harness.js";

group("row size", () => {
  test("a row too large is ERR_ROW_TOO_LARGE with numbers, and nothing is stored", (lib) => {
    const t = makeTable(lib, { maxRowBytes: 1000 });
    const numbers = { limit: 1000, needed: (n) => typeof n === "number" && n > 1000 };
    throwsCode(() => t.insert("k", { v: "x".repeat(1001) }), "ERR_ROW_TOO_LARGE", numbers);
    throwsCode(() => t.insert("k", { v: "€".repeat(400) }), "ERR_ROW_TOO_LARGE", numbers);
    throwsCode(() => t.insert("k", { v: new Uint8Array(2000) }), "ERR_ROW_TOO_LARGE", numbers);
    throwsCode(() => t.insert("k".repeat(1001), {}), "ERR_ROW_TOO_LARGE", numbers);
    throwsCode(() => t.insertNew("k", { v: 10n ** 3000n }), "ERR_ROW_TOO_LARGE", numbers);
    throwsCode(() => t.insert("k", { v: "x".repeat(40_000_000) }), "ERR_ROW_TOO_LARGE", numbers);
    equal(t.size, 0);
  });

  test("an update that would make the row too large leaves it as it was", (lib) => {
    const t = makeTable(lib, { maxRowBytes: 1000 });
    t.insert("k", { a: "x".repeat(600) });
    throwsCode(() => t.update("k", { b: "y".repeat(600) }), "ERR_ROW_TOO_LARGE", { limit: 1000 });
    throwsCode(() => t.insert("k", { b: "y".repeat(1600) }), "ERR_ROW_TOO_LARGE", { limit: 1000 });
    deepEqual(t.lookup("k"), { a: "x".repeat(600) });
    equal(t.update("k", { b: "y".repeat(600) }, ["a"]), true);
    deepEqual(t.lookup("k"), { b: "y".repeat(600) });
  });

  test("megabytes fit where the table allows them", (lib) => {
    const t = makeTable(lib, { maxRowBytes: "4MiB" });
    const text = "0123456789abcdef".repeat(65_536);
    t.insert("k", { text, wide: "日本".repeat(100_000), bytes: new Uint8Array(500_000).fill(3) });
    const got = t.lookup("k");
    ok(got.text === text && got.wide === "日本".repeat(100_000), "a long string was altered");
    equal(got.bytes.length, 500_000);
    ok(got.bytes.every((b) => b === 3));
  });
});
