/** What is stored: under which keys, for whose eyes, and within which bounds. */
import { client, site } from "./client.js";
import {
  allRows,
  deepEqual,
  equal,
  group,
  makeTable,
  ok,
  sharesNothing,
  test,
  throwsCode,
  unique,
} from "./harness.js";
import { changed, holder, KEY, latin1, OLD_KEY, secured, spellings } from "./security-help.js";

const HASH = /^[0-9A-Za-z_-]{22}$/;
const common = (a, b) => {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
};

group("security, storage", () => {
  test("S43 rows are found by a one-way hash: ids that begin alike have unlike keys", (lib) => {
    const t = makeTable(lib, { hashKeys: true });
    const id = "abcdefghijklmnopqrstuvwx";
    const ids = [id, ...Array.from(id, (_, at) => changed(id, at))];
    for (const key of ids) t.insert(key, {});
    const keys = [...t.keys()];
    equal(new Set(keys).size, ids.length);
    for (const [i, key] of keys.entries()) {
      ok(HASH.test(key) && !ids.includes(key));
      for (const other of keys.slice(i + 1)) ok(common(key, other) < 8, "keys that begin alike");
    }
  });

  test("S44 nothing that is stored, listed or exported holds a usable id, in no spelling", async (lib) => {
    for (const options of [{}, { secrets: KEY }]) {
      const { manager, table, browser, cookie, events } = await secured(lib, options);
      const ids = [cookie];
      await browser.visit((session) => session.renew());
      ids.push(browser.cookie);
      await browser.visit((session) => session.login("ada", { device: "laptop" }));
      ids.push(browser.cookie);
      const dumps = [
        latin1(table.snapshot()),
        JSON.stringify([...table.keys()]),
        JSON.stringify([...table.entries()]),
        JSON.stringify(allRows(table)),
        JSON.stringify(await manager.list("ada")),
        JSON.stringify(table.info()),
        JSON.stringify(events),
      ];
      for (const id of ids) {
        for (const value of [id, id.slice(0, 24)].flatMap(spellings)) {
          for (const dump of dumps) ok(!dump.includes(value), "an id in a dump");
        }
      }
      for (const key of table.keys()) equal((await holder(manager, key).visit((s) => s.isNew)).result, true);
    }
  });

  test("S45 with secrets only a signed id opens a session: nothing weaker is tried after it", async (lib) => {
    const plain = await secured(lib);
    const { table, cookie, opens } = await secured(lib, { secrets: KEY });
    for (let at = 0; at < cookie.length; at++) {
      equal(await opens(changed(cookie, at)), false, `changed at ${at}`);
      equal(await opens(cookie.slice(0, at)), false, `cut at ${at}`);
    }
    for (const value of [plain.cookie, btoa('{"user":"ada"}'), '{"user":"ada"}', `${cookie}.${cookie}`]) {
      equal(await opens(value), false);
    }
    const unsigned = site(lib, { table: plain.table, secrets: KEY });
    equal((await holder(unsigned.manager, plain.cookie).visit((session) => session.isNew)).result, true);
    const rotated = site(lib, { table, secrets: [OLD_KEY, KEY] });
    equal((await holder(rotated.manager, cookie).visit((session) => session.get("user"))).result, "ada");
    const gone = site(lib, { table, secrets: [OLD_KEY] });
    equal((await holder(gone.manager, cookie).visit((session) => session.isNew)).result, true);
  });

  test("S46 the cookie holds an id and nothing else, so that what is ended is ended", async (lib) => {
    const { browser, opens } = await secured(lib);
    const issued = [browser.cookie];
    for (const change of [
      (session) => session.set("text", "x".repeat(10_000)),
      (session) => session.renew(),
      (session) => session.flash("notice", "x".repeat(1000)),
      (session) => session.login("ada", { device: "x".repeat(100) }),
    ]) {
      await browser.visit(change);
      issued.push(browser.cookie);
    }
    for (const id of issued) equal(id.length, 24, "length");
    await browser.visit((session) => session.logout());
    for (const id of issued) equal(await opens(id), false);
  });

  test("S47 what a cookie says never becomes a key, a path or a pattern", async (lib) => {
    const { manager, table } = await secured(lib);
    for (const value of [
      "../../etc/passwd",
      "a/b",
      "*",
      "sess:1",
      "__proto__",
      "%2e%2e%2f",
      "A".repeat(24),
    ]) {
      await holder(manager, value).visit((session) => session.set("n", value));
    }
    equal(table.count(), 8);
    for (const key of table.keys()) ok(HASH.test(key), "a key of another shape");
  });

  test("S48 no key of one table is reached through another, whatever they are called", ({
    table: tables,
  }) => {
    const stem = unique();
    const pairs = [
      [`${stem}a:b`, "c"],
      [`${stem}a`, "b:c"],
      [`${stem}a:`, "b:c"],
      [`${stem}a\0`, "b"],
      ["__proto__", "x"],
      ["constructor", "x"],
      ["n".repeat(255), "x"],
    ];
    const made = pairs.map(([name, key]) => {
      const t = tables.createTable(name);
      t.insert(key, { name });
      return t;
    });
    for (const [i, t] of made.entries()) {
      for (const [name, key] of pairs) {
        const found = t.lookup(key);
        equal(
          found === undefined || found.name === pairs[i][0],
          true,
          `${pairs[i][0].length} ${name.length}`,
        );
      }
      equal(t.size, 1);
    }
    for (const t of made) t.drop();
    for (const name of ["", "n".repeat(256), "n".repeat(100_000), "\ud800", 5, null, {}]) {
      try {
        tables.createTable(name);
      } catch (error) {
        ok(/^ERR_BAD_(?:KEY|OPTION)$/.test(error.code), "another error");
        continue;
      }
      ok(false, "a table of no name");
    }
  });

  test("S49 field names that objects have are own data, and Object.prototype stays clean", async (lib) => {
    const { browser } = site(lib);
    const hostile = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
    await browser.visit((session) => {
      session.set("deep", hostile).set("constructor", 1).set("toString", 2);
      try {
        session.set("__proto__", { polluted: 1 });
      } catch {}
    });
    const { result } = await browser.visit((session) => [
      session.get("deep"),
      session.data,
      session.has("valueOf"),
    ]);
    const [deep, data, has] = result;
    ok(Object.hasOwn(deep, "__proto__") && Object.getPrototypeOf(deep) === Object.prototype);
    equal(deep.polluted, undefined);
    equal(data.polluted, undefined);
    equal(data.constructor, 1);
    equal(has, false);
    equal({}.polluted, undefined);
  });

  test("S49 what is read is a copy of its own, and what is written is copied at once", async (lib) => {
    const { browser } = site(lib);
    const given = { list: [1, { deep: true }] };
    await browser.visit((session) => {
      session.set("v", given);
      given.list.push("later");
    });
    const { result } = await browser.visit((session) => {
      const [a, b] = [session.get("v"), session.get("v")];
      sharesNothing(a, b);
      a.list[1].deep = "changed";
      return session.get("v");
    });
    deepEqual(result, { list: [1, { deep: true }] });
    deepEqual((await browser.visit((session) => session.get("v"))).result, { list: [1, { deep: true }] });
  });

  test("S49 holes, cycles, depth and size are refused, and nothing is stored", async (lib) => {
    const { manager, another, table } = site(lib, { limits: { maxRowBytes: 4096 } });
    const holes = [];
    holes[100_000_000] = 1;
    const cycle = { a: {} };
    cycle.a.back = cycle;
    let deep = 1;
    for (let i = 0; i < 10_000; i++) deep = [deep];
    const started = performance.now();
    for (const value of [holes, Object.assign([], { 1: 1 }), cycle, deep, new Map([[1, cycle]])]) {
      const session = await manager.open(another().request());
      throwsCode(() => session.set("v", value), "ERR_UNSUPPORTED_VALUE");
    }
    ok(performance.now() - started < 1000, "the holes were counted");
    const session = await manager.open(another().request());
    session.set("v", "x".repeat(5000));
    let code;
    await manager.commit(session, new Response("ok")).catch((error) => {
      code = error.code;
    });
    equal(code, "ERR_ROW_TOO_LARGE");
    equal(table.count(), 0);
  });

  test("S50 a value comes back exactly, or is refused by name; none is changed in silence", (lib) => {
    const t = makeTable(lib);
    const kept = [
      ...[null, undefined, true, "", "é😀\0", 0, -0, 0.1, 2 ** 53 + 2, Number.NaN, Infinity, -Infinity],
      ...[2n ** 70n, -1n, new Date(0), new Date(Number.NaN), [undefined, null], { a: undefined }],
      ...[new Map([[{ k: 1 }, new Set([1, "1"])]]), Uint8Array.of(1, 255), Float64Array.of(-0, Number.NaN)],
      ...[new ArrayBuffer(3), BigInt64Array.of(-5n), new Map([[Number.NaN, -0]])],
    ];
    for (const [i, v] of kept.entries()) {
      t.insert("k", { v });
      deepEqual(t.lookup("k"), { v }, `value ${i}`);
    }
    class Card {}
    const refused = [
      ...[
        () => {},
        Symbol("s"),
        /x/,
        new Card(),
        Object.assign([], { 1: 1 }),
        "\ud800",
        { "\udc00": 1 },
        new Error("e"),
        new WeakMap(),
      ],
      ...[
        Promise.resolve(),
        new URL("https://a.test"),
        Object(1),
        Object("s"),
        new (class extends Map {})(),
        globalThis,
      ],
    ];
    for (const [i, v] of refused.entries()) {
      try {
        t.insert("k", { v });
      } catch (error) {
        ok(["ERR_UNSUPPORTED_VALUE", "ERR_BAD_KEY"].includes(error.code), `value ${i}: another error`);
        continue;
      }
      ok(false, `value ${i} was stored`);
    }
    const shifty = new Proxy({ a: 1 }, {});
    t.insert("k", { v: shifty });
    deepEqual(t.lookup("k"), { v: { a: 1 } });
  });

  test("S51 nothing that is read can act: no code, no class, no pattern comes out of stored bytes", (lib) => {
    const t = makeTable(lib);
    const texts = ["() => 1", "/x/g", '{"$$type":"Function"}', "constructor", "[Function]", "__proto__"];
    const row = {
      ...texts,
      nested: JSON.parse('{"toJSON":"x","then":"y","constructor":{"name":"Card"},"type":"RegExp"}'),
    };
    t.insert("k", row);
    t.restore(t.snapshot());
    const plain = [Object.prototype, Array.prototype];
    const check = (value) => {
      equal(typeof value === "function" || typeof value === "symbol", false);
      if (typeof value !== "object" || value === null) return;
      ok(plain.includes(Object.getPrototypeOf(value)), "a prototype");
      for (const key of Reflect.ownKeys(value)) {
        const { get, set } = Object.getOwnPropertyDescriptor(value, key);
        ok(get === undefined && set === undefined, "an accessor");
        check(value[key]);
      }
    };
    check(t.lookup("k"));
    deepEqual(t.lookup("k"), row);
  });

  test("S52 a table's bound holds under any writes, and beyond it is a refusal or an eviction, never a failure", async (lib) => {
    for (const onFull of ["evict", "refuse"]) {
      const t = makeTable(lib, { maxBytes: 65_536, maxRowBytes: 8192, onFull });
      let seed = 3;
      let refusals = 0;
      for (let i = 0; i < 3000; i++) {
        seed = (seed * 48_271) % 2_147_483_647;
        try {
          t.insert(`k${seed % 400}`, { text: "x".repeat(seed % 7000) });
        } catch (error) {
          ok(["ERR_TABLE_FULL", "ERR_ROW_TOO_LARGE"].includes(error.code), "another error");
          refusals++;
        }
        const { bytes, maxBytes } = t.info();
        ok(bytes <= maxBytes, "over the bound");
      }
      const { evicted } = t.info();
      ok(onFull === "evict" ? evicted > 0 : refusals > 0 && evicted === 0, "nothing gave way");
    }
  });

  test("S52 sessions of users are not pushed out by a flood of visitors, nor by a flood of logouts", async (lib) => {
    const { manager, another, table } = site(lib, { limits: { maxBytes: 65_536, maxRowBytes: 4096 } });
    const users = [];
    for (let i = 0; i < 30; i++) {
      users.push(another());
      await users[i].visit((session) => session.set("text", "x".repeat(100)).login(`user-${i}`));
    }
    for (let i = 0; i < 1000; i++) {
      const visitor = another();
      await visitor.visit((session) => session.set("text", "x".repeat(200)));
      if (i % 2 === 0) await visitor.visit((session) => session.destroy());
    }
    ok(table.info().evicted > 0, "the flood was too small");
    for (const user of users) equal((await user.visit((session) => session.isNew)).result, false);
    equal((await client(manager).visit((session) => session.isNew)).result, true);
  });
});
