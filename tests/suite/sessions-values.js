/** Values of all kinds, kept in a session. */
import { site } from "./client.js";
import { deepEqual, equal, group, onlyRow, rejectsCode, test, throwsCode } from "./harness.js";
import { withData } from "./sessions-data.js";
import { terms } from "./terms.js";

group("session values", () => {
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
});
