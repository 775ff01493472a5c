/** createTable's options: units, defaults, and what is refused when configured. */
import { clock, equal, group, makeTable, ok, T0, test, throwsCode, unique } from "./harness.js";

const KIB = 1024;

const refused = (lib, option, given) => {
  const name = unique();
  throwsCode(() => lib.table.createTable(name, { [option]: given }), "ERR_BAD_OPTION", {
    option,
    // What was given is told as it is where details can hold it, else in words.
    given: (told) =>
      typeof given === "object" || typeof given === "boolean"
        ? told !== undefined
        : String(told) === String(given),
  });
  ok(!lib.table.tables().includes(name), "a refused table was made nevertheless");
};

const badDurations = [
  0,
  -1,
  Number.NaN,
  Infinity,
  -Infinity,
  "",
  "abc",
  "s",
  "0s",
  "-5s",
  "NaNs",
  "Infinity",
  true,
  {},
];
const badBytes = [0, -1, Number.NaN, Infinity, "", "abc", "KiB", "0MiB", "-1KiB", "Infinity", true, {}];

group("options", () => {
  const durations = [
    [90, 90],
    ["90s", 90],
    ["30m", 1800],
    ["12h", 43_200],
    ["7d", 604_800],
  ];
  for (const option of ["idle", "absolute"]) {
    for (const [given, seconds] of durations) {
      test(`${option}: ${JSON.stringify(given)} is ${seconds} seconds`, (lib) => {
        const time = clock();
        const t = makeTable(lib, { [option]: given, now: time.now });
        t.insert("k", {});
        time.set(T0 + seconds * 1000 - 1);
        ok(t.peek("k"), "gone too early");
        time.set(T0 + seconds * 1000);
        equal(t.peek("k"), undefined);
      });
    }
    test(`${option} refuses what is no positive, finite duration`, (lib) => {
      for (const given of badDurations) refused(lib, option, given);
    });
  }

  test("without idle and absolute a row stays", (lib) => {
    const time = clock();
    const t = makeTable(lib, { now: time.now });
    t.insert("k", { a: 1 });
    time.advance(1000 * 365 * 86_400_000);
    ok(t.peek("k"));
  });

  for (const [given, bytes] of [
    [100_000, 100_000],
    ["64KiB", 64 * KIB],
    ["1MiB", KIB * KIB],
    ["32MiB", 32 * KIB * KIB],
  ]) {
    test(`maxBytes: ${JSON.stringify(given)} is ${bytes} bytes`, (lib) => {
      equal(makeTable(lib, { maxBytes: given }).info().maxBytes, bytes);
    });
  }

  test("maxBytes is 32 MiB unless given", (lib) => {
    equal(makeTable(lib).info().maxBytes, 32 * KIB * KIB);
  });

  test("maxRowBytes is 64 KiB unless given", (lib) => {
    const big = { v: "x".repeat(64 * KIB) };
    throwsCode(() => makeTable(lib).insert("k", big), "ERR_ROW_TOO_LARGE", { limit: 64 * KIB });
    makeTable(lib).insert("k", { v: "x".repeat(60 * KIB) });
  });

  test("maxRowBytes takes numbers and strings", (lib) => {
    const row = { v: "x".repeat(3000) };
    throwsCode(() => makeTable(lib, { maxRowBytes: 2048 }).insert("k", row), "ERR_ROW_TOO_LARGE", {
      limit: 2048,
    });
    throwsCode(() => makeTable(lib, { maxRowBytes: "2KiB" }).insert("k", row), "ERR_ROW_TOO_LARGE", {
      limit: 2048,
    });
    makeTable(lib, { maxRowBytes: "4KiB" }).insert("k", row);
  });

  for (const option of ["maxBytes", "maxRowBytes"]) {
    test(`${option} refuses what is no positive number of bytes`, (lib) => {
      for (const given of badBytes) refused(lib, option, given);
    });
  }

  test("onFull is evict or refuse", (lib) => {
    makeTable(lib, { onFull: "evict" });
    makeTable(lib, { onFull: "refuse" });
    for (const given of ["", "Evict", "drop", 1, true]) refused(lib, "onFull", given);
  });

  test("hashKeys is a boolean", (lib) => {
    for (const given of ["yes", 1, "false", 0]) refused(lib, "hashKeys", given);
  });

  test("reserve is a boolean", (lib) => {
    for (const given of ["yes", 1, "false", 0, "8MiB"]) refused(lib, "reserve", given);
  });

  test("reserve has memory grow when the table is made, and not for its rows", (lib) => {
    const before = makeTable(lib, {}).info().memoryBytes;
    // More than tests before this one may have left free.
    const maxBytes = before + 4 * KIB * KIB;
    const t = makeTable(lib, { maxBytes, onFull: "refuse", reserve: true });
    const made = t.info().memoryBytes;
    ok(made >= maxBytes, `${made} bytes of memory are less than ${maxBytes}`);
    throwsCode(() => {
      for (let i = 0; i < maxBytes / KIB; i++) t.insert(`k${i}`, { text: "x".repeat(KIB) });
    }, "ERR_TABLE_FULL");
    equal(t.info().memoryBytes, made, "memory after the table is full");
  });

  test("tables that reserve do not count on the same memory", (lib) => {
    const maxBytes = 3 * KIB * KIB;
    const sizes = Array.from(
      { length: 4 },
      () => makeTable(lib, { maxBytes, reserve: true }).info().memoryBytes,
    );
    ok(sizes[3] - sizes[1] >= 2 * maxBytes, `two more tables took ${sizes[3] - sizes[1]} bytes`);
  });

  test("large tables reserve unasked, where memory is to be had", (lib) => {
    const before = makeTable(lib, {}).info().memoryBytes;
    const maxBytes = Math.max(before, 48 * KIB * KIB) + KIB;
    const t = makeTable(lib, { maxBytes, reserve: false });
    equal(t.info().memoryBytes, before, "memory beside a table that reserves nothing");
    t.drop();
    const large = makeTable(lib, { maxBytes });
    ok(large.info().memoryBytes >= maxBytes, "memory of a large table");
    large.drop();
    const most = makeTable(lib, { maxBytes: "1GiB" });
    most.insert("k", { n: 1 });
    equal(most.size, 1);
    const beside = makeTable(lib, { maxBytes: KIB, reserve: true });
    equal(beside.size, 0);
    for (const made of [most, beside]) made.drop();
  });

  test("what memory can't be reserved for is refused at once, and no table is made", (lib) => {
    const name = unique();
    const most = { maxBytes: "1GiB", reserve: true };
    throwsCode(() => lib.table.createTable(name, most), "ERR_TABLE_FULL", {});
    equal(lib.table.tables().includes(name), false);
    lib.table.createTable(name, { maxBytes: "1GiB" }).drop();
  });

  test("now is a function", (lib) => {
    for (const given of [5, "Date.now", {}]) refused(lib, "now", given);
  });

  test("an option that is undefined is as good as absent", (lib) => {
    const t = makeTable(lib, {
      maxBytes: undefined,
      maxRowBytes: undefined,
      idle: undefined,
      absolute: undefined,
      onFull: undefined,
      hashKeys: undefined,
      reserve: undefined,
      now: undefined,
    });
    equal(t.info().maxBytes, 32 * KIB * KIB);
  });

  test("the clock is not asked by createTable", (lib) => {
    let asked = 0;
    const now = () => {
      asked++;
      return T0;
    };
    const t = makeTable(lib, { now, idle: 60 });
    equal(asked, 0);
    t.insert("k", {});
    ok(asked > 0, "the injected clock is never used");
  });

  test("the table does not follow later changes of the options object", (lib) => {
    const time = clock();
    const options = { idle: 60, now: time.now };
    const t = makeTable(lib, options);
    options.idle = 1;
    t.insert("k", {});
    time.advance(30_000);
    ok(t.peek("k"));
  });
});
