/** Two requests of one visitor at once: both write, none is lost, and what is dead stays dead. */
import { cookiesOf, site } from "./client.js";
import { deepEqual, equal, group, ok, onlyRow, test } from "./harness.js";

/** A stored session and two requests that have both looked at it. */
async function two(lib, data = { n: 1 }, options = {}) {
  const s = site(lib, options);
  await s.browser.visit((session) => {
    for (const [key, value] of Object.entries(data)) session.set(key, value);
  });
  const open = async () => {
    const session = await s.manager.open(s.browser.request());
    ok(!session.isNew, "the session is not found");
    equal(session.has("nothing"), false);
    return session;
  };
  const commit = async (session) => cookiesOf(await s.manager.commit(session, new Response("ok")));
  const [a, b] = [await open(), await open()];
  s.events.length = 0;
  return { ...s, open, commit, a, b };
}

const typesOf = (events) => events.map(({ type }) => type);

group("concurrent requests", () => {
  test("different fields both survive, in either order", async (lib) => {
    for (const bFirst of [false, true]) {
      const { table, commit, a, b } = await two(lib);
      a.set("a", "by a");
      b.set("b", "by b");
      for (const session of bFirst ? [b, a] : [a, b]) await commit(session);
      deepEqual(onlyRow(table).row, { n: 1, a: "by a", b: "by b" });
    }
  });

  test("handlers that wait on each other: both writes survive", async (lib) => {
    const { manager, browser, table } = await two(lib);
    let release;
    const gate = new Promise((resolve) => {
      release = resolve;
    });
    const slow = manager.handle(async (_request, session) => {
      session.get("n");
      session.set("slow", true);
      await gate;
      return new Response("slow");
    });
    const fast = manager.handle((_request, session) => {
      session.set("fast", true);
      return new Response("fast");
    });
    const waiting = slow(browser.request());
    await fast(browser.request());
    release();
    await waiting;
    deepEqual(onlyRow(table).row, { n: 1, slow: true, fast: true });
  });

  test("a delete and a set of another field both count", async (lib) => {
    const { table, commit, a, b } = await two(lib, { x: 1, y: 1 });
    a.delete("x");
    b.set("y", 2);
    await commit(a);
    await commit(b);
    deepEqual(onlyRow(table).row, { y: 2 });
  });

  test("the same field: the later commit wins", async (lib) => {
    const { table, commit, a, b } = await two(lib);
    a.set("n", "a");
    b.set("n", "b");
    await commit(b);
    await commit(a);
    deepEqual(onlyRow(table).row, { n: "a" });
  });

  test("increments add up", async (lib) => {
    const { table, commit, a, b, open } = await two(lib, { n: 10 });
    const more = await Promise.all(Array.from({ length: 8 }, open));
    for (const session of [a, b, ...more]) session.increment("n", 2);
    for (const session of [b, ...more, a]) await commit(session);
    deepEqual(onlyRow(table).row, { n: 30 });
  });

  test("increments of an absent field add up", async (lib) => {
    const { table, commit, a, b } = await two(lib);
    a.increment("views");
    b.increment("views");
    await commit(a);
    await commit(b);
    deepEqual(onlyRow(table).row, { n: 1, views: 2 });
  });

  test("clear removes what is there at the commit", async (lib) => {
    const { table, commit, a, b } = await two(lib);
    a.clear();
    a.set("mine", 1);
    b.set("late", 1);
    await commit(b);
    await commit(a);
    deepEqual(onlyRow(table).row, { mine: 1 });
  });

  test("a request that only reads writes nothing over another's change", async (lib) => {
    const { table, commit, a, b } = await two(lib);
    a.set("n", 2);
    b.get("n");
    await commit(a);
    await commit(b);
    deepEqual(onlyRow(table).row, { n: 2 });
  });

  test("setting what the row held when it was read is no change, also against another's change", async (lib) => {
    const { table, commit, a, b } = await two(lib);
    a.set("n", 2);
    b.set("n", 1);
    await commit(a);
    await commit(b);
    deepEqual(onlyRow(table).row, { n: 2 });
  });

  for (const [name, change] of Object.entries({
    set: (session) => session.set("n", 2),
    increment: (session) => session.increment("n"),
    update: (session) => session.update(({ n }) => ({ n: n + 1 })),
    delete: (session) => session.delete("n"),
    clear: (session) => session.clear(),
    renew: (session) => session.renew(),
    "renew and set": (session) => {
      session.renew();
      session.set("n", 2);
    },
  })) {
    test(`${name}, committed after another request destroyed the session: nothing is stored, "gone"`, async (lib) => {
      const { table, commit, events, a, b } = await two(lib);
      const id = a.id;
      b.destroy();
      change(a);
      await commit(b);
      events.length = 0;
      const cookies = await commit(a);
      equal(table.count(), 0);
      equal(cookies.filter(({ attributes }) => attributes["max-age"] !== "0").length, 0, "cookies sent");
      deepEqual(events, [{ type: "gone", id }]);
    });
  }

  test("a read, committed after another request destroyed the session, stores nothing", async (lib) => {
    const { table, commit, a, b } = await two(lib);
    a.get("n");
    b.destroy();
    await commit(b);
    equal((await commit(a)).length, 0);
    equal(table.count(), 0);
  });

  test("a row deleted from the table by hand is not revived either", async (lib) => {
    for (const end of [(t) => t.clear(), (t) => t.deleteWhere({ where: { n: 1 } })]) {
      const { table, commit, events, a } = await two(lib);
      a.set("n", 2);
      end(table);
      equal((await commit(a)).length, 0);
      equal(table.count(), 0);
      deepEqual(typesOf(events), ["gone"]);
    }
  });

  test("a row that expired meanwhile is not revived", async (lib) => {
    const { table, commit, time, a } = await two(lib, { n: 1 }, { idle: 60 });
    a.set("n", 2);
    time.advance(60_000);
    equal((await commit(a)).length, 0);
    equal(table.count(), 0);
  });

  test("two requests destroy the session: both are fine", async (lib) => {
    const { table, commit, a, b } = await two(lib);
    a.destroy();
    b.destroy();
    for (const session of [a, b]) {
      const [cookie] = await commit(session);
      equal(cookie.attributes["max-age"], "0");
    }
    equal(table.count(), 0);
  });

  test("destroyed after another request's write: gone, with that write", async (lib) => {
    const { table, commit, a, b } = await two(lib);
    a.set("n", 2);
    b.destroy();
    await commit(a);
    await commit(b);
    equal(table.count(), 0);
  });

  test("two first writes of a visitor without a cookie are two sessions", async (lib) => {
    const { manager, table, another } = site(lib);
    const visitor = another();
    const [a, b] = [await manager.open(visitor.request()), await manager.open(visitor.request())];
    a.set("a", 1);
    b.set("b", 1);
    const [ca] = cookiesOf(await manager.commit(a, new Response("ok")));
    const [cb] = cookiesOf(await manager.commit(b, new Response("ok")));
    ok(ca.value !== cb.value, "two sessions got one id");
    equal(table.count(), 2);
  });
});
