/** What stores are told by each kind of commit, and what becomes of ids that others ended or renewed. */
import { deepEqual, equal, group, ok, test } from "./harness.js";
import { isolates } from "./isolates.js";

const answer = () => new Response("ok");

/** An isolate before a store whose commits are written down, with a visitor who has a session. */
async function told(lib, options) {
  const changes = [];
  const store = (given) => ({
    ...given,
    commit: (key, change) => {
      changes.push(change);
      return given.commit(key, change);
    },
  });
  const world = isolates(lib, { store, options });
  const here = world.isolate();
  await here.browser.visit((session) => session.set("n", 1));
  return { ...world, ...here, here, changes };
}

const types = (events) => events.map(({ type }) => type);

group("changes", () => {
  test("a version goes along where the change was made from the row, and else not", async (lib) => {
    for (const [act, exact] of [
      [(session) => session.set("n", 2), false],
      [(session) => session.increment("n"), false],
      [(session) => session.delete("n"), false],
      [(session) => session.renew(), false],
      [(session) => session.login("ada"), false],
      [(session) => session.login("ada", undefined, { keep: [] }), true],
      [(session) => session.update(({ n }) => ({ n: n + 1 })), true],
      [(session) => session.clear(), true],
      [(session) => session.flash("said", 1), true],
    ]) {
      const { browser, changes } = await told(lib);
      changes.length = 0;
      await browser.visit(act);
      deepEqual([changes.length, changes[0].ifVersion], [1, exact ? 1 : undefined]);
    }
    const { browser, changes } = await told(lib, { onConflict: "throw" });
    await browser.visit((session) => session.set("n", 2));
    equal(changes.at(-1).ifVersion, 1);
  });

  test("a subject goes along with a login, and what an old id leads to with a grace", async (lib) => {
    for (const [act, subject, leads] of [
      [(session) => session.set("n", 2), false, false],
      [(session) => session.renew(), false, true],
      [(session) => session.login("ada"), true, false],
    ]) {
      const { browser, changes } = await told(lib);
      await browser.visit(act);
      const made = changes.at(-1);
      deepEqual([Object.hasOwn(made, "subject"), Object.hasOwn(made, "leadsTo")], [subject, leads]);
    }
    const { browser, changes } = await told(lib, { renewGrace: 0 });
    ok(!Object.hasOwn(changes[0], "subject"), "a row that is made has a subject");
    await browser.visit((session) => session.renew());
    deepEqual([changes.at(-1).graceMs, Object.hasOwn(changes.at(-1), "leadsTo")], [0, false]);
  });

  test("reads prolong what is remembered here, too", async (lib) => {
    const { browser, time, changes } = await told(lib, { idle: "10m", maxStale: "1h" });
    const made = changes.length;
    for (let i = 0; i < 6; i++) {
      time.advance(5 * 60_000);
      equal((await browser.visit((session) => session.get("n"))).result, 1);
    }
    equal(changes.length, made + 6);
    for (const { set, remove, increments, token } of changes.slice(made)) {
      deepEqual([set, remove, increments, token], [undefined, undefined, undefined, undefined]);
    }
  });
});

group("ids that lead on", () => {
  test("seven renewals are followed within their grace, eight are not", async (lib) => {
    for (const [renewals, n] of [
      [7, 1],
      [8, undefined],
    ]) {
      const { browser, here, moved, events } = await told(lib);
      const old = moved(browser, here);
      for (let i = 0; i < renewals; i++) await browser.visit((session) => session.renew());
      events.length = 0;
      equal((await old.visit((session) => session.get("n"))).result, n);
      deepEqual(types(events), n === undefined ? ["reused-after-renew"] : []);
    }
  });

  test("an id whose session was ended leads nowhere, and that is nothing to tell of", async (lib) => {
    const { browser, here, moved, isolate } = await told(lib);
    const old = moved(browser, here);
    await browser.visit((session) => session.destroy());
    for (const place of [here, isolate()]) {
      place.events.length = 0;
      equal((await moved(old, place).visit((session) => session.isNew)).result, true);
      deepEqual(types(place.events), []);
    }
  });

  test("a renewed id is known for one here, whatever was remembered of it", async (lib) => {
    const { browser, here, moved, time, events } = await told(lib, { maxStale: "1h" });
    const old = moved(browser, here);
    await browser.visit((session) => session.get("n"));
    await browser.visit((session) => session.renew());
    time.advance(10_000);
    events.length = 0;
    equal((await old.visit((session) => session.isNew)).result, true);
    deepEqual(types(events), ["reused-after-renew"]);
  });

  test("a row whose time is over is told as expired, by the hash of its id", async (lib) => {
    const { browser, manager, time, events } = await told(lib, { idle: "10m", maxStale: "1h" });
    const { id } = await manager.open(browser.request());
    time.advance(10 * 60_000);
    events.length = 0;
    const session = await manager.open(browser.request());
    equal(session.isNew, true);
    deepEqual(events, [{ type: "expired", id }]);
    await manager.commit(session, answer());
  });
});
