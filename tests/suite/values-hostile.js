/** Values and environments that try to do something while they are read or rebuilt. */
import { deepEqual, equal, group, makeTable, ok, test, throwsCode } from "./harness.js";

/** Defines a property on Object.prototype while fn runs. */
function withPrototype(name, descriptor, fn) {
  Object.defineProperty(Object.prototype, name, { configurable: true, ...descriptor });
  try {
    fn();
  } finally {
    delete Object.prototype[name];
  }
}

group("hostile values", () => {
  test("__proto__ in data never reaches a prototype", (lib) => {
    const t = makeTable(lib);
    t.insert(
      "k",
      JSON.parse('{"__proto__":{"polluted":1},"deep":{"__proto__":{"polluted":2}},"constructor":3}'),
    );
    const got = t.lookup("k");
    equal(Object.getPrototypeOf(got), Object.prototype);
    equal(Object.getPrototypeOf(got.deep), Object.prototype);
    equal(got.polluted, undefined);
    equal({}.polluted, undefined);
    deepEqual(t.field("k", "__proto__"), { polluted: 1 });
    equal(t.field("k", "constructor"), 3);
  });

  test("a field called __proto__ is updated, removed and counted like any other", (lib) => {
    const t = makeTable(lib);
    t.insert("k", { a: 1 });
    equal(t.field("k", "__proto__"), undefined);
    t.update("k", JSON.parse('{"__proto__":5}'));
    equal(t.updateCounter("k", "__proto__"), 6);
    deepEqual(t.lookup("k"), JSON.parse('{"a":1,"__proto__":6}'));
    t.update("k", {}, ["__proto__"]);
    deepEqual(t.lookup("k"), { a: 1 });
  });

  test("what others put on Object.prototype is not taken for data", (lib) => {
    const t = makeTable(lib);
    withPrototype("inherited", { value: 1, enumerable: true }, () => {
      t.insert("k", { a: { b: 1 } });
      deepEqual(t.lookup("k"), { a: { b: 1 } });
    });
    deepEqual(t.lookup("k"), { a: { b: 1 } });
  });

  test("setters and read-only properties on Object.prototype do not swallow fields", (lib) => {
    const t = makeTable(lib);
    t.insert("k", { victim: 1, deep: { victim: 2 } });
    let called = 0;
    const set = () => {
      called++;
    };
    withPrototype("victim", { set, get: () => "theirs" }, () => {
      deepEqual(t.lookup("k"), { victim: 1, deep: { victim: 2 } });
      t.insert("again", { victim: 3 });
      deepEqual(t.lookup("again"), { victim: 3 });
    });
    withPrototype("victim", { value: "theirs", writable: false }, () => {
      deepEqual(t.lookup("k"), { victim: 1, deep: { victim: 2 } });
    });
    equal(called, 0, "calls of the setter");
  });

  test("a getter may use the table while its row is being written", (lib) => {
    const t = makeTable(lib);
    t.insert("old", { text: "old".repeat(50) });
    t.insert("outer", {
      before: "b".repeat(100),
      get inner() {
        t.insert("inner", { text: "inner".repeat(100), list: [1, 2, 3] });
        t.lookup("old");
        t.update("old", { n: 1 });
        t.updateCounter("counted", "n");
        t.delete("inner");
        t.insert("inner", { text: "again".repeat(100) });
        return "read";
      },
      after: ["a", "f", "t", "e", "r"],
    });
    deepEqual(t.lookup("outer"), {
      before: "b".repeat(100),
      inner: "read",
      after: ["a", "f", "t", "e", "r"],
    });
    deepEqual(t.lookup("inner"), { text: "again".repeat(100) });
    deepEqual(t.lookup("old"), { text: "old".repeat(50), n: 1 });
  });

  test("a getter may drop the table under its own write", (lib) => {
    const t = makeTable(lib);
    throwsCode(
      () =>
        t.insert("k", {
          get v() {
            t.drop();
            return 1;
          },
        }),
      "ERR_NO_TABLE",
    );
    const other = makeTable(lib);
    other.insert("k", { fine: true });
    deepEqual(other.lookup("k"), { fine: true });
  });

  test("a getter that answers differently each time is stored as one of its answers", (lib) => {
    const t = makeTable(lib);
    let n = 0;
    t.insert("k", {
      get v() {
        n++;
        return n % 2 === 0 ? "x".repeat(500 * n) : [n];
      },
      w: "after",
    });
    const { v, w } = t.lookup("k");
    ok(typeof v === "string" || Array.isArray(v));
    equal(w, "after");
  });

  test("toJSON, valueOf and Symbol.toPrimitive are never called", (lib) => {
    const t = makeTable(lib);
    let called = 0;
    const trap = () => {
      called++;
      return 1;
    };
    throwsCode(() => t.insert("k", { v: { toJSON: trap } }), "ERR_UNSUPPORTED_VALUE", { path: "v.toJSON" });
    throwsCode(() => t.insert("k", { v: { valueOf: trap } }), "ERR_UNSUPPORTED_VALUE", { path: "v.valueOf" });
    withPrototype("toJSON", { value: trap }, () => t.insert("k", { v: { a: 1 } }));
    deepEqual(t.lookup("k"), { v: { a: 1 } });
    equal(called, 0, "calls");
  });

  test("a proxy is what it shows", (lib) => {
    const t = makeTable(lib);
    t.insert("k", { v: new Proxy({ a: 1 }, {}), w: new Proxy([1, 2], {}) });
    deepEqual(t.lookup("k"), { v: { a: 1 }, w: [1, 2] });
  });

  test("a proxy that throws harms nothing", (lib) => {
    const t = makeTable(lib);
    const refuse = () => {
      throw new Error("no");
    };
    const proxy = new Proxy({ a: 1 }, { ownKeys: refuse, get: refuse, getPrototypeOf: refuse });
    let thrown = false;
    try {
      t.insert("k", { v: proxy });
    } catch {
      thrown = true;
    }
    ok(thrown, "nothing was thrown");
    equal(t.size, 0);
    t.insert("k", { v: 1 });
    deepEqual(t.lookup("k"), { v: 1 });
  });

  test("a clock that throws harms one call only", (lib) => {
    let broken = false;
    const now = () => {
      if (broken) throw new Error("no time");
      return 1_700_000_000_000;
    };
    const t = makeTable(lib, { now });
    t.insert("k", { a: 1 });
    broken = true;
    for (const use of [
      () => t.lookup("k"),
      () => t.insert("k", { a: 2 }),
      () => t.select(),
      () => t.sweep(),
    ]) {
      try {
        use();
      } catch (error) {
        equal(error.message, "no time");
      }
    }
    broken = false;
    ok([1, 2].includes(t.lookup("k").a));
    t.insert("k", { a: 3 });
    deepEqual(t.lookup("k"), { a: 3 });
  });

  test("a clock that uses the table harms nothing", (lib) => {
    let busy = false;
    const t = makeTable(lib, {
      now: () => {
        if (!busy) {
          busy = true;
          t.insert("from the clock", { text: "c".repeat(200) });
          busy = false;
        }
        return 1_700_000_000_000;
      },
    });
    t.insert("k", { text: "mine" });
    deepEqual(t.lookup("k"), { text: "mine" });
    deepEqual(t.lookup("from the clock"), { text: "c".repeat(200) });
  });
});
