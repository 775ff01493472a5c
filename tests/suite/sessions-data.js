/** Reading and writing a session's fields within one request, and what reaches the next. */
import { site } from "./client.js";
import { deepEqual, equal, group, ok, onlyRow, rejectsCode, test, throwsCode } from "./harness.js";
import { terms } from "./values.js";

/** Writes in one request, reads in the next. */
async function roundTrip(lib, write, read) {
  const { browser } = site(lib);
  await browser.visit(write);
  return (await browser.visit(read)).result;
}

const withData = async (lib, data, options) => {
  const s = site(lib, options);
  await s.browser.visit((session) => {
    for (const key of Object.keys(data)) session.set(key, data[key]);
  });
  return s;
};

group("session data", () => {
  for (const [name, make] of Object.entries(terms)) {
    test(`${name}: the next request gets it back equal, and setting it again is no change`, async (lib) => {
      const { browser, table } = await withData(lib, { v: make() });
      const { result } = await browser.visit((session) => [session.get("v"), session.data, session.has("v")]);
      deepEqual(result, [make(), { v: make() }, true]);
      const { version } = onlyRow(table).meta;
      await browser.visit((session) => session.set("v", make()));
      equal(onlyRow(table).meta.version, version);
    });
  }

  test("a change that only Object.is would see is a change", async (lib) => {
    const pairs = [
      [0, -0],
      [1, 1n],
      [1, "1"],
      [null, undefined],
      [[], {}],
      [new Map(), new Set()],
      [new Date(5), 5],
      [[undefined], [null]],
      [Uint8Array.of(1), Int8Array.of(1)],
      [{ a: undefined }, {}],
      [
        new Map([
          [1, 1],
          [2, 2],
        ]),
        new Map([
          [2, 2],
          [1, 1],
        ]),
      ],
    ];
    for (const [before, after] of pairs) {
      const { browser } = await withData(lib, { v: before });
      await browser.visit((session) => session.set("v", after));
      deepEqual((await browser.visit((session) => session.get("v"))).result, after);
      await browser.visit((session) => session.set("v", before));
      deepEqual((await browser.visit((session) => session.get("v"))).result, before);
    }
  });

  test("what is set is read back at once", async (lib) => {
    const { browser } = await withData(lib, { a: 1, b: 2 });
    await browser.visit((session) => {
      equal(session.set("a", 5), session);
      session.set("c", [1]);
      equal(session.get("a"), 5);
      deepEqual(session.get("c"), [1]);
      equal(session.has("c"), true);
      deepEqual(session.data, { a: 5, b: 2, c: [1] });
      deepEqual([...session.keys()].sort(), ["a", "b", "c"]);
    });
  });

  test("delete says whether the field was there, and it is gone at once and later", async (lib) => {
    const { browser } = await withData(lib, { a: 1, b: 2 });
    await browser.visit((session) => {
      equal(session.delete("a"), true);
      equal(session.delete("a"), false);
      equal(session.delete("never"), false);
      equal(session.get("a"), undefined);
      equal(session.has("a"), false);
      deepEqual([...session.keys()], ["b"]);
      deepEqual(session.data, { b: 2 });
    });
    deepEqual((await browser.visit((session) => session.data)).result, { b: 2 });
  });

  test("delete, then set: there; set, then delete: gone", async (lib) => {
    const { browser } = await withData(lib, { a: 1, b: 2 });
    await browser.visit((session) => {
      session.delete("a");
      session.set("a", 3);
      session.set("b", 4);
      session.delete("b");
    });
    deepEqual((await browser.visit((session) => session.data)).result, { a: 3 });
  });

  test("clear empties the session and keeps it and its id", async (lib) => {
    const { browser, table } = await withData(lib, { a: 1, b: 2 });
    const id = (await browser.visit((session) => session.id)).result;
    const { cookies } = await browser.visit((session) => {
      session.clear();
      deepEqual(session.data, {});
      equal(session.has("a"), false);
    });
    equal(cookies.length, 0);
    deepEqual(onlyRow(table).row, {});
    deepEqual((await browser.visit((session) => [session.id, session.isNew, session.data])).result, [
      id,
      false,
      {},
    ]);
  });

  test("what is set after clear stays, what was set before goes", async (lib) => {
    const { browser } = await withData(lib, { a: 1 });
    await browser.visit((session) => {
      session.set("b", 2);
      session.clear();
      session.set("c", 3);
      deepEqual(session.data, { c: 3 });
    });
    deepEqual((await browser.visit((session) => session.data)).result, { c: 3 });
  });

  test("get's fallback is for absent fields only: a present undefined is present", async (lib) => {
    const { browser } = await withData(lib, { u: undefined, n: null });
    await browser.visit((session) => {
      equal(session.get("u", "fallback"), undefined);
      equal(session.get("n", "fallback"), null);
      equal(session.get("absent", "fallback"), "fallback");
      equal(session.has("u"), true);
      equal(Object.hasOwn(session.data, "u"), true);
      deepEqual([...session.keys()].sort(), ["n", "u"]);
    });
  });

  test("names of Object.prototype are ordinary names", async (lib) => {
    const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
    const { browser } = site(lib);
    await browser.visit((session) => {
      for (const name of names) {
        equal(session.get(name), undefined, name);
        equal(session.has(name), false, name);
      }
      for (const name of names) session.set(name, { of: name });
    });
    const { result } = await browser.visit((session) => {
      equal(Object.getPrototypeOf(session.data), Object.prototype);
      return [names.map((name) => session.get(name)), [...session.keys()].sort()];
    });
    deepEqual(result, [names.map((name) => ({ of: name })), [...names].sort()]);
    equal({}.of, undefined);
  });

  test("increment counts from 0 or from what is there, and gives the new value", async (lib) => {
    const { browser } = await withData(lib, { n: 5 });
    await browser.visit((session) => {
      equal(session.increment("n"), 6);
      equal(session.increment("n", 10), 16);
      equal(session.increment("m", -2), -2);
      equal(session.get("n"), 16);
      equal(session.get("m"), -2);
    });
    deepEqual((await browser.visit((session) => session.data)).result, { n: 16, m: -2 });
  });

  test("increment alone makes a session", async (lib) => {
    equal(
      await roundTrip(
        lib,
        (session) => session.increment("views"),
        (session) => session.get("views"),
      ),
      1,
    );
  });

  test("set, then increment, and increment, then set", async (lib) => {
    const { browser } = await withData(lib, { a: 1, b: 1 });
    await browser.visit((session) => {
      session.set("a", 10).increment("a", 5);
      session.increment("b", 5);
      session.set("b", 10);
    });
    deepEqual((await browser.visit((session) => session.data)).result, { a: 15, b: 10 });
  });

  test("increment of what is no number is ERR_NOT_A_NUMBER and changes nothing", async (lib) => {
    const { browser } = await withData(lib, { s: "5", l: [1] });
    await browser.visit((session) => {
      throwsCode(() => session.increment("s"), "ERR_NOT_A_NUMBER");
      throwsCode(() => session.increment("l"), "ERR_NOT_A_NUMBER");
    });
    deepEqual((await browser.visit((session) => session.data)).result, { s: "5", l: [1] });
  });

  test("update merges what the function makes of the data", async (lib) => {
    const { browser } = await withData(lib, { a: 1, b: { c: 1 } });
    await browser.visit((session) => {
      const result = session.update((data) => {
        deepEqual(data, { a: 1, b: { c: 1 } });
        return { a: data.a + 1, d: "new" };
      });
      equal(result, session);
      equal(session.get("a"), 2);
    });
    deepEqual((await browser.visit((session) => session.data)).result, { a: 2, b: { c: 1 }, d: "new" });
  });

  test("update sees what was set before in this request", async (lib) => {
    const { browser } = await withData(lib, { a: 1 });
    await browser.visit((session) => session.set("a", 10).update((data) => ({ a: data.a + 1 })));
    equal((await browser.visit((session) => session.get("a"))).result, 11);
  });

  test("changing what get or data gave changes nothing that is stored", async (lib) => {
    const { browser, table } = await withData(lib, { list: [1], map: new Map([["k", [1]]]) });
    await browser.visit((session) => {
      const spoils = [
        () => session.get("list").push(2),
        () => session.get("map").get("k").push(2),
        () => session.data.list.push(3),
        () => Object.assign(session.data, { more: true }),
      ];
      for (const spoil of spoils) {
        try {
          spoil();
        } catch {
          // Something frozen may say no; either way the row below tells.
        }
      }
    });
    deepEqual(onlyRow(table).row, { list: [1], map: new Map([["k", [1]]]) });
  });

  test("a value that can't be stored is refused at set(), with its path, and the rest goes on", async (lib) => {
    const { browser } = await withData(lib, { a: 1, cart: [] });
    await browser.visit((session) => {
      const bad = [{}, {}, { price: () => {} }];
      throwsCode(() => session.set("cart", bad), "ERR_UNSUPPORTED_VALUE", { path: "cart[2].price" });
      throwsCode(() => session.set("fn", () => {}), "ERR_UNSUPPORTED_VALUE", { path: "fn" });
      throwsCode(() => session.update(() => ({ a: 2, s: Symbol("s") })), "ERR_UNSUPPORTED_VALUE", {
        path: "s",
      });
      deepEqual(session.data, { a: 1, cart: [] });
      session.set("b", 2);
    });
    deepEqual((await browser.visit((session) => session.data)).result, { a: 1, b: 2, cart: [] });
  });

  test("a row too large is refused at the commit, with numbers, and nothing is stored", async (lib) => {
    const limits = { maxRowBytes: 2000 };
    const { browser, table } = await withData(lib, { a: 1 }, { limits });
    const details = { limit: 2000, needed: (n) => typeof n === "number" && n > 2000 };
    const visit = browser.visit((session) => session.set("b", 2).set("big", "x".repeat(3000)));
    await rejectsCode(visit, "ERR_ROW_TOO_LARGE", details);
    deepEqual(onlyRow(table).row, { a: 1 });
    const fresh = site(lib, { limits });
    await rejectsCode(
      fresh.browser.visit((session) => session.set("big", "x".repeat(3000))),
      "ERR_ROW_TOO_LARGE",
      details,
    );
    equal(fresh.table.count(), 0);
  });

  test("keys() gives an iterator of its own", async (lib) => {
    const { browser } = await withData(lib, { a: 1, b: 2 });
    await browser.visit((session) => {
      const keys = session.keys();
      equal(typeof keys.next, "function");
      equal(typeof keys[Symbol.iterator], "function");
      for (const key of session.keys()) session.delete(key);
      deepEqual(session.data, {});
      ok(![...session.keys()].length);
    });
  });
});
