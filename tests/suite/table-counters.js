/** updateCounter and info: numbers that are counted inside. */
import { site } from "./client.js";
import { deepEqual, equal, group, makeTable, ok, rejectsCode, test, throwsCode } from "./harness.js";

group("table counters", () => {
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

  test("a session that is opened counts as a read", async (lib) => {
    const { browser, table } = site(lib);
    await browser.visit((session) => session.set("n", 1));
    await browser.visit(() => {});
    browser.jar.set("__Host-sid", "A".repeat(24));
    await browser.visit(() => {});
    const { hits, misses } = table.info();
    deepEqual([hits, misses], [1, 1]);
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

  test("what is no number is told by its name, in a table and in a commit", async (lib) => {
    const t = makeTable(lib);
    t.insert("k", { text: "x" });
    throwsCode(() => t.updateCounter("k", "text"), "ERR_NOT_A_NUMBER", { path: "text" });
    const { browser, manager } = site(lib);
    await browser.visit((session) => session.set("n", 1).set("m", 1));
    const late = await manager.open(browser.request());
    late.increment("m");
    late.increment("n");
    await browser.visit((session) => session.set("n", "text"));
    await rejectsCode(manager.commit(late, new Response("ok")), "ERR_NOT_A_NUMBER", { path: "n" });
    deepEqual((await browser.visit((session) => session.data)).result, { n: "text", m: 1 });
  });
});
