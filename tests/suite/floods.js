/** Whoever sends much of something: names, sessions and endings by the thousand, and one name that objects have. */
import { client, site } from "./client.js";
import { allRows, deepEqual, equal, group, makeTable, ok, test, throwsCode, unique } from "./harness.js";

const PROTO = "__proto__";
const own = (value) => JSON.parse(`{"${PROTO}":${JSON.stringify(value)}}`);
const LIMITS = { maxBytes: 262_144, maxRowBytes: 4096 };
const text = "x".repeat(200);

/** Nothing reached the prototype of all objects. */
function clean() {
  deepEqual([Object.keys(Object.prototype), {}.polluted], [[], undefined], "Object.prototype");
}

/** A site that has users, each with a session and something in it. */
async function inhabited(lib, options) {
  const all = site(lib, { limits: LIMITS, ...options });
  const users = [];
  for (let i = 0; i < 50; i++) {
    users.push(all.another());
    await users[i].visit((session) => session.set("text", "x".repeat(100)).login(`user ${i}`));
  }
  const stay = async () => {
    for (const [i, user] of users.entries()) {
      const { result } = await user.visit((session) => [session.isNew, session.subject]);
      deepEqual(result, [false, `user ${i}`], "a user");
    }
    const { bytes, maxBytes } = all.table.info();
    ok(bytes <= maxBytes, "over the bound");
  };
  return { ...all, users, stay };
}

group("floods", () => {
  test("__proto__ in a filter finds what has it, and nobody else", (lib) => {
    const t = makeTable(lib);
    t.insert("plain", { n: 1 });
    t.insert("odd", own("mine"));
    t.insert("deep", own({ polluted: 1 }));
    const found = (filter) => allRows(t, filter).map(([key]) => key);
    deepEqual(found({ where: own("mine") }), ["odd"]);
    deepEqual(found({ where: own("theirs") }), []);
    equal(t.count({ where: own(["mine", "theirs"]) }), 1);
    for (const filter of [{ where: own({ polluted: 1 }) }, own({ where: { n: 1 } })]) {
      try {
        ok(t.count(filter) <= 3);
      } catch (error) {
        ok(error instanceof lib.EtsError, "another error");
      }
    }
    equal(t.count({ subject: PROTO }), 0);
    equal(t.deleteWhere({ where: own("mine") }), 1);
    equal(t.size, 2);
    clean();
  });

  test("__proto__ as key, field and value goes through a snapshot and is what it was", (lib) => {
    const [t, other] = [makeTable(lib), makeTable(lib)];
    const row = { ...own({ polluted: 1 }), constructor: own([PROTO]), map: new Map([[PROTO, own(1)]]) };
    Object.defineProperty(row, PROTO, { value: { polluted: 1 }, enumerable: true });
    t.insert(PROTO, row);
    equal(other.restore(t.snapshot()), 1);
    const found = other.lookup(PROTO);
    deepEqual(found, row);
    ok(Object.hasOwn(found, PROTO) && Object.getPrototypeOf(found) === Object.prototype);
    equal(found.polluted, undefined);
    clean();
  });

  test("__proto__ as a table is a table, by all that tells of tables", ({ table: tables, store }) => {
    throwsCode(() => tables.table(PROTO), "ERR_NO_TABLE");
    throwsCode(() => store.init({ table: PROTO }), "ERR_NO_TABLE");
    const t = tables.createTable(PROTO);
    equal(tables.table(PROTO).name, PROTO);
    ok(tables.tables().includes(PROTO));
    const config = store.init({ table: PROTO });
    const sid = store.put(null, own({ polluted: 1 }), config);
    const [, data] = store.get(sid, config);
    ok(Object.hasOwn(data, PROTO) && Object.getPrototypeOf(data) === Object.prototype);
    const info = t.info();
    deepEqual([info.name, info.size], [PROTO, 1]);
    // Deno's objects have no such property to read.
    ok(Object.getPrototypeOf(info) === Object.prototype && !Object.hasOwn(info, PROTO));
    t.drop();
    throwsCode(() => tables.table(PROTO), "ERR_NO_TABLE");
    clean();
  });

  test("__proto__ as subject, in what is said of a login, as flash and as field is one visitor's own", async (lib) => {
    const { browser, another, manager } = site(lib, { table: unique("proto") });
    await browser.visit((session) => {
      session.set(PROTO, 1).login(PROTO, own({ polluted: 1 }));
      session.flash(PROTO, own("said"));
    });
    const [listed] = await manager.list(PROTO);
    ok(Object.hasOwn(listed.meta, PROTO) && listed.meta.polluted === undefined);
    const { result } = await browser.visit((session) => [
      session.subject,
      session.increment(PROTO),
      session.flashed(PROTO),
      session.flashed("constructor"),
    ]);
    deepEqual(result, [PROTO, 2, own("said"), undefined]);
    const stranger = await another().visit((session) => [
      session.get(PROTO),
      session.has(PROTO),
      session.flashed(PROTO),
      session.subject,
    ]);
    deepEqual(stranger.result, [undefined, false, undefined, undefined]);
    equal(await manager.revoke(PROTO), 1);
    clean();
  });

  test("ever new field names take a bounded part of the table, and no user's place", async (lib) => {
    const { another, table, stay } = await inhabited(lib);
    const before = table.info();
    const visitor = another();
    let grown;
    for (let round = 0; round < 60; round++) {
      await visitor.visit((session) => {
        session.clear();
        for (let i = 0; i < 20; i++) session.set(`${"n".repeat(90)} ${round} ${i}`, i);
      });
      if (round === 52) grown = table.info().memoryBytes;
    }
    const after = table.info();
    equal(after.evicted, 0, "evicted");
    equal(after.memoryBytes, grown, "linear memory after the first thousand names");
    ok(after.bytes - before.bytes < LIMITS.maxBytes / 4, `${after.bytes - before.bytes} bytes of names`);
    await stay();
  });

  test("100,000 rows of visitors and 500 sessions of them push out no user", async (lib) => {
    const { table, another, stay } = await inhabited(lib);
    for (let i = 0; i < 100_000; i++) table.insert(`visitor ${i}`, { text });
    await stay();
    for (let i = 0; i < 500; i++) await another().visit((session) => session.set("text", text));
    ok(table.info().evicted > 99_000, "the flood was too small");
    await stay();
  });

  for (const full of [false, true]) {
    const where = full ? "full of visitors" : "with room";
    test(`600 endings of visitors and of one user, in a table ${where}, push out no user`, async (lib) => {
      const { manager, table, stay } = await inhabited(lib);
      for (let i = 0; full && i < 2000; i++) table.insert(`visitor ${i}`, { text });
      const eve = client(manager);
      const ends = [
        (session) => session.logout(),
        (session) => session.destroy(),
        (session) => session.logout({ everywhere: true }),
      ];
      for (let i = 0; i < 300; i++) {
        await eve.visit((session) => (i % 2 === 0 ? session.login("eve") : session.set("n", i)));
        await eve.visit(ends[i % ends.length]);
      }
      for (let i = 0; i < 300; i++) {
        if (i % 2 === 0) await eve.visit((session) => session.login("eve"));
        else await manager.revoke("eve");
      }
      await stay();
      equal(table.count({ subject: "eve" }), 0);
    });
  }

  test('where users alone fill it, the one who would expire soonest goes; with "refuse" none does', async (lib) => {
    const evicting = await inhabited(lib);
    const eve = async ({ another, time }) => {
      for (let i = 0; i < 1500; i++) {
        time.advance(1);
        await another().visit((session) => session.set("text", text).login("eve"));
      }
    };
    await eve(evicting);
    ok(evicting.table.info().evicted > 50, "the flood was too small");
    equal(evicting.table.count({ subject: "user 0" }), 0, "a user who was there before all of eve's");
    const refusing = await inhabited(lib, { limits: { ...LIMITS, onFull: "refuse" } });
    let refused;
    await eve(refusing).catch(({ code }) => {
      refused = code;
    });
    equal(refused, "ERR_TABLE_FULL");
    await refusing.stay();
  });
});
