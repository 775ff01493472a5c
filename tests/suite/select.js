/** Many rows: filters, pages, counting and deleting by filter. */
import { allRows, clock, deepEqual, equal, group, makeTable, ok, T0, test, throwsCode } from "./harness.js";

const keysOf = (t, filter) =>
  allRows(t, filter)
    .map(([key]) => key)
    .sort();

/** The filter finds exactly these, asked in each way there is. */
function finds(t, filter, expected) {
  deepEqual(keysOf(t, filter), [...expected].sort());
  equal(t.count(filter), expected.length, "count");
}

function people(lib) {
  const t = makeTable(lib);
  t.insert("ada", { role: "admin", age: 36, city: "London" });
  t.insert("bob", { role: "user", age: 36, city: "Paris" });
  t.insert("eve", { role: "user", age: 20 });
  t.insert("nil", { role: null, age: undefined });
  return t;
}

group("select", () => {
  test("without a filter, or with an empty one, it gives every row", (lib) => {
    const t = people(lib);
    for (const filter of [undefined, {}, { where: {} }]) finds(t, filter, ["ada", "bob", "eve", "nil"]);
  });

  test("each row comes with its key, data and meta", (lib) => {
    const time = clock();
    const t = makeTable(lib, { now: time.now, idle: 60 });
    t.insert("k", { a: [1, 2] });
    const [[key, row, meta]] = t.select({ where: {} }).rows;
    equal(key, "k");
    deepEqual(row, { a: [1, 2] });
    deepEqual(
      { ...meta, version: 0 },
      { createdAt: T0, touchedAt: T0, expiresAt: T0 + 60_000, version: 0, subject: undefined },
    );
  });

  test("where compares top-level fields, all of them", (lib) => {
    const t = people(lib);
    finds(t, { where: { role: "user" } }, ["bob", "eve"]);
    finds(t, { where: { role: "user", age: 36 } }, ["bob"]);
    finds(t, { where: { role: "USER" } }, []);
    finds(t, { where: { role: null } }, ["nil"]);
    finds(t, { where: { city: "Berlin" } }, []);
    finds(t, { where: { nobody: "has this" } }, []);
  });

  test("an array in where means one of", (lib) => {
    const t = people(lib);
    finds(t, { where: { role: ["admin", "user"] } }, ["ada", "bob", "eve"]);
    finds(t, { where: { role: ["admin", null] } }, ["ada", "nil"]);
    finds(t, { where: { age: [20, 36], city: ["Paris"] } }, ["bob"]);
    finds(t, { where: { role: [] } }, []);
  });

  test("where knows types apart", (lib) => {
    const t = makeTable(lib);
    const values = { one: 1, text: "1", yes: true, big: 1n, nan: Number.NaN, date: new Date(1), nil: null };
    for (const [key, v] of Object.entries(values)) t.insert(key, { v });
    for (const [key, v] of Object.entries(values)) finds(t, { where: { v } }, [key]);
  });

  test("where sees own fields only", (lib) => {
    const t = people(lib);
    finds(t, { where: { toString: Object.prototype.toString.name } }, []);
    t.insert("odd", { constructor: "mine" });
    finds(t, { where: { constructor: "mine" } }, ["odd"]);
  });

  test("idleFor: untouched for at least this long, exact at the boundary", (lib) => {
    const time = clock();
    const t = makeTable(lib, { now: time.now });
    t.insert("old", {});
    time.advance(10_000);
    t.insert("new", {});
    time.set(T0 + 59_999);
    finds(t, { idleFor: 60 }, []);
    time.set(T0 + 60_000);
    finds(t, { idleFor: 60 }, ["old"]);
    finds(t, { idleFor: "1m" }, ["old"]);
    time.set(T0 + 60_001);
    finds(t, { idleFor: 60 }, ["old"]);
    t.touch("old");
    time.set(T0 + 70_000);
    finds(t, { idleFor: 60 }, ["new"]);
  });

  test("idleFor and where together", (lib) => {
    const time = clock();
    const t = makeTable(lib, { now: time.now });
    t.insert("a", { kind: 1 });
    t.insert("b", { kind: 2 });
    time.advance(5000);
    t.insert("c", { kind: 1 });
    finds(t, { idleFor: 5, where: { kind: 1 } }, ["a"]);
  });

  test("idleFor refuses what is no duration", (lib) => {
    const t = people(lib);
    for (const idleFor of ["abc", Number.NaN, -1, 0, Infinity]) {
      throwsCode(() => t.select({ idleFor }), "ERR_BAD_OPTION");
      throwsCode(() => t.deleteWhere({ idleFor }), "ERR_BAD_OPTION");
    }
    equal(t.count(), 4);
  });

  test("rows written by hand have no subject", (lib) => {
    const t = people(lib);
    finds(t, { hasSubject: false }, ["ada", "bob", "eve", "nil"]);
    finds(t, { hasSubject: true }, []);
    finds(t, { subject: "ada" }, []);
  });

  test("pages hold at most limit rows, and end", (lib) => {
    const t = makeTable(lib);
    for (let i = 0; i < 25; i++) t.insert(`k${i}`, { i });
    for (const limit of [1, 7, 24, 25, 26, 1000]) {
      const found = [];
      let after;
      let pages = 0;
      do {
        const page = t.select({}, after === undefined ? { limit } : { limit, after });
        ok(page.rows.length <= limit, `${page.rows.length} rows in a page of ${limit}`);
        found.push(...page.rows.map(([key]) => key));
        after = page.after;
        ok(after === undefined || typeof after === "string");
        ok(++pages <= 60, "paging does not end");
      } while (after !== undefined);
      equal(found.length, 25);
      equal(new Set(found).size, 25);
    }
  });

  test("paging with a filter finds each match once", (lib) => {
    const t = makeTable(lib);
    for (let i = 0; i < 200; i++) t.insert(`k${i}`, { even: i % 2 === 0 });
    const found = [];
    let page = t.select({ where: { even: true } }, { limit: 9 });
    for (;;) {
      found.push(...page.rows.map(([key]) => key));
      if (page.after === undefined) break;
      page = t.select({ where: { even: true } }, { limit: 9, after: page.after });
    }
    equal(found.length, 100);
    equal(new Set(found).size, 100);
  });

  test("rows that were there throughout appear exactly once, whatever is written between pages", (lib) => {
    const t = makeTable(lib);
    for (let i = 0; i < 60; i++) {
      t.insert(`stays${i}`, { i });
      t.insert(`goes${i}`, { i });
    }
    const times = new Map();
    let after;
    let pages = 0;
    do {
      const page = t.select({}, after === undefined ? { limit: 7 } : { limit: 7, after });
      for (const [key] of page.rows) times.set(key, (times.get(key) ?? 0) + 1);
      after = page.after;
      t.delete(`goes${pages}`);
      t.delete(`goes${59 - pages}`);
      t.insert(`comes${pages}`, { pages });
      t.insert(`stays${(pages * 7) % 60}`, { text: "grown".repeat(pages * 10) });
      t.update(`stays${(pages * 11) % 60}`, { n: pages });
      t.lookup(`stays${(pages * 13) % 60}`);
      ok(++pages < 500, "paging does not end");
    } while (after !== undefined);
    for (let i = 0; i < 60; i++) equal(times.get(`stays${i}`), 1, `times that stays${i} appeared`);
    for (const [key, n] of times) equal(n, 1, `times that ${key} appeared`);
  });

  test("a limit that is no positive whole number is refused", (lib) => {
    const t = people(lib);
    for (const limit of [-1, Number.NaN, "ten"]) throwsCode(() => t.select({}, { limit }), "ERR_BAD_OPTION");
  });

  test("a made-up cursor harms nothing", (lib) => {
    const t = people(lib);
    for (const after of ["", "x", "9".repeat(400), "-1", "NaN", "\u0000"]) {
      try {
        ok(t.select({}, { limit: 2, after }).rows.length <= 2);
      } catch (error) {
        ok(error instanceof lib.EtsError, "threw something else than an EtsError");
      }
    }
    finds(t, {}, ["ada", "bob", "eve", "nil"]);
  });

  test("deleteWhere removes what the filter finds and says how many", (lib) => {
    const t = people(lib);
    equal(t.deleteWhere({ where: { role: "nobody" } }), 0);
    equal(t.deleteWhere({ where: { role: ["user", null] } }), 3);
    deepEqual([...t.keys()], ["ada"]);
    equal(t.size, 1);
    equal(t.info().deleted, 3);
  });

  test("deleteWhere takes more rows than a page holds", (lib) => {
    const t = makeTable(lib);
    for (let i = 0; i < 3000; i++) t.insert(`k${i}`, { odd: i % 2 });
    equal(t.deleteWhere({ where: { odd: 1 } }), 1500);
    equal(t.count({ where: { odd: 1 } }), 0);
    equal(t.count(), 1500);
  });

  test("selected rows share nothing with the table", (lib) => {
    const t = makeTable(lib);
    t.insert("k", { list: [1] });
    t.select().rows[0][1].list.push(2);
    for (const [, row] of t.entries()) row.list.push(3);
    deepEqual(t.lookup("k"), { list: [1] });
  });

  test("values of a filter may have getters that use any table", (lib) => {
    const time = clock();
    const t = makeTable(lib, { now: time.now });
    t.insert("old", { a: { x: 1 } });
    time.advance(7_200_000);
    t.insert("fresh", { a: { x: 1 } });
    const wide = "é".repeat(50_000);
    for (const use of [
      () => t.count({ where: { a: 1 } }),
      () => t.peek("some key of some length"),
      () => t.peek(wide),
      () => t.select({ idleFor: 1, subject: "nobody" }),
      () => t.updateCounter("counted", wide.slice(0, 100)),
    ]) {
      const where = {
        a: {
          get x() {
            use();
            return 1;
          },
        },
      };
      finds(t, { where }, ["fresh", "old"]);
      finds(t, { where, idleFor: "1h" }, ["old"]);
    }
    t.delete("counted");
    const where = {
      a: {
        get x() {
          t.count();
          return 1;
        },
      },
    };
    equal(t.deleteWhere({ where, idleFor: "1h" }), 1);
    deepEqual(keysOf(t), ["fresh"]);
  });

  test("a getter that clears the table does not have another field looked at, or removed", (lib) => {
    const t = makeTable(lib);
    t.insert("k", { a: 1, b: 2 });
    const again = (row, value) => {
      t.clear();
      t.insert("k", row);
      return value;
    };
    const where = {
      a: 1,
      get b() {
        return again({ q: 1, b: 2 }, 2);
      },
    };
    equal(t.count({ where }), 0);
    t.clear();
    t.insert("k", { a: 1, b: 2 });
    const patch = {
      get z() {
        return again({ q: 1, r: 2, a: 3 }, 3);
      },
    };
    equal(t.update("k", patch, ["a"]), true);
    deepEqual(t.peek("k"), { q: 1, r: 2, z: 3 });
  });

  test("what can't be looked for is refused by its path", (lib) => {
    const t = makeTable(lib);
    t.insert("k", { a: undefined });
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const thrower = {
      get a() {
        throw new Error("no");
      },
    };
    for (const [where, path] of [
      [thrower, "a"],
      [{ a: thrower }, "a.a"],
      [{ a: [1, () => {}] }, "a[1]"],
      // biome-ignore lint/suspicious/noSparseArray: a hole is what is to be refused
      [{ a: [, 1] }, "a[0]"],
      [revoked.proxy, ""],
      [new Map([["a", 1]]), ""],
    ]) {
      for (const ask of [t.count, t.select, t.deleteWhere]) {
        throwsCode(() => ask.call(t, { where }), "ERR_UNSUPPORTED_VALUE", { path });
      }
    }
    equal(t.size, 1);
  });

  test("deleteWhere is not told to delete everything by a filter that says nothing", (lib) => {
    const t = makeTable(lib);
    t.insert("k", { a: 1 });
    for (const option of ["subject", "where", "hasSubject", "idleFor"]) {
      throwsCode(() => t.deleteWhere({ [option]: undefined }), "ERR_BAD_OPTION", {
        option,
        given: "undefined",
      });
      equal(t.count({ [option]: undefined }), 1);
    }
    equal(t.deleteWhere({}), 1);
  });
});
