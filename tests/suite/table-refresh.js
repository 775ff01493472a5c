/** Timestamps and versions: what refreshes a row, what leaves it alone. */
import { clock, deepEqual, equal, group, makeTable, ok, onlyRow, T0, test } from "./harness.js";

/** A table on its own clock with the row "k", and a second gone by since it was written. */
function aged(lib, row = { a: 1, b: "two" }) {
  const time = clock();
  const t = makeTable(lib, { now: time.now });
  t.insert("k", row);
  time.advance(1000);
  return { t, time };
}

const touchedAt = (t) => onlyRow(t).meta.touchedAt;

group("table refresh", () => {
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

  test("lookup and touch leave the data alone", (lib) => {
    const { t } = aged(lib);
    t.lookup("k");
    t.touch("k");
    deepEqual(t.peek("k"), { a: 1, b: "two" });
  });

  test("update keeps createdAt and raises the version", (lib) => {
    const { t } = aged(lib);
    const before = onlyRow(t).meta;
    t.update("k", { a: 2 });
    equal(onlyRow(t).meta.createdAt, before.createdAt);
    ok(onlyRow(t).meta.version > before.version);
  });

  test("a key deleted and inserted again is a new row", (lib) => {
    const { t } = aged(lib);
    t.delete("k");
    t.insert("k", { c: 1 });
    deepEqual(onlyRow(t).row, { c: 1 });
    equal(onlyRow(t).meta.createdAt, T0 + 1000);
  });

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

  test("a row as large as may be that is read for months lives on, to the millisecond", (lib) => {
    const day = 86_400_000;
    const row = { d: "x y".padEnd(71, "!") };
    const keys = Array.from({ length: 20 }, (_, i) => `k${i}`);
    const filled = (options) => {
      const t = makeTable(lib, { idle: "30d", maxRowBytes: 100, ...options });
      for (const key of keys) t.insert(key, row);
      return t;
    };
    const { bytes: maxBytes } = filled({}).info();
    for (const onFull of ["refuse", "evict"]) {
      const time = clock();
      const t = filled({ maxBytes, onFull, now: time.now });
      for (let months = 0; months < 13; months++) {
        time.advance(30 * day - 1);
        for (const key of keys) equal(t.touch(key), true);
        deepEqual(t.peek("k0"), row);
        equal(t.update("k0", row), true);
      }
      deepEqual([t.count(), t.info().evicted, t.info().refused], [keys.length, 0, 0]);
      time.advance(30 * day);
      equal(t.count(), 0);
    }
  });
});
