/** One row at a time: what each operation gives, changes, refreshes and leaves alone. */
import { deepEqual, equal, group, makeTable, test } from "./harness.js";

group("table", () => {
  test("insert, then lookup: an equal row", (lib) => {
    const t = makeTable(lib);
    equal(t.insert("k", { a: 1, b: "two" }), undefined);
    deepEqual(t.lookup("k"), { a: 1, b: "two" });
    equal(t.size, 1);
  });

  test("an empty row is a row", (lib) => {
    const t = makeTable(lib);
    t.insert("k", {});
    deepEqual(t.lookup("k"), {});
    equal(t.member("k"), true);
  });

  test("insert replaces the whole row", (lib) => {
    const t = makeTable(lib);
    t.insert("k", { a: 1, b: 2 });
    t.insert("k", { c: 3 });
    deepEqual(t.lookup("k"), { c: 3 });
    equal(t.size, 1);
  });

  test("lookup of an absent key is undefined and makes nothing", (lib) => {
    const t = makeTable(lib);
    equal(t.lookup("k"), undefined);
    equal(t.size, 0);
  });

  test("field gives one field, undefined for an absent field or key", (lib) => {
    const t = makeTable(lib);
    t.insert("k", { a: 1, b: { c: [1, 2] } });
    equal(t.field("k", "a"), 1);
    deepEqual(t.field("k", "b"), { c: [1, 2] });
    equal(t.field("k", "c"), undefined);
    equal(t.field("k", "toString"), undefined);
    equal(t.field("absent", "a"), undefined);
  });

  test("field takes names whole: a prefix or a longer name is another field", (lib) => {
    const t = makeTable(lib);
    t.insert("k", { ab: 1, abc: 2, "": 3, "a.b": 4 });
    equal(t.field("k", "a"), undefined);
    equal(t.field("k", "ab"), 1);
    equal(t.field("k", "abc"), 2);
    equal(t.field("k", "abcd"), undefined);
    equal(t.field("k", ""), 3);
    equal(t.field("k", "a.b"), 4);
  });

  test("insertNew inserts once", (lib) => {
    const t = makeTable(lib);
    equal(t.insertNew("k", { a: 1 }), true);
    equal(t.insertNew("k", { a: 2 }), false);
    deepEqual(t.lookup("k"), { a: 1 });
  });

  test("update merges fields and says whether the row was there", (lib) => {
    const t = makeTable(lib);
    t.insert("k", { a: 1, b: 2 });
    equal(t.update("k", { b: 3, c: 4 }), true);
    deepEqual(t.lookup("k"), { a: 1, b: 3, c: 4 });
  });

  test("update removes the fields it is told to", (lib) => {
    const t = makeTable(lib);
    t.insert("k", { a: 1, b: 2, c: 3 });
    equal(t.update("k", { d: 4 }, ["a", "c", "absent"]), true);
    deepEqual(t.lookup("k"), { b: 2, d: 4 });
  });

  test("update replaces a field whole, nested objects are not merged", (lib) => {
    const t = makeTable(lib);
    t.insert("k", { cart: { a: 1, b: 2 } });
    t.update("k", { cart: { c: 3 } });
    deepEqual(t.lookup("k"), { cart: { c: 3 } });
  });

  test("update never creates", (lib) => {
    const t = makeTable(lib);
    equal(t.update("k", { a: 1 }), false);
    equal(t.member("k"), false);
    equal(t.size, 0);
  });

  test("touch says whether the row was there and makes none", (lib) => {
    const t = makeTable(lib);
    equal(t.touch("k"), false);
    equal(t.member("k"), false);
    t.insert("k", {});
    equal(t.touch("k"), true);
  });

  test("take gives the row and removes it", (lib) => {
    const t = makeTable(lib);
    t.insert("k", { token: "x" });
    deepEqual(t.take("k"), { token: "x" });
    equal(t.take("k"), undefined);
    equal(t.member("k"), false);
    equal(t.size, 0);
  });

  test("delete says whether the row was there", (lib) => {
    const t = makeTable(lib);
    t.insert("k", {});
    t.insert("other", { a: 1 });
    equal(t.delete("k"), true);
    equal(t.delete("k"), false);
    equal(t.lookup("k"), undefined);
    deepEqual(t.lookup("other"), { a: 1 });
  });

  test("clear removes all rows and the table goes on", (lib) => {
    const t = makeTable(lib);
    for (let i = 0; i < 300; i++) t.insert(`k${i}`, { i });
    t.clear();
    equal(t.size, 0);
    equal(t.count(), 0);
    equal(t.lookup("k1"), undefined);
    t.insert("k1", { again: true });
    deepEqual([...t.keys()], ["k1"]);
  });

  test("thousands of rows keep to themselves", (lib) => {
    const t = makeTable(lib);
    const n = 5000;
    for (let i = 0; i < n; i++) t.insert(`key-${i}`, { i, text: `row ${i}` });
    equal(t.size, n);
    for (let i = 0; i < n; i += 3) equal(t.delete(`key-${i}`), true);
    for (let i = 0; i < n; i++)
      deepEqual(t.peek(`key-${i}`), i % 3 === 0 ? undefined : { i, text: `row ${i}` });
    equal(t.count(), n - Math.ceil(n / 3));
  });

  test("keys and entries give each row once", (lib) => {
    const t = makeTable(lib);
    const rows = new Map(Array.from({ length: 100 }, (_, i) => [`k${i}`, { i }]));
    for (const [key, row] of rows) t.insert(key, row);
    deepEqual([...t.keys()].sort(), [...rows.keys()].sort());
    const byNumber = ([, a], [, b]) => a.i - b.i;
    deepEqual([...t.entries()].sort(byNumber), [...rows]);
    equal(typeof t.keys().next, "function");
    equal(typeof t.entries()[Symbol.iterator], "function");
  });

  test("rows may be deleted while keys() is under way", (lib) => {
    const t = makeTable(lib);
    for (let i = 0; i < 500; i++) t.insert(`k${i}`, { i });
    for (const key of t.keys()) t.delete(key);
    equal(t.count(), 0);
  });
});
