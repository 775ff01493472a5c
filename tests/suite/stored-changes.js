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

  test("a subject goes along with a login, and what an old id leads to where there was no login", async (lib) => {
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
    deepEqual([changes.at(-1).graceMs, Object.hasOwn(changes.at(-1), "leadsTo")], [0, true]);
  });

  test("of what is set, removed and counted up only that goes along which there is", async (lib) => {
    for (const [act, what] of [
      [(session) => session.set("m", 2), ["set"]],
      [(session) => session.delete("n"), ["remove"]],
      [(session) => session.increment("n"), ["increments"]],
      [(session) => session.clear(), ["remove"]],
      [(session) => session.set("m", 1).increment("n"), ["increments", "set"]],
      [(session) => session.renew(), []],
    ]) {
      const { browser, changes } = await told(lib);
      await browser.visit(act);
      const names = ["increments", "remove", "set"].filter((name) => Object.hasOwn(changes.at(-1), name));
      deepEqual(names, what);
    }
  });

  test("times are told once a session is stored", async (lib) => {
    const { manager, time } = await told(lib);
    const session = await manager.open(new Request("https://shop.test/"));
    session.set("n", 1);
    await manager.commit(session, answer());
    deepEqual([session.createdAt, session.expiresAt], [time.now(), time.now() + 30 * 60_000]);
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

/** A store whose list of a user's sessions is what `listed` makes of it, and how often it was asked for. */
async function listing(lib, listed, methods = () => ({})) {
  const asked = { times: 0 };
  const store = (given) => ({
    ...given,
    ...methods(given),
    bySubject: async (subject) => {
      asked.times++;
      return listed(await given.bySubject(subject), subject);
    },
  });
  const world = isolates(lib, { store });
  const here = world.isolate();
  await here.browser.visit((session) => session.login("ada"));
  return { ...world, ...here, here, asked };
}

group("lists of stores", () => {
  test("rows of others and rows whose time is over are neither listed nor ended", async (lib) => {
    for (const change of [
      (row) => ({ ...row, subject: "bob" }),
      (row, now) => ({ ...row, expiresAt: now }),
      (row, now) => ({ ...row, expiresAt: now - 1 }),
    ]) {
      let now;
      const world = await listing(lib, (rows) => rows.map((one) => ({ ...one, row: change(one.row, now) })));
      now = world.time.now();
      deepEqual(await world.manager.list("ada"), []);
      equal(await world.manager.revoke("ada"), 0);
      equal((await world.browser.visit((session) => session.subject)).result, "ada");
    }
  });

  test("it is asked for until it is empty, and three times at the most", async (lib) => {
    const world = await listing(lib, (rows) => rows);
    equal(await world.manager.revoke("ada"), 1);
    equal(world.asked.times, 2);
    equal(await world.manager.revoke("ada"), 0);
    equal(world.asked.times, 3);
    const stubborn = await listing(
      lib,
      (rows) => rows,
      () => ({ destroy: async () => false }),
    );
    equal(await stubborn.manager.revoke("ada"), 0);
    equal(stubborn.asked.times, 3);
  });

  test("the one that is named is ended, and no other", async (lib) => {
    const world = await listing(lib, (rows) => rows);
    const other = world.isolate().browser;
    await other.visit((session) => session.login("ada"));
    equal(await world.manager.revoke("ada", { id: "nobody's" }), 0);
    for (const [visitor, rest] of [
      [other, world.browser],
      [world.browser, undefined],
    ]) {
      const { result: id } = await visitor.visit((session) => session.id);
      equal(await world.manager.revoke("ada", { id }), 1);
      equal((await visitor.visit((session) => session.isNew)).result, true);
      if (rest) equal((await rest.visit((session) => session.subject)).result, "ada");
    }
  });

  test("clearing a session that is empty merges with nothing", async (lib) => {
    const world = isolates(lib);
    const { browser, events } = world.isolate();
    await browser.visit((session) => session.set("n", 1));
    await browser.visit((session) => session.clear());
    events.length = 0;
    await browser.visit((session) => session.clear());
    deepEqual(events, []);
  });
});
