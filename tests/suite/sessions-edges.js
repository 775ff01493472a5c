/** Places that nothing else comes to, found by counting branches and by mutants that nobody caught. */
import { cookiesOf, site } from "./client.js";
import { deepEqual, equal, group, ok, onlyRow, rejectsCode, T0, test, throwsCode } from "./harness.js";

const answer = () => new Response("ok");

/** A stored session, and two requests that have looked at it. */
async function two(lib, options, data = { n: 1, m: 1 }) {
  const s = site(lib, options);
  await s.browser.visit((session) => session.update(() => data));
  const open = async () => {
    const session = await s.manager.open(s.browser.request());
    session.has("n");
    return session;
  };
  const [a, b] = [await open(), await open()];
  s.events.length = 0;
  return { ...s, a, b, commit: (session) => s.manager.commit(session, answer()) };
}

/** What a visitor with this cookie finds. */
async function found(s, response) {
  const [cookie] = cookiesOf(response);
  const visitor = s.another();
  visitor.jar.set(cookie.name, cookie.value);
  return (await visitor.visit((session) => [session.subject, session.data])).result;
}

group("edges of a session", () => {
  test("an increment by what is no finite number is refused, and nothing is changed", async (lib) => {
    const { browser, table } = site(lib);
    await browser.visit((session) => {
      session.increment("n");
      for (const by of [Number.NaN, Number.POSITIVE_INFINITY, -Infinity, "1", null, 1n, {}]) {
        throwsCode(() => session.increment("n", by), "ERR_BAD_OPTION", { option: "by" });
      }
      equal(session.get("n"), 1);
    });
    deepEqual(onlyRow(table).row, { n: 1 });
  });

  test("what is no response is refused, and the session can still be committed", async (lib) => {
    const { manager, table } = site(lib);
    const session = await manager.open(new Request("https://shop.test/"));
    session.set("n", 1);
    for (const given of [undefined, null, "ok", {}, { headers: {} }, { headers: { get: "" } }]) {
      await rejectsCode(manager.commit(session, given), "ERR_BAD_OPTION", { option: "response" });
    }
    equal(table.count(), 0);
    await manager.commit(session, answer());
    deepEqual(onlyRow(table).row, { n: 1 });
  });

  test("a second commit stores nothing and sends no cookie, but tells caches what the first told them", async (lib) => {
    const { manager, table, events } = site(lib);
    const session = await manager.open(new Request("https://shop.test/"));
    session.set("n", 1);
    equal(cookiesOf(await manager.commit(session, answer())).length, 1);
    const told = events.length;
    const { version } = onlyRow(table).meta;
    const again = await manager.commit(session, answer());
    equal(cookiesOf(again).length, 0);
    equal(again.headers.get("vary"), "Cookie");
    equal(events.length, told);
    equal(onlyRow(table).meta.version, version);
  });

  test("the session of another sessions() is refused, be it over the same table", async (lib) => {
    const { manager, table } = site(lib);
    const other = lib.sessions({ table });
    const session = await manager.open(new Request("https://shop.test/"));
    await rejectsCode(other.commit(session, answer()), "ERR_BAD_OPTION", { option: "session" });
    await rejectsCode(other.commit({}, answer()), "ERR_BAD_OPTION", { option: "session" });
    await rejectsCode(other.revoke("ada", { except: session }), "ERR_BAD_OPTION", { option: "except" });
  });

  test("a clock that is none is replaced by the runtime's, where a cookie's end is told", async (lib) => {
    for (const wrong of [Number.NaN, -1, 8.64e15 + 1, Number.POSITIVE_INFINITY]) {
      const { browser } = site(lib, { now: () => wrong, cookie: { maxAge: "1h" } });
      const began = Date.now();
      const { cookies } = await browser.visit((session) => session.set("n", 1));
      const left = Date.parse(cookies[0].attributes.expires) - 3_600_000;
      ok(left > began - 1000 && left <= Date.now(), `the cookie of a clock at ${wrong} ends at another time`);
    }
    for (const [right, expires] of [
      [0, "Thu, 01 Jan 1970 01:00:00 GMT"],
      [8.64e15 - 3_600_000, undefined],
      [8.64e15, undefined],
    ]) {
      const { browser } = site(lib, { now: () => right, cookie: { maxAge: "1h" } });
      const { cookies } = await browser.visit((session) => session.set("n", 1));
      equal(cookies[0].attributes.expires, expires);
    }
  });
});

group("edges of decisions", () => {
  test("a login that is taken back leaves nothing of what it said, and no token of it", async (lib) => {
    for (const back of [(session) => session.ignore(), (session) => session.destroy()]) {
      const { browser, manager } = site(lib);
      let first;
      await browser.visit((session) => {
        session.login("ada", { device: "phone" });
        first = lib.csrf(session).token();
      });
      let planted;
      await browser.visit((session) => {
        session.login("eve", { device: "other" });
        planted = lib.csrf(session).token();
        back(session);
        session.renew();
      });
      const [listed] = await manager.list("ada");
      deepEqual(listed.meta, { device: "phone" });
      equal((await manager.list("eve")).length, 0);
      const { result } = await browser.visit((session) =>
        [first, planted].map((token) => lib.csrf(session).verify(token)),
      );
      deepEqual(result, [true, false]);
    }
  });

  test("to ignore a session shows in no response, any other decision does", async (lib) => {
    const { browser, another } = site(lib);
    await browser.visit((session) => session.set("n", 1));
    for (const [decide, vary] of [
      [(session) => session.ignore(), null],
      [(session) => session.destroy(), "Cookie"],
      [(session) => session.renew(), "Cookie"],
    ]) {
      for (const visitor of [another(), browser]) {
        const { response } = await visitor.visit((session) => decide(session));
        equal(response.headers.get("vary"), vary);
      }
    }
  });

  test("times are those of the row that the request met, and of a new one once it is stored", async (lib) => {
    const { browser, manager, time } = site(lib);
    const fresh = await manager.open(browser.request());
    deepEqual([fresh.createdAt, fresh.expiresAt], [undefined, undefined]);
    fresh.set("n", 1);
    const [cookie] = cookiesOf(await manager.commit(fresh, answer()));
    deepEqual([fresh.createdAt, fresh.expiresAt], [T0, T0 + 30 * 60_000]);
    browser.jar.set(cookie.name, cookie.value);
    const late = await manager.open(browser.request());
    time.advance(60_000);
    await browser.visit((session) => session.set("n", 2));
    equal(late.expiresAt, T0 + 30 * 60_000);
  });
});

group("edges of two requests at once", () => {
  test("throw: a request that writes no field conflicts with nobody", async (lib) => {
    for (const [act, field] of [
      [(session) => session.renew(), undefined],
      [(session) => session.flash("said", 1), "said"],
    ]) {
      const { a, b, commit, browser, table } = await two(lib, { onConflict: "throw" });
      await commit(a.set("n", 2));
      act(b);
      const [cookie] = cookiesOf(await commit(b));
      if (cookie) browser.jar.set(cookie.name, cookie.value);
      equal(table.count(), 1);
      const { result } = await browser.visit((session) => [session.get("n"), session.flashed("said")]);
      deepEqual(result, [2, field && 1]);
    }
  });

  test("throw: clear() conflicts with any field that was written, made or removed, and with nothing else", async (lib) => {
    for (const write of [
      (session) => session.set("n", 2),
      (session) => session.set("new", 2),
      (session) => session.delete("m"),
    ]) {
      const { a, b, commit, table } = await two(lib, { onConflict: "throw" });
      write(a);
      await commit(a);
      const before = onlyRow(table).row;
      b.clear();
      await rejectsCode(commit(b), "ERR_CONFLICT");
      deepEqual(onlyRow(table).row, before);
    }
    const { a, b, commit, browser } = await two(lib, { onConflict: "throw" });
    a.flash("said", 1);
    await commit(a);
    b.clear();
    await commit(b);
    deepEqual((await browser.visit((session) => session.data)).result, {});
  });

  test("clear() leaves what is hidden in the row as it is at the commit", async (lib) => {
    const s = await two(lib);
    s.a.flash("said", "later");
    await s.commit(s.a.set("new", 1));
    s.b.clear();
    await s.commit(s.b);
    const { result } = await s.browser.visit((session) => [session.flashed("said"), session.data]);
    deepEqual(result, ["later", {}]);
  });

  test("a login that keeps some fields drops what another request wrote beside them", async (lib) => {
    const s = await two(lib, {}, { n: 1, cart: ["sku"] });
    await s.commit(s.a.set("new", 1).set("cart", ["sku", "more"]));
    s.b.login("ada", undefined, { keep: ["cart"] });
    s.b.set("mine", 1);
    deepEqual(await found(s, await s.commit(s.b)), ["ada", { cart: ["sku", "more"], mine: 1 }]);
  });

  test("a field that such a login counts up starts from nothing, whatever another request wrote", async (lib) => {
    const s = await two(lib, {}, { cart: 1 });
    await s.commit(s.a.set("visits", 40));
    s.b.login("ada", undefined, { keep: ["cart"] });
    s.b.increment("visits", 5);
    s.b.increment("cart", 2);
    deepEqual(await found(s, await s.commit(s.b)), ["ada", { cart: 3, visits: 5 }]);
  });

  test("such a login leaves what was said to the visitor", async (lib) => {
    const s = await two(lib);
    s.a.flash("said", "to ada");
    await s.commit(s.a);
    s.b.login("ada", undefined, { keep: [] });
    const [cookie] = cookiesOf(await s.commit(s.b));
    s.browser.jar.set(cookie.name, cookie.value);
    const { result } = await s.browser.visit((session) => [session.flashed("said"), session.data]);
    deepEqual(result, ["to ada", {}]);
  });

  test("the second of two logins has nothing of the first's session, what it computed from it included", async (lib) => {
    const s = await two(lib);
    s.b.update(({ n = 0 }) => ({ n: n + 10 }));
    s.b.login("bob");
    s.a.login("ada");
    await s.commit(s.a.set("n", 5));
    deepEqual(await found(s, await s.commit(s.b)), ["bob", { n: 10 }]);
  });

  test("the second of two logins still ends the sessions that it said it would end", async (lib) => {
    const s = site(lib);
    for (const visitor of [s.browser, s.another()]) await visitor.visit((session) => session.login("ada"));
    const [a, b] = [await s.manager.open(s.browser.request()), await s.manager.open(s.browser.request())];
    b.logout({ everywhere: true });
    b.login("bob");
    a.login("eve");
    await s.manager.commit(a, answer());
    equal((await s.manager.list("ada")).length, 1);
    deepEqual(await found(s, await s.manager.commit(b, answer())), ["bob", {}]);
    equal((await s.manager.list("ada")).length, 0);
    equal((await s.manager.list("eve")).length, 1);
    equal((await s.manager.list("bob")).length, 1);
  });
});
