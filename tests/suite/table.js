/** One row at a time: what each operation gives, changes, refreshes and leaves alone. */
import { clock, deepEqual, equal, group, makeTable, ok, onlyRow, T0, test, throwsCode } from "./harness.js";

/** A table on its own clock with the row "k", and a second gone by since it was written. */
function aged(lib, row = { a: 1, b: "two" }) {
  const time = clock();
  const t = makeTable(lib, { now: time.now });
  t.insert("k", row);
  time.advance(1000);
  return { t, time };
}

const touchedAt = (t) => onlyRow(t).meta.touchedAt;

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

  test("insert over a living row keeps createdAt, moves touchedAt and raises the version", (lib) => {
    const { t } = aged(lib);
    const before = onlyRow(t).meta;
    t.insert("k", { a: 2 });
    const after = onlyRow(t).meta;
    equal(after.createdAt, before.createdAt);
    equal(after.touchedAt, T0 + 1000);
    ok(after.version > before.version, "the version was not raised");
  });

  test("a row's meta is told in milliseconds", (lib) => {
    const time = clock();
    const t = makeTable(lib, { now: time.now, idle: 60, absolute: "1h" });
    t.insert("k", {});
    const { meta } = onlyRow(t);
    equal(meta.createdAt, T0);
    equal(meta.touchedAt, T0);
    equal(meta.expiresAt, T0 + 60_000);
    equal(meta.subject, undefined);
    equal(typeof meta.version, "number");
  });

  test("expiresAt is undefined where nothing expires", (lib) => {
    const { t } = aged(lib);
    equal(onlyRow(t).meta.expiresAt, undefined);
  });

  test("lookup of an absent key is undefined and makes nothing", (lib) => {
    const t = makeTable(lib);
    equal(t.lookup("k"), undefined);
    equal(t.size, 0);
  });

  for (const [name, use] of Object.entries({
    lookup: (t) => t.lookup("k"),
    field: (t) => t.field("k", "a"),
    touch: (t) => t.touch("k"),
    update: (t) => t.update("k", { c: 1 }),
    updateCounter: (t) => t.updateCounter("k", "a"),
  })) {
    test(`${name} refreshes the row's timestamp`, (lib) => {
      const { t } = aged(lib);
      use(t);
      equal(touchedAt(t), T0 + 1000);
      equal(onlyRow(t).meta.createdAt, T0);
    });
  }

  for (const [name, use] of Object.entries({
    peek: (t) => t.peek("k"),
    member: (t) => t.member("k"),
    "a refused insertNew": (t) => t.insertNew("k", { a: 9 }),
    select: (t) => t.select(),
    count: (t) => t.count({ where: { a: 1 } }),
    keys: (t) => [...t.keys()],
    entries: (t) => [...t.entries()],
    size: (t) => t.size,
    info: (t) => t.info(),
    sweep: (t) => t.sweep(),
  })) {
    test(`${name} refreshes nothing and changes nothing`, (lib) => {
      const { t } = aged(lib);
      const before = onlyRow(t);
      use(t);
      deepEqual(onlyRow(t), before);
    });
  }

  test("lookup and touch leave the data alone", (lib) => {
    const { t } = aged(lib);
    t.lookup("k");
    t.touch("k");
    deepEqual(t.peek("k"), { a: 1, b: "two" });
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

  test("update keeps createdAt and raises the version", (lib) => {
    const { t } = aged(lib);
    const before = onlyRow(t).meta;
    t.update("k", { a: 2 });
    equal(onlyRow(t).meta.createdAt, before.createdAt);
    ok(onlyRow(t).meta.version > before.version);
  });

  test("updateCounter counts by one, by n, down, and gives the new value", (lib) => {
    const t = makeTable(lib);
    t.insert("k", { n: 5, other: "x" });
    equal(t.updateCounter("k", "n"), 6);
    equal(t.updateCounter("k", "n", 10), 16);
    equal(t.updateCounter("k", "n", -20), -4);
    equal(t.updateCounter("k", "n", 0.5), -3.5);
    deepEqual(t.lookup("k"), { n: -3.5, other: "x" });
  });

  test("updateCounter creates an absent row and counts an absent field from 0", (lib) => {
    const t = makeTable(lib);
    equal(t.updateCounter("k", "n"), 1);
    equal(t.updateCounter("k", "m", 7), 7);
    deepEqual(t.lookup("k"), { n: 1, m: 7 });
  });

  test("updateCounter's bound clamps", (lib) => {
    const t = makeTable(lib);
    equal(t.updateCounter("k", "n", 5, { max: 3 }), 3);
    equal(t.updateCounter("k", "n", 1, { max: 3 }), 3);
    equal(t.updateCounter("k", "n", -10, { min: -2 }), -2);
    equal(t.updateCounter("k", "n", 1, { min: -2, max: 3 }), -1);
    equal(t.field("k", "n"), -1);
  });

  test("updateCounter of what is no number is ERR_NOT_A_NUMBER and changes nothing", (lib) => {
    const values = { s: "5", b: true, u: undefined, n: null, o: {}, a: [1], d: new Date(5) };
    const t = makeTable(lib);
    t.insert("k", values);
    for (const name of Object.keys(values)) throwsCode(() => t.updateCounter("k", name), "ERR_NOT_A_NUMBER");
    deepEqual(t.lookup("k"), values);
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

  test("a key deleted and inserted again is a new row", (lib) => {
    const { t } = aged(lib);
    t.delete("k");
    t.insert("k", { c: 1 });
    deepEqual(onlyRow(t).row, { c: 1 });
    equal(onlyRow(t).meta.createdAt, T0 + 1000);
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

  test("info counts what happened", (lib) => {
    const t = makeTable(lib, { maxBytes: "1MiB" });
    const start = t.info();
    equal(start.name, t.name);
    equal(start.size, 0);
    equal(start.maxBytes, 1_048_576);
    t.insert("a", { a: 1 });
    t.insert("b", { a: 1 });
    t.lookup("a");
    t.lookup("absent");
    t.delete("b");
    const { size, hits, misses, inserted, deleted, expired, evicted, refused } = t.info();
    deepEqual(
      { size, hits, misses, inserted, deleted, expired, evicted, refused },
      { size: 1, hits: 1, misses: 1, inserted: 2, deleted: 1, expired: 0, evicted: 0, refused: 0 },
    );
  });

  test("info().bytes grows with rows and shrinks without them, below memoryBytes", (lib) => {
    const t = makeTable(lib);
    const empty = t.info().bytes;
    for (let i = 0; i < 100; i++) t.insert(`k${i}`, { text: "x".repeat(500) });
    const full = t.info();
    ok(full.bytes >= empty + 50_000, "100 rows of 500 characters take less than 50,000 bytes");
    ok(full.memoryBytes >= full.bytes, "memoryBytes is less than bytes");
    t.clear();
    ok(t.info().bytes < full.bytes - 50_000, "bytes did not shrink");
  });
});
