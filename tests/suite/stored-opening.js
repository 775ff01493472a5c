/** Opening a session in a store is a touch, as it is in a table: whatever comes of the response. */
import { deepEqual, equal, group, test } from "./harness.js";
import { isolates } from "./isolates.js";

const MINUTE = 60_000;
const failed = () => new Response("failed", { status: 500 });
const answer = () => new Response("ok");

/** A visitor with a session, and twenty of its thirty idle minutes gone. */
async function aged(lib, options, store) {
  const world = isolates(lib, { options: { idle: "30m", ...options }, store });
  const here = world.isolate();
  await here.browser.visit((session) => session.set("n", 1));
  here.events.length = 0;
  world.time.advance(20 * MINUTE);
  return { ...world, ...here };
}

const eventual = (store) => ({ ...store, guarantees: { ...store.guarantees, consistency: "eventual" } });
const n = (browser) => browser.visit((session) => session.get("n")).then(({ result }) => result);

group("opening a stored session", () => {
  const opens = {
    "answered with 500": ({ browser }) => browser.visit(failed),
    "whose handler throws": ({ browser }) =>
      browser.visit(() => Promise.reject(new Error("no"))).catch(() => {}),
    "that is ignored": ({ browser }) => browser.visit((session) => session.ignore()),
    "that is never committed": ({ browser, manager }) => manager.open(browser.request()),
  };
  for (const [name, open] of Object.entries(opens)) {
    test(`a request ${name} prolongs it`, async (lib) => {
      const s = await aged(lib);
      await open(s);
      s.time.advance(20 * MINUTE);
      equal(await n(s.browser), 1);
    });
  }

  test("whoever is asked only whose it is stays for as long as he comes", async (lib) => {
    const { browser, manager, time } = await aged(lib);
    await browser.visit((session) => session.login("ada"));
    for (let visit = 0; visit < 6; visit++) {
      time.advance(10 * MINUTE);
      equal((await manager.open(browser.request())).subject, "ada");
    }
  });

  test("a handler may take longer than what was left of it", async (lib) => {
    const { browser, manager, time, events } = await aged(lib);
    time.advance(9 * MINUTE);
    const slow = await manager.open(browser.request());
    time.advance(2 * MINUTE);
    slow.set("n", 2);
    await manager.commit(slow, answer());
    deepEqual(events, []);
    equal(await n(browser), 2);
  });

  test("its deadline is told as it is then, and a later reading is no change to merge with", async (lib) => {
    const { browser, time, events } = await aged(lib);
    const { result } = await browser.visit((session) => [session.set("n", 2).expiresAt, session.isNew]);
    deepEqual(result, [time.now() + 30 * MINUTE, false]);
    deepEqual(events, []);
  });

  test("a store that is only eventually consistent is told with the commit, once, also of a 500", async (lib) => {
    const { browser, calls, time, manager } = await aged(lib, {}, eventual);
    calls.length = 0;
    await manager.open(browser.request());
    deepEqual(calls, ["load"]);
    await browser.visit((session) => session.set("n", 2));
    deepEqual(calls, ["load", "load", "commit"]);
    time.advance(20 * MINUTE);
    await browser.visit(failed);
    time.advance(20 * MINUTE);
    equal(await n(browser), 2);
  });

  test("what is remembered here and was ended elsewhere is found out where it is prolonged", async (lib) => {
    const { browser, isolate, moved, time } = await aged(lib, { maxStale: "30m" });
    await n(browser);
    time.advance(2 * MINUTE);
    await moved(browser, isolate()).visit((session) => session.destroy());
    equal(await n(browser), 1);
    time.advance(MINUTE);
    equal(await n(browser), undefined);
  });

  test("what was renewed elsewhere, and leads on no more, is found out where it is prolonged", async (lib) => {
    const { browser, isolate, moved, time, events } = await aged(lib, { maxStale: "30m", renewGrace: "1m" });
    await n(browser);
    time.advance(MINUTE);
    await moved(browser, isolate()).visit((session) => session.renew());
    time.advance(2 * MINUTE);
    equal(await n(browser), undefined);
    deepEqual(
      events.map(({ type }) => type),
      ["reused-after-renew"],
    );
  });

  test("what is remembered here and was renewed elsewhere is followed where it is prolonged", async (lib) => {
    const { browser, isolate, moved, time } = await aged(lib, { maxStale: "30m", renewGrace: "1h" });
    await n(browser);
    time.advance(3 * MINUTE);
    const other = moved(browser, isolate());
    await other.visit((session) => session.set("n", 2).renew());
    equal(await n(browser), 2);
    equal(browser.cookie, other.cookie);
  });
});
