/** Who goes when a table is full and evicts. */
import { made, within } from "./budget.js";
import { deepEqual, equal, group, ok, test } from "./harness.js";

/**
 * Writes until the expected rows were evicted, in the expected order. Those that one write evicts have no order
 * among themselves that could be seen, as keys() promises none.
 */
function evicts(t, write, expected) {
  const left = [...expected];
  let before = new Set(t.keys());
  for (let i = 0; left.length > 0; i++) {
    ok(i < 10_000, "nothing is evicted");
    const written = write(i);
    const after = new Set(t.keys());
    ok(after.has(written), "the row just written is not there");
    const gone = [...before].filter((key) => !after.has(key));
    const next = left.splice(0, gone.length);
    // The last write may evict more than was asked about.
    if (left.length > 0) equal(gone.length, next.length, "evicted by one write");
    for (const key of next) ok(gone.includes(key), `${gone.join(", ")} went before ${key}`);
    before = after;
  }
}

const numbered = (n) => Array.from({ length: n }, (_, i) => `k${i}`);

const insertNew = (t, row) => (i) => {
  t.insert(`new${i}`, row);
  return `new${i}`;
};

group("eviction", () => {
  test("evict: oldest first among equals", (lib) => {
    const { t } = made(lib, { idle: 600 });
    const write = (i) => {
      t.insert(`k${i}`, { text: "x".repeat(200) });
      return `k${i}`;
    };
    evicts(t, write, numbered(50));
  });

  test("evict: oldest first where nothing expires", (lib) => {
    const { t, time } = made(lib);
    const write = (i) => {
      time.advance(1000);
      t.insert(`k${i}`, { text: "x".repeat(200) });
      return `k${i}`;
    };
    evicts(t, write, numbered(50));
  });

  test("evict: what would expire soonest goes first, a second apart is enough", (lib) => {
    const { t, time } = made(lib, { idle: 600 });
    const row = { text: "x".repeat(200) };
    for (let i = 0; i < 40; i++) {
      time.advance(1000);
      t.insert(`k${i}`, row);
    }
    // Touched in this order, each a second after the one before: those left alone go first, then these.
    const touched = [7, 3, 30, 0, 12];
    for (const i of touched) {
      time.advance(1000);
      t.touch(`k${i}`);
    }
    time.advance(1000);
    const untouched = Array.from({ length: 40 }, (_, i) => i).filter((i) => !touched.includes(i));
    const expected = [...untouched, ...touched].map((i) => `k${i}`);
    evicts(t, insertNew(t, row), expected);
  });

  test("evict: the absolute deadline counts where it is the earlier one", (lib) => {
    const { t, time } = made(lib, { idle: 600, absolute: 700 });
    const row = { text: "x".repeat(200) };
    t.insert("busy", row);
    time.advance(300_000);
    t.insert("quiet", row);
    time.advance(200_000);
    // busy is touched now, but ends at 700 s; quiet was last used at 300 s and would end at 900 s.
    t.touch("busy");
    evicts(t, insertNew(t, row), ["busy", "quiet"]);
  });

  test("evict: expired rows are cleared before any living one goes", (lib) => {
    const { t, time } = made(lib, { idle: 60 });
    const row = { text: "x".repeat(200) };
    for (let i = 0; i < 100; i++) t.insert(`old${i}`, row);
    equal(t.info().evicted, 0);
    time.advance(59_000);
    for (let i = 0; i < 50; i++) t.insert(`new${i}`, row);
    equal(t.info().evicted, 0);
    time.advance(1000);
    for (let i = 50; i < 140; i++) t.insert(`new${i}`, row);
    equal(t.info().evicted, 0);
    equal(t.count(), 140);
  });

  test("evict: a large row takes as many as it needs, in order, and no row of later expiry", (lib) => {
    const { t, time } = made(lib, { idle: 600 });
    for (let i = 0; i < 600; i++) {
      time.advance(1000);
      t.insert(`k${i}`, { text: "x".repeat(100) });
    }
    const before = [...t.keys()];
    t.insert("large", { text: "x".repeat(3500) });
    const gone = before.filter((key) => !t.member(key)).map((key) => Number(key.slice(1)));
    const left = before.filter((key) => t.member(key)).map((key) => Number(key.slice(1)));
    ok(gone.length > 1, "a row of 3,500 characters took the place of one of 100");
    ok(gone.length < 100, `${gone.length} rows of 100 characters gave way to one of 3,500`);
    ok(Math.max(...gone) < Math.min(...left), "a row went before one that would have expired sooner");
  });

  test("evict: a row that grows by update is not its own victim", (lib) => {
    const { t } = made(lib, { idle: 600 });
    t.insert("first", { text: "x" });
    for (let i = 0; t.info().evicted === 0; i++) {
      t.touch("first");
      t.insert(`k${i}`, { text: "x".repeat(200) });
    }
    t.insert("last", { a: 1 });
    equal(t.update("last", { text: "y".repeat(3000) }), true);
    deepEqual(t.lookup("last"), { a: 1, text: "y".repeat(3000) });
    within(t);
  });
});
