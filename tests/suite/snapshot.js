/** snapshot and restore: all of a table in bytes, and back, all or nothing. */
import {
  allRows,
  clock,
  deepEqual,
  equal,
  group,
  makeTable,
  ok,
  onlyRow,
  T0,
  test,
  throwsCode,
} from "./harness.js";
import { terms } from "./terms.js";

const rowsOf = (t) =>
  new Map(
    allRows(t)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, ...rest]) => [key, rest]),
  );

function made(lib, options) {
  const time = clock();
  return { time, t: makeTable(lib, { now: time.now, ...options }) };
}

group("snapshot", () => {
  test("restores every value, key, time and version, under any name", (lib) => {
    const { t, time } = made(lib, { idle: 600, absolute: 6000 });
    for (const [name, make] of Object.entries(terms)) {
      time.advance(10);
      t.insert(`key of ${name}`, { v: make() });
    }
    const before = rowsOf(t);
    const { t: other } = made(lib, { idle: 600, absolute: 6000, now: time.now });
    equal(other.restore(t.snapshot()), before.size);
    deepEqual(rowsOf(other), before);
    deepEqual(rowsOf(t), before);
  });

  test("restoring replaces what was there", (lib) => {
    const { t } = made(lib);
    t.insert("a", { n: 1 });
    const bytes = t.snapshot();
    t.insert("a", { n: 2 });
    t.insert("b", { n: 3 });
    equal(t.restore(bytes), 1);
    deepEqual([...t.entries()], [["a", { n: 1 }]]);
  });

  test("an empty table makes a snapshot too", (lib) => {
    const { t } = made(lib);
    const bytes = t.snapshot();
    ok(bytes instanceof Uint8Array);
    t.insert("a", {});
    equal(t.restore(bytes), 0);
    equal(t.count(), 0);
  });

  test("expired rows are not revived, and absolute deadlines do not move", (lib) => {
    const { t, time } = made(lib, { absolute: 60 });
    t.insert("early", {});
    time.advance(30_000);
    t.insert("late", {});
    const bytes = t.snapshot();
    time.set(T0 + 60_000);
    const { t: other } = made(lib, { absolute: 60, now: time.now });
    equal(other.restore(bytes), 1);
    equal(other.member("early"), false);
    equal(onlyRow(other).meta.expiresAt, T0 + 90_000);
    time.set(T0 + 90_000);
    equal(other.member("late"), false);
  });

  test("any flipped byte is ERR_BAD_SNAPSHOT, and the table stays as it was", (lib) => {
    const { t } = made(lib);
    for (let i = 0; i < 5; i++) t.insert(`k${i}`, { i, text: "text" });
    const bytes = t.snapshot();
    const { t: other } = made(lib);
    other.insert("mine", { a: 1 });
    for (let i = 0; i < bytes.length; i++) {
      for (const bit of [1, 128]) {
        const bad = bytes.slice();
        bad[i] ^= bit;
        throwsCode(() => other.restore(bad), "ERR_BAD_SNAPSHOT");
      }
    }
    deepEqual([...other.entries()], [["mine", { a: 1 }]]);
    equal(other.restore(bytes), 5);
  });

  test("cut short, extended, empty or something else altogether: ERR_BAD_SNAPSHOT", (lib) => {
    const { t } = made(lib);
    t.insert("k", { a: 1 });
    const bytes = t.snapshot();
    for (let n = 0; n < bytes.length; n++) throwsCode(() => t.restore(bytes.slice(0, n)), "ERR_BAD_SNAPSHOT");
    throwsCode(() => t.restore(Uint8Array.of(...bytes, 0)), "ERR_BAD_SNAPSHOT");
    throwsCode(() => t.restore(new Uint8Array(10_000)), "ERR_BAD_SNAPSHOT");
    throwsCode(
      () => t.restore(new TextEncoder().encode(JSON.stringify({ k: { a: 1 } }))),
      "ERR_BAD_SNAPSHOT",
    );
    deepEqual(t.lookup("k"), { a: 1 });
  });

  test("a snapshot is the caller's own: the table goes on without it", (lib) => {
    const { t } = made(lib);
    t.insert("k", { a: 1 });
    const bytes = t.snapshot();
    const copy = bytes.slice();
    for (let i = 0; i < 500; i++) t.insert(`k${i}`, { text: "x".repeat(500) });
    deepEqual(bytes, copy);
    equal(bytes.buffer.byteLength, bytes.byteLength);
  });

  test("hashed keys stay hashed: no snapshot holds a usable key", (lib) => {
    const { t } = made(lib, { hashKeys: true });
    const key = "a-usable-key-of-24-chars";
    t.insert(key, { a: 1 });
    const bytes = t.snapshot();
    ok(!new TextDecoder("latin1").decode(bytes).includes(key), "the key is in the snapshot");
    const { t: other } = made(lib, { hashKeys: true });
    other.restore(bytes);
    deepEqual(other.lookup(key), { a: 1 });
  });

  test("a snapshot that does not fit is ERR_TABLE_FULL, and the table stays as it was", (lib) => {
    const { t } = made(lib);
    for (let i = 0; i < 1000; i++) t.insert(`k${i}`, { text: "x".repeat(500) });
    const { t: small } = made(lib, { maxBytes: "64KiB", onFull: "refuse" });
    small.insert("mine", { a: 1 });
    throwsCode(() => small.restore(t.snapshot()), "ERR_TABLE_FULL");
    deepEqual([...small.entries()], [["mine", { a: 1 }]]);
  });

  test("a dropped table neither makes nor takes a snapshot", (lib) => {
    const { t } = made(lib);
    const bytes = t.snapshot();
    t.drop();
    throwsCode(() => t.snapshot(), "ERR_NO_TABLE");
    throwsCode(() => t.restore(bytes), "ERR_NO_TABLE");
  });

  test("any number of snapshots with lifetimes of their own can be restored, one after another", (lib) => {
    const time = clock();
    const t = makeTable(lib, { now: time.now });
    const manager = lib.sessions({ table: t, idle: 7, now: time.now });
    for (let i = 1; i <= 40; i++) {
      const other = makeTable(lib, { now: time.now, idle: i * 60, absolute: i * 90 });
      other.insert("k", { i });
      equal(t.restore(other.snapshot()), 1);
      const { row, meta } = onlyRow(t);
      deepEqual([row, meta.expiresAt], [{ i }, time.now() + i * 60_000]);
      other.drop();
      // What somebody holds a lifetime for keeps it.
      if (i === 3 || i === 30) lib.store.put(null, { i }, lib.store.init({ table: t.name }));
    }
    equal(manager.table, t);
  });

  test("bytes that are another thread's by now are no snapshot", (lib) => {
    const t = makeTable(lib);
    t.insert("k", { n: 1 });
    const bytes = t.snapshot();
    structuredClone(bytes, { transfer: [bytes.buffer] });
    throwsCode(() => t.restore(bytes), "ERR_BAD_SNAPSHOT");
    deepEqual(t.peek("k"), { n: 1 });
  });
});
