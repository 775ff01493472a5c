/** The byte budget: never exceeded, eviction in order, refusal with numbers and without a trace. */
import { clock, deepEqual, equal, group, makeTable, ok, test, throwsCode } from "./harness.js";

export const LIMIT = 65_536;

export function made(lib, options) {
  const time = clock();
  return { time, t: makeTable(lib, { maxBytes: LIMIT, maxRowBytes: 4096, now: time.now, ...options }) };
}

export const within = (t) => {
  const { bytes } = t.info();
  ok(bytes <= LIMIT, `${bytes} bytes in a table of ${LIMIT}`);
};

/** Fills a refusing table to the brim; the rows' text has this length. */
function fill(t, length = 200) {
  const row = { text: "x".repeat(length) };
  for (let i = 0; i < 10_000; i++) {
    try {
      t.insert(`k${i}`, row);
    } catch (error) {
      equal(error.code, "ERR_TABLE_FULL");
      return i;
    }
  }
  throw new Error("the table never got full");
}

group("budget", () => {
  for (const onFull of ["evict", "refuse"]) {
    test(`${onFull}: bytes never exceed maxBytes, whatever is written`, (lib) => {
      const { t, time } = made(lib, { onFull, idle: 600 });
      let seed = 1;
      const random = (n) => {
        seed = (seed * 48_271) % 2_147_483_647;
        return seed % n;
      };
      for (let i = 0; i < 3000; i++) {
        time.advance(random(300));
        const key = `k${random(500)}`;
        const uses = [
          () => t.insert(key, { text: "x".repeat(random(1500)) }),
          () => t.insert(key, { list: Array.from({ length: random(40) }, (_, n) => `item ${n}`) }),
          () => t.update(key, { [`field${random(20)}`]: "é".repeat(random(300)) }),
          () => t.updateCounter(key, "n"),
          () => t.delete(key),
          () => t.lookup(key),
        ];
        try {
          uses[random(uses.length)]();
        } catch (error) {
          ok(
            ["ERR_TABLE_FULL", "ERR_ROW_TOO_LARGE"].includes(error.code),
            `threw ${error.code}: ${error.message}`,
          );
          ok(onFull === "refuse" || error.code === "ERR_ROW_TOO_LARGE", "a table that evicts refused");
        }
        within(t);
      }
    });
  }

  test("evict is the default; the row just written is always there", (lib) => {
    const { t } = made(lib);
    for (let i = 0; i < 2000; i++) {
      t.insert(`k${i}`, { text: "x".repeat(200) });
      ok(t.member(`k${i}`), "the row just written is not there");
      within(t);
    }
    const { evicted, size } = t.info();
    equal(evicted, 2000 - size);
    ok(size > 50, `only ${size} rows of 200 characters in 64 KiB`);
  });

  test("refuse: ERR_TABLE_FULL with needed, used and limit", (lib) => {
    const { t } = made(lib, { onFull: "refuse" });
    const n = fill(t);
    const { bytes } = t.info();
    const error = throwsCode(() => t.insert("more", { text: "x".repeat(200) }), "ERR_TABLE_FULL", {
      limit: LIMIT,
      used: bytes,
      needed: (needed) => typeof needed === "number" && needed > 0,
    });
    ok(error.details.needed + error.details.used > LIMIT, "needed and used together would fit");
    equal(t.count(), n);
  });

  test("refuse: a refused write changes nothing but the count of refusals", (lib) => {
    const { t } = made(lib, { onFull: "refuse" });
    fill(t);
    const big = "y".repeat(3000);
    const state = () => ({ ...t.info(), hits: 0, misses: 0, refused: 0, memoryBytes: 0 });
    const rows = () => [...t.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
    const [before, rowsBefore] = [state(), rows()];
    const { refused } = t.info();
    throwsCode(() => t.insert("more", { big }), "ERR_TABLE_FULL");
    throwsCode(() => t.insertNew("more", { big }), "ERR_TABLE_FULL");
    throwsCode(() => t.insert("k0", { big }), "ERR_TABLE_FULL");
    throwsCode(() => t.update("k1", { big }), "ERR_TABLE_FULL");
    deepEqual(rows(), rowsBefore);
    deepEqual(state(), before);
    equal(t.info().refused, refused + 4);
  });

  test("refuse: reading, touching and deleting go on, and deleting makes room", (lib) => {
    const { t } = made(lib, { onFull: "refuse" });
    fill(t);
    const row = { text: "x".repeat(200) };
    deepEqual(t.lookup("k0"), row);
    equal(t.touch("k1"), true);
    for (let i = 0; i < 10; i++) equal(t.delete(`k${i}`), true);
    t.insert("more", row);
    deepEqual(t.lookup("more"), row);
  });

  test("refuse: expired rows make room by themselves", (lib) => {
    const { t, time } = made(lib, { onFull: "refuse", idle: 60 });
    const n = fill(t);
    time.advance(60_000);
    for (let i = 0; i < n; i++) t.insert(`n${i}`, { text: "x".repeat(200) });
    equal(t.count(), n);
  });

  test("refuse: a table emptied takes as much again, round after round", (lib) => {
    const { t } = made(lib, { onFull: "refuse" });
    const first = fill(t);
    for (let round = 0; round < 5; round++) {
      t.clear();
      const again = fill(t);
      ok(again >= first * 0.95, `${again} rows in round ${round}, ${first} at first`);
    }
  });

  test("a row that could never fit is refused, and nobody is evicted for it", (lib) => {
    const { t } = made(lib, { maxBytes: 16_384, maxRowBytes: 65_536 });
    t.insert("k", { a: 1 });
    throwsCode(
      () => t.insert("large", { text: "x".repeat(20_000) }),
      ["ERR_TABLE_FULL", "ERR_ROW_TOO_LARGE"],
    );
    deepEqual(t.lookup("k"), { a: 1 });
    equal(t.info().evicted, 0);
  });

  test("ever new field names stay within the budget and do not clog the table", (lib) => {
    const { t } = made(lib);
    for (let i = 0; i < 4000; i++) {
      t.insert(`k${i % 20}`, { [`a rather long and hostile field name, number ${i}`]: i });
      within(t);
    }
    t.clear();
    const row = { text: "x".repeat(3000) };
    for (let i = 0; i < 10; i++) t.insert(`k${i}`, row);
    equal(t.count(), 10);
  });

  test("one table's budget is not another's", (lib) => {
    const { t } = made(lib, { onFull: "refuse" });
    const { t: other } = made(lib, { onFull: "refuse" });
    fill(t);
    other.insert("k", { text: "x".repeat(200) });
    equal(other.count(), 1);
  });
});
