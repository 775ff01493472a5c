/** Clocks that stand still, jump, run backwards or answer nonsense: nothing is revived, nothing lost early. */
import { clock, deepEqual, equal, group, makeTable, onlyRow, T0, test } from "./harness.js";

const MINUTE = 60_000;

function made(lib, options = { idle: 60 }) {
  const time = clock();
  const t = makeTable(lib, { now: time.now, ...options });
  t.insert("k", { a: 1 });
  return { t, time };
}

const nonsense = {
  NaN: Number.NaN,
  Infinity: Infinity,
  "-Infinity": -Infinity,
  "a negative time": -1,
  "a time beyond the last date": 8.64e15 + 2,
  undefined: undefined,
  "a string": "soon",
};

group("clock", () => {
  for (const [name, reading] of Object.entries(nonsense)) {
    test(`${name} is ignored: the latest time seen counts`, (lib) => {
      const { t, time } = made(lib);
      time.set(T0 + 10_000);
      t.touch("k");
      time.set(reading);
      deepEqual(t.lookup("k"), { a: 1 });
      equal(onlyRow(t).meta.touchedAt, T0 + 10_000);
      t.insert("new", {});
      equal(t.sweep(), 0);
      time.set(T0 + 10_000 + MINUTE - 1);
      equal(t.count(), 2);
      time.set(T0 + 10_000 + MINUTE);
      equal(t.count(), 0);
    });
  }

  test("backwards: the latest time seen counts, for old rows and new", (lib) => {
    const { t, time } = made(lib);
    time.set(T0 + 30_000);
    t.touch("k");
    time.set(T0 - 86_400_000);
    t.insert("k", { a: 2 });
    equal(onlyRow(t).meta.touchedAt, T0 + 30_000);
    time.set(T0 + 30_000 + MINUTE - 1);
    equal(t.member("k"), true);
    time.set(T0 + 30_000 + MINUTE);
    equal(t.member("k"), false);
  });

  test("a row found expired stays so when the clock goes back", (lib) => {
    const { t, time } = made(lib);
    time.set(T0 + MINUTE);
    equal(t.lookup("k"), undefined);
    time.set(T0);
    equal(t.lookup("k"), undefined);
    equal(t.count(), 0);
  });

  test("a time that only another row's operation saw counts for all", (lib) => {
    const { t, time } = made(lib);
    t.insert("other", {});
    time.set(T0 + 30 * 86_400_000);
    t.member("other");
    time.set(T0 + 1);
    equal(t.peek("k"), undefined);
    equal(t.touch("k"), false);
    equal(t.update("k", { b: 1 }), false);
  });

  test("standing still: nothing expires, everything works", (lib) => {
    const { t } = made(lib);
    for (let i = 0; i < 500; i++) {
      t.insert(`k${i}`, { i });
      t.lookup("k");
    }
    equal(t.sweep(), 0);
    equal(t.count(), 501);
  });

  test("standing still at 0, as a worker's clock does at start-up", (lib) => {
    const time = clock(0);
    const t = makeTable(lib, { now: time.now, idle: 60 });
    t.insert("k", {});
    equal(onlyRow(t).meta.createdAt, 0);
    time.set(MINUTE - 1);
    equal(t.member("k"), true);
    time.set(MINUTE);
    equal(t.member("k"), false);
  });

  test("a jump of thirty days expires what is due and no more", (lib) => {
    const { t, time } = made(lib, { absolute: "40d" });
    time.advance(30 * 86_400_000);
    equal(t.member("k"), true);
    time.advance(10 * 86_400_000 - 1);
    equal(t.member("k"), true);
    time.advance(1);
    equal(t.member("k"), false);
  });

  test("fractions of a millisecond neither lose a row early nor keep it late", (lib) => {
    const { t, time } = made(lib);
    time.set(T0 + MINUTE - 0.5);
    equal(t.peek("k") !== undefined, true);
    time.set(T0 + MINUTE + 0.5);
    equal(t.peek("k"), undefined);
  });

  test("at the last date there is, rows come and go by hand", (lib) => {
    const time = clock(8.64e15);
    const t = makeTable(lib, { now: time.now, idle: 60, absolute: 60 });
    t.insert("k", { a: 1 });
    deepEqual(t.lookup("k"), { a: 1 });
    equal(t.sweep(), 0);
    equal(t.delete("k"), true);
  });

  test("each table has its own clock", (lib) => {
    const early = clock();
    const late = clock(T0 + 86_400_000);
    const a = makeTable(lib, { now: early.now, idle: 60 });
    const b = makeTable(lib, { now: late.now, idle: 60 });
    a.insert("k", {});
    b.insert("k", {});
    equal(a.member("k"), true);
    equal(onlyRow(a).meta.createdAt, T0);
    equal(onlyRow(b).meta.createdAt, T0 + 86_400_000);
  });

  test("without a clock of its own a table goes by Date.now", (lib) => {
    const t = makeTable(lib);
    const before = Date.now();
    t.insert("k", {});
    const { createdAt } = onlyRow(t).meta;
    equal(createdAt >= before && createdAt <= Date.now(), true);
  });
});
