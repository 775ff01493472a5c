/** Sessions in a store, met by several isolates: the rules hold wherever a request lands. */
import { cookiesOf, isDeletion } from "./client.js";
import { deepEqual, equal, group, ok, T0, test, throwsCode, unique } from "./harness.js";
import { isolates } from "./isolates.js";

/** Two isolates, and a visitor who has a session; `at` is the same visitor at the other. */
async function pair(lib, options) {
  const world = isolates(lib, { options });
  const [here, there] = [world.isolate(), world.isolate()];
  await here.browser.visit((session) => session.set("n", 1));
  const at = () => world.moved(here.browser, there);
  return { ...world, here, there, at };
}

const all = (visitor) => visitor.visit((session) => [session.isNew, session.data]);

group("sessions in a store", () => {
  test("what one isolate stores another reads, with all values as they were", async (lib) => {
    const { here, at } = await pair(lib);
    const kept = {
      at: new Date(5),
      tags: new Set(["a"]),
      big: 7n,
      bytes: new Uint8Array([1, 2]),
      no: undefined,
    };
    await here.browser.visit((session) => session.set("kept", kept));
    deepEqual((await all(at())).result, [false, { n: 1, kept }]);
  });

  test("a visitor who stores nothing has no row and costs no call", async (lib) => {
    const { isolate, calls, toy } = isolates(lib);
    const { cookies } = await isolate().browser.visit((session) => session.get("n"));
    deepEqual([cookies.length, calls, toy.rows.size], [0, [], 0]);
  });

  test("writes of different fields both survive, increments add up", async (lib) => {
    const { here, there, at } = await pair(lib);
    const late = await here.manager.open(here.browser.request());
    late.set("late", true);
    late.increment("n", 10);
    await at().visit((session) => {
      session.set("early", true);
      session.increment("n");
    });
    await here.manager.commit(late, new Response("ok"));
    deepEqual((await all(at())).result, [false, { n: 12, early: true, late: true }]);
    ok(
      here.events.some(({ type }) => type === "merged"),
      "not told as merged",
    );
    equal(there.events.length, 0);
  });

  test("clear() empties the row as it is at the commit, and what is set behind it stays", async (lib) => {
    const { here, at } = await pair(lib);
    const late = await here.manager.open(here.browser.request());
    late.clear();
    late.set("after", 1);
    late.increment("n", 5);
    await at().visit((session) => session.set("m", 2));
    await here.manager.commit(late, new Response("ok"));
    deepEqual((await all(at())).result, [false, { after: 1, n: 5 }]);
    await at().visit((session) => session.clear());
    deepEqual((await all(at())).result, [false, {}]);
  });

  test("update(fn) is run again on what the other wrote", async (lib) => {
    const { here, at } = await pair(lib);
    const late = await here.manager.open(here.browser.request());
    late.update(({ n }) => ({ n: n * 2 }));
    await at().visit((session) => session.set("n", 21));
    await here.manager.commit(late, new Response("ok"));
    equal((await at().visit((session) => session.get("n"))).result, 42);
  });

  test('onConflict: "throw" finds the other isolate\'s write', async (lib) => {
    const { here, at } = await pair(lib, { onConflict: "throw" });
    const late = await here.manager.open(here.browser.request());
    late.set("n", 5);
    await at().visit((session) => session.set("n", 6));
    const error = await here.manager.commit(late, new Response("ok")).catch((error) => error);
    equal(error.code, "ERR_CONFLICT");
    equal((await at().visit((session) => session.get("n"))).result, 6);
  });

  test("a session that was ended stays so, whatever comes late and wherever", async (lib) => {
    const { here, at, toy } = await pair(lib);
    const old = at();
    const late = await here.manager.open(here.browser.request());
    late.set("n", 2);
    const { cookies } = await at().visit((session) => session.destroy());
    ok(isDeletion(cookies[0]), "the cookie stays");
    here.events.length = 0;
    equal(cookiesOf(await here.manager.commit(late, new Response("ok"))).length, 0);
    deepEqual(
      here.events.map(({ type }) => type),
      ["gone"],
    );
    deepEqual((await all(old)).result, [true, {}]);
    equal(toy.rows.size, 1, "the end is not known");
  });

  test("a renewed id leads on for its grace at every isolate, and is told behind it", async (lib) => {
    const { here, there, at, time } = await pair(lib);
    const old = at();
    await here.browser.visit((session) => session.renew());
    time.advance(9999);
    deepEqual((await all(old)).result, [false, { n: 1 }]);
    equal(old.cookie, here.browser.cookie, "not the new cookie");
    const stale = at();
    await here.browser.visit((session) => session.renew());
    time.advance(10_000);
    deepEqual((await all(stale)).result, [true, {}]);
    deepEqual(
      there.events.map(({ type }) => type),
      ["reused-after-renew"],
    );
  });

  test("a login has a new id at once, is listed, and revoked from anywhere", async (lib) => {
    const { here, there, at } = await pair(lib);
    const old = at();
    await here.browser.visit((session) => session.login("ada", { device: "fox" }));
    deepEqual((await all(old)).result, [true, {}]);
    const [one, ...more] = await there.manager.list("ada");
    deepEqual([one.meta, one.createdAt, more.length], [{ device: "fox" }, T0, 0]);
    equal((await at().visit((session) => [session.subject, session.id])).result[1], one.id);
    equal(await there.manager.revoke("eve", { id: one.id }), 0);
    equal(await there.manager.revoke("ada", { id: one.id }), 1);
    deepEqual((await all(here.browser)).result, [true, {}]);
    deepEqual(await here.manager.list("ada"), []);
  });

  test("log out everywhere ends them all, and no other's", async (lib) => {
    const { here, there, isolate } = await pair(lib);
    await here.browser.visit((session) => session.login("ada"));
    await there.browser.visit((session) => session.login("ada"));
    const third = isolate();
    await third.browser.visit((session) => session.login("eve"));
    await here.browser.visit((session) => session.logout({ everywhere: true }));
    deepEqual((await all(there.browser)).result, [true, {}]);
    equal((await third.browser.visit((session) => session.subject)).result, "eve");
    equal((await third.manager.list("ada")).length, 0);
  });

  test("flash is read once, by the next request wherever it lands", async (lib) => {
    const { here, at } = await pair(lib);
    await here.browser.visit((session) => session.flash("notice", "hello"));
    equal((await at().visit((session) => session.flashed("notice"))).result, "hello");
    equal((await here.browser.visit((session) => session.flashed("notice"))).result, undefined);
  });

  test("idle and absolute hold, exact, whatever the engine still has", async (lib) => {
    const { here, at, time } = await pair(lib, { idle: 60, absolute: 150 });
    for (const ms of [59_999, 59_999]) {
      time.advance(ms);
      equal((await at().visit((session) => session.get("n"))).result, 1);
    }
    time.advance(30_001);
    equal((await all(at())).result[0], false, "1 ms before its end");
    time.advance(1);
    deepEqual((await all(here.browser)).result, [true, {}]);
  });

  test("reads prolong it, at most once in a tenth of the idle time", async (lib) => {
    const { here, calls, time } = await pair(lib, { idle: 100 });
    calls.length = 0;
    time.advance(9999);
    await all(here.browser);
    deepEqual(calls, ["load"]);
    time.advance(1);
    await all(here.browser);
    deepEqual(calls, ["load", "load", "commit"]);
    time.advance(99_999);
    equal((await all(here.browser)).result[0], false);
  });

  test("the engine has neither ids nor data that could be read off its keys", async (lib) => {
    const { here, toy } = await pair(lib, { secrets: "a secret of thirty-two characters" });
    const id = here.browser.cookie.slice(0, 24);
    for (const [key, { bytes }] of toy.rows) {
      ok(/^[\w-]{24}$/.test(key) && !key.includes(id.slice(2)), "the key opens the session");
      ok(!new TextDecoder().decode(bytes).includes(id), "the value has the id");
    }
  });

  test("a function is given each request's env; what is no store is refused", async (lib) => {
    const { toy, time } = isolates(lib);
    const given = [];
    const store = (env) => {
      given.push(env);
      return env?.bad ? {} : lib.stores.storeOver(toy, time.now);
    };
    const manager = lib.sessions({ table: unique("env"), store });
    const handler = manager.handle((_request, session) => new Response(`${session.increment("n")}`));
    equal(await (await handler(new Request("https://shop.test/"), { A: 1 })).text(), "1");
    await manager.list("ada", { A: 2 });
    deepEqual(given, [{ A: 1 }, { A: 2 }]);
    const error = await handler(new Request("https://shop.test/"), { bad: true }).catch((error) => error);
    equal(error.code, "ERR_BAD_OPTION");
    for (const bad of [5, "redis", {}, null, { load() {} }]) {
      throwsCode(() => lib.sessions({ table: unique("env"), store: bad }), "ERR_BAD_OPTION");
    }
  });

  test("over an eventual store nobody is logged in, unless that is accepted", async (lib) => {
    const eventual = (store) => ({ ...store, guarantees: { ...store.guarantees, consistency: "eventual" } });
    const code = (error) => error.code;
    const strict = isolates(lib, { store: eventual }).isolate();
    equal(await strict.browser.visit((session) => session.login("ada")).catch(code), "ERR_BAD_OPTION");
    const options = { acceptEventual: true };
    const lax = isolates(lib, { store: eventual, options }).isolate();
    await lax.browser.visit((session) => session.login("ada"));
    equal((await lax.browser.visit((session) => session.subject)).result, "ada");
  });

  test("S19 whom an isolate took for expired it does not serve again when its clock goes back", async (lib) => {
    const { isolate, moved, time } = isolates(lib, { options: { idle: 60 } });
    const { browser } = isolate();
    await browser.visit((session) => session.set("n", 1));
    const isNew = async (visitor) => (await visitor.visit((session) => session.isNew)).result;
    time.advance(60_000);
    equal(await isNew(browser), true);
    for (const back of [1, 30_000, 86_400_000]) {
      time.set(T0 + 60_000 - back);
      equal(await isNew(browser), true, `${back} ms before`);
    }
    time.set(T0 + 30_000);
    equal(await isNew(moved(browser, isolate())), false, "ended for others, too");
    equal(await isNew(browser), false, "though another prolonged it");
  });

  test("S19 behind a leap of the clock sessions are made and prolonged, and cookies as it reads", async (lib) => {
    const { isolate, moved, time } = isolates(lib, { options: { cookie: { maxAge: "1h" } } });
    const { browser, manager } = isolate();
    const ends = async () => (await manager.list("ada"))[0]?.expiresAt;
    await browser.visit((session) => session.login("ada"));
    const first = await ends();
    time.advance(86_400_000);
    equal(await ends(), undefined);
    time.set(T0 + 60_000);
    const { cookies } = await browser.visit((session) => session.login("ada"));
    const { "max-age": age, expires } = cookies[0].attributes;
    deepEqual([age, Date.parse(expires)], ["3600", T0 + 60_000 + 3_600_000]);
    const second = await ends();
    ok(second > first, "the deadline went back");
    time.advance(600_000);
    equal((await browser.visit((session) => session.increment("n"))).result, 1);
    equal((await moved(browser, isolate()).visit((session) => session.get("n"))).result, 1);
    ok((await ends()) >= second, "the deadline went back");
  });

  test("S19 what was said before the clock went back is asked for again", async (lib) => {
    const { isolate, moved, time } = isolates(lib, { options: { maxStale: 10 } });
    const { browser } = isolate();
    await browser.visit((session) => session.set("n", 1));
    const get = async () => (await browser.visit((session) => session.get("n"))).result;
    time.advance(60_000);
    equal(await get(), 1);
    time.set(T0);
    await moved(browser, isolate()).visit((session) => session.set("n", 2));
    equal(await get(), 2);
    await moved(browser, isolate()).visit((session) => session.destroy());
    equal(await get(), undefined);
  });

  test("S10 behind a leap of the clock a renewed id leads on for no longer elsewhere", async (lib) => {
    const { isolate, moved, time } = isolates(lib);
    const { browser } = isolate();
    await browser.visit((session) => session.set("n", 1));
    const old = moved(browser, isolate());
    time.advance(60_000);
    await browser.visit((session) => session.get("n"));
    time.set(T0);
    await browser.visit((session) => session.renew());
    equal((await browser.visit((session) => session.get("n"))).result, 1);
    time.set(T0 + 10_000);
    equal((await old.visit((session) => session.isNew)).result, true);
  });
});
