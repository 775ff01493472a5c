/** Keys: what is one, what is not, and that no two are ever taken for each other. */
import { deepEqual, equal, group, makeTable, ok, test, throwsCode } from "./harness.js";

const badKeys = {
  undefined: undefined,
  null: null,
  number: 5,
  boolean: true,
  object: {},
  array: ["k"],
  bigint: 1n,
  symbol: Symbol("k"),
  "boxed string": Object("k"),
  empty: "",
  "lone high surrogate": "a\ud800b",
  "lone low surrogate": "\udc00",
  "surrogates the wrong way round": "\udc00\ud800",
};

const operations = {
  lookup: (t, key) => t.lookup(key),
  peek: (t, key) => t.peek(key),
  field: (t, key) => t.field(key, "a"),
  member: (t, key) => t.member(key),
  insert: (t, key) => t.insert(key, {}),
  insertNew: (t, key) => t.insertNew(key, {}),
  update: (t, key) => t.update(key, {}),
  updateCounter: (t, key) => t.updateCounter(key, "n"),
  touch: (t, key) => t.touch(key),
  take: (t, key) => t.take(key),
  delete: (t, key) => t.delete(key),
};

const distinct = [
  "a",
  "A",
  "aa",
  "ab",
  "a ",
  " a",
  "a\u0000",
  "a\u0000b",
  "\u0000",
  "0",
  "00",
  "-0",
  "1",
  "1.0",
  "null",
  "undefined",
  "é",
  "e\u0301",
  "\ufffd",
  "\ufeff",
  "\ufeffa",
  "😀",
  "😁",
  "𝄞",
  "日本",
  "日",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "a:b",
  "a/b",
  "../a",
  "k".repeat(100),
  "k".repeat(101),
  "k".repeat(1000),
  "k".repeat(1001),
  "é".repeat(500),
];

group("keys", () => {
  for (const [name, use] of Object.entries(operations)) {
    test(`${name} refuses keys that are none with ERR_BAD_KEY`, (lib) => {
      const t = makeTable(lib);
      t.insert("\ufffd", { canary: 1 });
      t.insert("a\ufffdb", { canary: 1 });
      for (const key of Object.values(badKeys)) throwsCode(() => use(t, key), "ERR_BAD_KEY");
      equal(t.size, 2);
    });
  }

  for (const hashKeys of [false, true]) {
    const how = hashKeys ? "hashed" : "as they are";
    test(`keys kept ${how}: each leads to its own row`, (lib) => {
      const t = makeTable(lib, { hashKeys });
      for (const key of distinct) equal(t.insertNew(key, { key }), true, "insertNew");
      equal(t.size, distinct.length);
      for (const key of distinct) deepEqual(t.lookup(key), { key });
      for (const key of distinct) equal(t.delete(key), true, "delete");
      equal(t.size, 0);
    });

    test(`keys kept ${how}: prefixes and extensions of a key lead nowhere`, (lib) => {
      const t = makeTable(lib, { hashKeys });
      const key = "abcdefghijklmnopqrstuvwx";
      t.insert(key, { a: 1 });
      for (let n = 1; n < key.length; n++) equal(t.lookup(key.slice(0, n)), undefined);
      for (const other of [`${key}x`, ` ${key}`, `${key}\u0000`, key.toUpperCase()])
        equal(t.lookup(other), undefined);
      ok(t.lookup(key));
    });
  }

  test("keys(), entries() and select() give keys exactly as they were", (lib) => {
    const t = makeTable(lib);
    for (const key of distinct) t.insert(key, {});
    const expected = [...distinct].sort();
    deepEqual([...t.keys()].sort(), expected);
    deepEqual([...t.entries()].map(([key]) => key).sort(), expected);
    deepEqual(
      t
        .select({}, { limit: 1000 })
        .rows.map(([key]) => key)
        .sort(),
      expected,
    );
  });

  test("hashKeys: every row is told by a hash, which is not the key and opens nothing", (lib) => {
    const t = makeTable(lib, { hashKeys: true });
    const keys = Array.from({ length: 50 }, (_, i) => `key-${i}`);
    for (const key of keys) t.insert(key, { a: 1 });
    const hashes = [...t.keys()];
    equal(new Set(hashes).size, 50);
    for (const hash of hashes) {
      ok(/^[A-Za-z0-9_-]{16,}$/.test(hash), "a hash is not base64url, or too short");
      ok(!keys.includes(hash));
      equal(t.lookup(hash), undefined);
      equal(t.member(hash), false);
    }
    deepEqual([...t.entries()].map(([key]) => key).sort(), [...hashes].sort());
    deepEqual(
      t
        .select({}, { limit: 100 })
        .rows.map(([key]) => key)
        .sort(),
      [...hashes].sort(),
    );
  });

  test("hashKeys: the hash of a key is always the same, hashes of like keys are unlike", (lib) => {
    const t = makeTable(lib, { hashKeys: true });
    t.insert("a".repeat(24), {});
    const [first] = t.keys();
    t.clear();
    t.insert("a".repeat(24), {});
    equal([...t.keys()][0], first);
    t.clear();
    t.insert(`${"a".repeat(23)}b`, {});
    const [other] = t.keys();
    let same = 0;
    for (let i = 0; i < first.length; i++) if (first[i] === other[i]) same++;
    ok(same < first.length / 2, `${same} of ${first.length} characters are the same`);
  });

  test("hashKeys: everything works by key", (lib) => {
    const t = makeTable(lib, { hashKeys: true });
    t.insert("k", { n: 1 });
    equal(t.insertNew("k", {}), false);
    equal(t.update("k", { m: 2 }), true);
    equal(t.updateCounter("k", "n"), 2);
    equal(t.field("k", "m"), 2);
    equal(t.member("k"), true);
    equal(t.touch("k"), true);
    deepEqual(t.take("k"), { n: 2, m: 2 });
    equal(t.delete("k"), false);
  });

  test("hashKeys: rows can be deleted by filter and paged", (lib) => {
    const t = makeTable(lib, { hashKeys: true });
    for (let i = 0; i < 30; i++) t.insert(`k${i}`, { even: i % 2 === 0 });
    equal(t.deleteWhere({ where: { even: true } }), 15);
    const first = t.select({}, { limit: 10 });
    const second = t.select({}, { limit: 10, after: first.after });
    equal(new Set([...first.rows, ...second.rows].map(([key]) => key)).size, 15);
  });
});
