/** onEvent: what is told, when, and that telling it harms nothing. */
import { site } from "./client.js";
import { deepEqual, equal, group, ok, test } from "./harness.js";

async function stored(lib) {
  const s = site(lib);
  await s.browser.visit((session) => session.set("n", 1));
  const { result: id } = await s.browser.visit((session) => session.id);
  return { ...s, id };
}

group("events", () => {
  test("created: once, when first stored, with the public id", async (lib) => {
    const { events, browser, id } = await stored(lib);
    deepEqual(events, [{ type: "created", id }]);
    await browser.visit((session) => session.set("n", 2));
    await browser.visit((session) => session.get("n"));
    equal(events.length, 1);
  });

  test("nothing stored, nothing told", async (lib) => {
    const { events, browser } = site(lib);
    await browser.visit((session) => session.get("n"));
    await browser.visit((session) => session.set("n", 1).ignore());
    await browser.visit((session) => session.set("n", 1) && new Response(null, { status: 500 }));
    await browser.visit((session) => session.destroy());
    await browser.visit((session) => session.renew());
    deepEqual(events, []);
  });

  test("renewed: once, with a public id", async (lib) => {
    const { events, browser, id } = await stored(lib);
    events.length = 0;
    await browser.visit((session) => session.renew());
    const { result: renewed } = await browser.visit((session) => session.id);
    deepEqual(
      events.map(({ type }) => type),
      ["renewed"],
    );
    ok([id, renewed].includes(events[0].id), "the event's id is neither the old nor the new public id");
  });

  test("destroyed: once, with the public id", async (lib) => {
    const { events, browser, id } = await stored(lib);
    events.length = 0;
    await browser.visit((session) => session.destroy());
    deepEqual(events, [{ type: "destroyed", id }]);
  });

  test("gone: when a commit comes too late", async (lib) => {
    const { events, browser, manager, id } = await stored(lib);
    const late = await manager.open(browser.request());
    late.get("n");
    await browser.visit((session) => session.destroy());
    events.length = 0;
    late.set("n", 2);
    await manager.commit(late, new Response("ok"));
    deepEqual(events, [{ type: "gone", id }]);
  });

  test("no event holds a cookie's value or the data", async (lib) => {
    const { events, browser, manager } = await stored(lib);
    const values = [browser.cookie];
    const late = await manager.open(browser.request());
    late.get("n");
    await browser.visit((session) => session.set("card", "canary-4111"));
    await browser.visit((session) => session.renew());
    values.push(browser.cookie);
    await browser.visit((session) => session.destroy());
    late.set("card", "canary-4112");
    await manager.commit(late, new Response("ok"));
    const told = JSON.stringify(events);
    ok(events.length >= 3);
    ok(!told.includes("canary"), "an event holds data");
    for (const value of values) ok(!told.includes(value), "an event holds an id");
  });

  test("an onEvent that throws changes nothing", async (lib) => {
    const onEvent = () => {
      throw new Error("listener");
    };
    const { browser, table, manager } = site(lib, { onEvent });
    await browser.visit((session) => session.set("n", 1));
    const first = browser.cookie;
    const late = await manager.open(browser.request());
    late.get("n");
    await browser.visit((session) => session.renew());
    ok(browser.cookie !== first);
    equal((await browser.visit((session) => session.get("n"))).result, 1);
    const { cookies } = await browser.visit((session) => session.destroy());
    equal(cookies.length, 1);
    late.set("n", 2);
    equal((await manager.commit(late, new Response("late"))).status, 200);
    equal(table.count(), 0);
  });

  test("an onEvent that answers with a promise that fails changes nothing", async (lib) => {
    const { browser } = site(lib, { onEvent: () => Promise.reject(new Error("listener")).catch(() => {}) });
    await browser.visit((session) => session.set("n", 1));
    equal((await browser.visit((session) => session.get("n"))).result, 1);
  });

  test("an onEvent may use the sessions itself", async (lib) => {
    const seen = [];
    const { browser, manager } = site(lib, {
      onEvent: ({ type }) => seen.push([type, manager.table.count()]),
    });
    await browser.visit((session) => session.set("n", 1));
    await browser.visit((session) => session.destroy());
    deepEqual(
      seen.map(([type]) => type),
      ["created", "destroyed"],
    );
  });

  test("an onEvent that is an async function may fail: nobody is told, and nothing changes", async (lib) => {
    let failed = 0;
    const onEvent = async () => {
      failed++;
      throw new Error("listener");
    };
    const { browser, table } = site(lib, { onEvent });
    await browser.visit((session) => session.set("n", 1));
    await browser.visit((session) => session.login("user-1"));
    await browser.visit((session) => session.logout({ everywhere: true }));
    equal(failed, 3);
    equal(table.count(), 0);
  });

  test("a commit that only reads, or only takes its flash away, tells nothing", async (lib) => {
    const { browser, manager, events } = site(lib);
    await browser.visit((session) => session.set("n", 1).flash("notice", "saved"));
    const late = await manager.open(browser.request());
    late.flashed("notice");
    await browser.visit((session) => session.set("m", 1));
    events.length = 0;
    await manager.commit(late, new Response("ok"));
    await browser.visit((session) => session.get("n"));
    deepEqual(events, []);
  });

  test("a reader whose session ended meanwhile tells nothing", async (lib) => {
    const { browser, manager, events } = site(lib);
    await browser.visit((session) => session.set("n", 1).flash("notice", "saved"));
    const late = await manager.open(browser.request());
    late.flashed("notice");
    await browser.visit((session) => session.destroy());
    events.length = 0;
    await manager.commit(late, new Response("ok"));
    deepEqual(events, []);
  });

  test("revoke tells of each session that it ended, and not of the excepted one", async (lib) => {
    const { another, manager, events } = site(lib);
    const all = [another(), another(), another()];
    for (const browser of all) await browser.visit((session) => session.login("user-1"));
    const ids = (await manager.list("user-1")).map(({ id }) => id);
    const except = await manager.open(all[1].request());
    events.length = 0;
    equal(await manager.revoke("user-1", { except }), 2);
    deepEqual(
      events.map(({ type, id }) => `${type} ${id}`).sort(),
      [...ids.filter((id) => id !== except.id).map((id) => `destroyed ${id}`)].sort(),
    );
  });
});
