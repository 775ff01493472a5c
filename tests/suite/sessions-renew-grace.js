/** Renewal without logouts: for a short while the old id still leads to the session. */
import { client, cookiesOf, site } from "./client.js";
import { deepEqual, equal, group, ok, onlyRow, test } from "./harness.js";

async function renewed(lib, options) {
  const s = site(lib, options);
  await s.browser.visit((session) => session.set("n", 1));
  const old = s.browser.cookie;
  await s.browser.visit((session) => session.renew());
  s.events.length = 0;
  /** A visitor that still has the old cookie. */
  const straggler = () => {
    const visitor = client(s.manager);
    visitor.jar.set("__Host-sid", old);
    return visitor;
  };
  return { ...s, old, straggler };
}

group("renew grace", () => {
  test("for ten seconds the old id leads to the same session, and is answered with the new cookie", async (lib) => {
    const { browser, straggler, time } = await renewed(lib);
    time.advance(9999);
    const visitor = straggler();
    const { result, cookies } = await visitor.visit((session) => [session.isNew, session.get("n")]);
    deepEqual(result, [false, 1]);
    equal(cookies.length, 1);
    equal(visitor.cookie, browser.cookie);
  });

  test("a write by the old id reaches the renewed row", async (lib) => {
    const { straggler, table } = await renewed(lib);
    await straggler().visit((session) => session.set("m", 2));
    deepEqual(onlyRow(table).row, { n: 1, m: 2 });
  });

  test('after the grace the old id is no session, and its use is told as "reused-after-renew"', async (lib) => {
    const { straggler, time, events, table } = await renewed(lib);
    time.advance(10_000);
    const { result, cookies } = await straggler().visit((session) => [session.isNew, session.data]);
    deepEqual(result, [true, {}]);
    equal(cookies.length, 0);
    deepEqual(
      events.map(({ type }) => type),
      ["reused-after-renew"],
    );
    equal(table.count(), 1);
  });

  test("renewGrace: 0 switches it off", async (lib) => {
    const { straggler } = await renewed(lib, { renewGrace: 0 });
    deepEqual((await straggler().visit((session) => [session.isNew, session.data])).result, [true, {}]);
  });

  test("renewGrace: 0 is for who comes with the old id: what was under way is carried out", async (lib) => {
    const s = site(lib, { renewGrace: 0 });
    await s.browser.visit((session) => session.login("user-1"));
    const [writes, ends] = [
      await s.manager.open(s.browser.request()),
      await s.manager.open(s.browser.request()),
    ];
    await s.browser.visit((session) => session.renew());
    await s.manager.commit(writes.set("m", 1), new Response("ok"));
    deepEqual(onlyRow(s.table).row, { m: 1 });
    ends.logout();
    await s.manager.commit(ends, new Response("ok"));
    equal((await s.manager.list("user-1")).length, 0);
  });

  test("the id from before a login had no grace: its use is told at once, and for two minutes", async (lib) => {
    const { browser, another, events, time } = site(lib);
    await browser.visit((session) => session.set("n", 1));
    const visitor = another();
    visitor.jar.set("__Host-sid", browser.cookie);
    await browser.visit((session) => session.login("user-1"));
    for (const [ms, told] of [
      [0, 1],
      [119_999, 1],
      [1, 0],
    ]) {
      time.advance(ms);
      events.length = 0;
      equal((await visitor.visit((session) => session.isNew)).result, true);
      equal(events.filter(({ type }) => type === "reused-after-renew").length, told);
    }
  });

  test("renewGrace may be given", async (lib) => {
    const { straggler, time } = await renewed(lib, { renewGrace: "1m" });
    time.advance(59_999);
    equal((await straggler().visit((session) => session.get("n"))).result, 1);
    time.advance(1);
    equal((await straggler().visit((session) => session.get("n"))).result, undefined);
  });

  test("use does not lengthen the grace", async (lib) => {
    const { straggler, time } = await renewed(lib);
    for (let i = 0; i < 3; i++) {
      time.advance(3000);
      equal((await straggler().visit((session) => session.get("n"))).result, 1);
    }
    time.advance(1000);
    equal((await straggler().visit((session) => session.get("n"))).result, undefined);
  });

  test("a commit opened before the renewal lands in the renewed row", async (lib) => {
    const s = site(lib);
    await s.browser.visit((session) => session.set("n", 1));
    const late = await s.manager.open(s.browser.request());
    late.set("late", true);
    await s.browser.visit((session) => session.renew());
    await s.manager.commit(late, new Response("ok"));
    deepEqual(onlyRow(s.table).row, { n: 1, late: true });
  });

  test("so does one that took longer than the grace, up to two minutes past it", async (lib) => {
    for (const [ms, lands] of [
      [10_000, true],
      [129_999, true],
      [130_000, false],
    ]) {
      const s = site(lib);
      await s.browser.visit((session) => session.set("n", 1));
      const late = await s.manager.open(s.browser.request());
      late.set("late", true);
      await s.browser.visit((session) => session.renew());
      s.time.advance(ms);
      await s.manager.commit(late, new Response("ok"));
      deepEqual(onlyRow(s.table).row, lands ? { n: 1, late: true } : { n: 1 });
    }
  });

  test("two renewals at once leave one row", async (lib) => {
    const s = site(lib);
    await s.browser.visit((session) => session.set("n", 1));
    const [a, b] = [await s.manager.open(s.browser.request()), await s.manager.open(s.browser.request())];
    a.renew();
    b.renew();
    await s.manager.commit(a, new Response("ok"));
    await s.manager.commit(b, new Response("ok"));
    equal(s.table.count(), 1);
  });

  test("destroyed by the new id, the session is dead for the old one too", async (lib) => {
    const { browser, straggler, table } = await renewed(lib);
    await browser.visit((session) => session.destroy());
    const { result } = await straggler().visit((session) => {
      const seen = [session.isNew, session.data];
      session.ignore();
      return seen;
    });
    deepEqual(result, [true, {}]);
    equal(table.count(), 0);
  });

  test("destroyed by the old id within the grace, the session is dead for both", async (lib) => {
    const { browser, straggler, table } = await renewed(lib);
    await straggler().visit((session) => session.destroy());
    equal(table.count(), 0);
    equal((await browser.visit((session) => session.isNew)).result, true);
  });

  test("the old id is neither stored nor shown anywhere", async (lib) => {
    const { table, old, straggler, events } = await renewed(lib);
    await straggler().visit((session) => session.set("m", 1));
    ok(![...table.keys()].some((key) => key.includes(old)));
    ok(!JSON.stringify(events).includes(old));
  });

  test("a request that does not look at the session is answered with the new cookie as well", async (lib) => {
    const { browser, straggler } = await renewed(lib);
    const visitor = straggler();
    equal((await visitor.visit(() => {})).cookies.length, 1);
    equal(visitor.cookie, browser.cookie);
  });

  test("a request that was under way goes on reading and writing the session", async (lib) => {
    const s = site(lib);
    await s.browser.visit((session) => session.set("n", 1).set("m", [1]).login("user-1"));
    const reads = {
      get: (session) => session.get("n") === 1,
      has: (session) => session.has("m"),
      data: (session) => session.data.n === 1,
      subject: (session) => session.subject === "user-1",
      id: (session) => session.id !== undefined,
      createdAt: (session) => session.createdAt !== undefined,
      isNew: (session) => !session.isNew,
    };
    const all = await Promise.all(Object.keys(reads).map(() => s.manager.open(s.browser.request())));
    await s.browser.visit((session) => session.renew());
    for (const [i, [name, read]] of Object.entries(reads).entries()) ok(read(all[i]), name);
    for (const session of all) equal(session.get("n"), 1);
  });

  test("a second request's renewal of the same id sends the first one's cookie: both responses agree", async (lib) => {
    const s = site(lib);
    await s.browser.visit((session) => session.set("n", 1));
    const [a, b] = [await s.manager.open(s.browser.request()), await s.manager.open(s.browser.request())];
    s.events.length = 0;
    a.renew();
    b.set("m", 1).renew();
    const [first] = cookiesOf(await s.manager.commit(a, new Response("ok")));
    const [second] = cookiesOf(await s.manager.commit(b, new Response("ok")));
    equal(first.value, second.value);
    deepEqual(
      s.events.map(({ type }) => type).filter((type) => type !== "merged"),
      ["renewed"],
    );
    deepEqual(onlyRow(s.table).row, { n: 1, m: 1 });
  });

  test("renewed over and over, each id of the last ten seconds leads on", async (lib) => {
    const s = site(lib);
    await s.browser.visit((session) => session.set("n", 1));
    const issued = [s.browser.cookie];
    for (let i = 0; i < 4; i++) {
      s.time.advance(2000);
      await s.browser.visit((session) => session.renew());
      issued.push(s.browser.cookie);
    }
    for (const cookie of issued) {
      const visitor = s.another();
      visitor.jar.set("__Host-sid", cookie);
      equal((await visitor.visit((session) => session.get("n"))).result, 1);
      equal(visitor.cookie, s.browser.cookie);
    }
  });

  test("the grace is shorter than the session: expired, it leads nowhere", async (lib) => {
    const { straggler, time } = await renewed(lib, { idle: 5, renewGrace: "1m" });
    time.advance(5000);
    equal((await straggler().visit((session) => session.isNew)).result, true);
  });

  test("a 5xx and ignore() send no cookie within the grace", async (lib) => {
    const { straggler } = await renewed(lib);
    equal((await straggler().visit(() => new Response(null, { status: 500 }))).cookies.length, 0);
    equal((await straggler().visit((session) => session.ignore())).cookies.length, 0);
  });
});
