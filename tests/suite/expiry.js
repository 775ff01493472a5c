/** Rows expire: idle and absolute, exact to the millisecond, by every way a row can be asked for. */
import { clock, deepEqual, equal, group, makeTable, onlyRow, T0, test } from "./harness.js";

const MINUTE = 60_000;

// Each gives true when the row "k" is there, and what its absence looks like is checked by it being false.
const asks = {
  lookup: (t) => t.lookup("k") !== undefined,
  peek: (t) => t.peek("k") !== undefined,
  field: (t) => t.field("k", "n") !== undefined,
  member: (t) => t.member("k"),
  touch: (t) => t.touch("k"),
  update: (t) => t.update("k", { m: 1 }),
  updateCounter: (t) => t.updateCounter("k", "n") === 6,
  insertNew: (t) => !t.insertNew("k", { n: 1 }),
  take: (t) => t.take("k") !== undefined,
  delete: (t) => t.delete("k"),
  select: (t) => t.select().rows.length === 1,
  count: (t) => t.count() === 1,
  "count by field": (t) => t.count({ where: { n: 5 } }) === 1,
  deleteWhere: (t) => t.deleteWhere({ where: { n: 5 } }) === 1,
  keys: (t) => [...t.keys()].length === 1,
  entries: (t) => [...t.entries()].length === 1,
  "not swept": (t) => t.sweep() === 0,
};

function made(lib, options) {
  const time = clock();
  const t = makeTable(lib, { now: time.now, ...options });
  t.insert("k", { n: 5 });
  return { t, time };
}

group("expiry", () => {
  for (const option of ["idle", "absolute"]) {
    for (const [name, isThere] of Object.entries(asks)) {
      test(`${option}, asked by ${name}: there 1 ms before the deadline, gone at it and after it`, (lib) => {
        for (const [offset, expected] of [
          [-1, true],
          [0, false],
          [1, false],
        ]) {
          const { t, time } = made(lib, { [option]: 60 });
          time.set(T0 + MINUTE + offset);
          equal(isThere(t), expected, `at ${offset} ms`);
        }
      });
    }
  }

  test("idle counts from the last use", (lib) => {
    const { t, time } = made(lib, { idle: 60 });
    for (let i = 0; i < 10; i++) {
      time.advance(MINUTE - 1);
      equal(t.touch("k"), true);
    }
    time.advance(MINUTE);
    equal(t.member("k"), false);
  });

  test("looking without refreshing does not lengthen life", (lib) => {
    const { t, time } = made(lib, { idle: 60 });
    time.advance(MINUTE - 1);
    t.peek("k");
    t.member("k");
    t.select();
    t.insertNew("k", {});
    equal(t.count(), 1);
    time.advance(1);
    equal(t.member("k"), false);
  });

  test("absolute counts from creation, however busy the row", (lib) => {
    const { t, time } = made(lib, { absolute: 60 });
    for (let i = 1; i < 60; i++) {
      time.set(T0 + i * 1000);
      t.lookup("k");
      t.insert("k", { i });
      t.update("k", { j: i });
    }
    time.set(T0 + MINUTE - 1);
    equal(t.touch("k"), true);
    time.set(T0 + MINUTE);
    equal(t.member("k"), false);
  });

  test("idle and absolute together: the earlier of the two", (lib) => {
    const { t, time } = made(lib, { idle: 60, absolute: 100 });
    equal(onlyRow(t).meta.expiresAt, T0 + MINUTE);
    time.set(T0 + 30_000);
    t.touch("k");
    equal(onlyRow(t).meta.expiresAt, T0 + 90_000);
    time.set(T0 + 80_000);
    t.touch("k");
    equal(onlyRow(t).meta.expiresAt, T0 + 100_000);
    time.set(T0 + 99_999);
    equal(t.member("k"), true);
    time.set(T0 + 100_000);
    equal(t.member("k"), false);
  });

  test("an expired row's key is free: what comes is a new row", (lib) => {
    for (const create of [
      (t) => t.insert("k", { b: 1 }),
      (t) => t.insertNew("k", { b: 1 }),
      (t) => t.updateCounter("k", "b"),
    ]) {
      const { t, time } = made(lib, { idle: 60 });
      time.set(T0 + MINUTE);
      create(t);
      const { row, meta } = onlyRow(t);
      deepEqual(row, { b: 1 });
      equal(meta.createdAt, T0 + MINUTE);
    }
  });

  test("update of an expired row never revives it", (lib) => {
    const { t, time } = made(lib, { idle: 60 });
    time.set(T0 + MINUTE);
    equal(t.update("k", { m: 1 }), false);
    time.set(T0 + MINUTE - 1);
    equal(t.member("k"), false);
  });

  test("sweep removes up to limit expired rows and says how many", (lib) => {
    const time = clock();
    const t = makeTable(lib, { now: time.now, idle: 60 });
    for (let i = 0; i < 5; i++) t.insert(`old${i}`, { i });
    time.advance(30_000);
    for (let i = 0; i < 3; i++) t.insert(`new${i}`, { i });
    time.set(T0 + MINUTE);
    equal(t.sweep(3), 3);
    equal(t.sweep(3), 2);
    equal(t.sweep(3), 0);
    equal(t.size, 3);
    equal(t.info().expired, 5);
    time.set(T0 + MINUTE + 30_000);
    equal(t.sweep(), 3);
    equal(t.size, 0);
  });

  test("sweep is exact at the boundary", (lib) => {
    const { t, time } = made(lib, { idle: 60 });
    time.set(T0 + MINUTE - 1);
    equal(t.sweep(), 0);
    time.set(T0 + MINUTE);
    equal(t.sweep(), 1);
  });

  test("sweep spares rows that were touched since", (lib) => {
    const time = clock();
    const t = makeTable(lib, { now: time.now, idle: 60 });
    for (let i = 0; i < 100; i++) t.insert(`k${i}`, { i });
    time.advance(50_000);
    for (let i = 0; i < 100; i += 2) t.touch(`k${i}`);
    time.set(T0 + MINUTE);
    let swept = 0;
    for (let n = t.sweep(); n > 0; n = t.sweep()) swept += n;
    equal(swept, 50);
    equal(t.count(), 50);
    equal(t.member("k0"), true);
    equal(t.member("k1"), false);
  });

  test("thousands of rows expire each at its own time", (lib) => {
    const time = clock();
    const t = makeTable(lib, { now: time.now, idle: 60 });
    for (let i = 0; i < 3000; i++) {
      time.set(T0 + i * 7);
      t.insert(`k${i}`, { i });
    }
    for (const i of [0, 1, 500, 1499, 2998]) {
      time.set(T0 + i * 7 + MINUTE - 1);
      equal(t.count(), 3000 - i);
      time.set(T0 + i * 7 + MINUTE);
      equal(t.count(), 3000 - i - 1);
    }
  });

  test("expired rows give their bytes back once swept", (lib) => {
    const { t, time } = made(lib, { idle: 60 });
    for (let i = 0; i < 100; i++) t.insert(`k${i}`, { text: "x".repeat(500) });
    const full = t.info().bytes;
    time.advance(MINUTE);
    while (t.sweep() > 0);
    equal(t.info().size, 0);
    equal(t.info().bytes < full - 50_000, true, "bytes shrank");
  });

  test("very long lives are kept or refused, never cut short", (lib) => {
    for (const seconds of [86_400 * 365 * 100, 8.64e12, Number.MAX_SAFE_INTEGER]) {
      const time = clock();
      let t;
      try {
        t = makeTable(lib, { now: time.now, idle: seconds, absolute: seconds });
      } catch (error) {
        equal(error.code, "ERR_BAD_OPTION");
        continue;
      }
      t.insert("k", {});
      time.advance(86_400_000 * 365 * 99);
      equal(t.member("k"), true);
      equal(t.sweep(), 0);
    }
  });
});
