/** How long sessions live: defaults, options, and the table's own limits. */
import { cookiesOf, site } from "./client.js";
import { clock, deepEqual, equal, group, makeTable, ok, onlyRow, T0, test } from "./harness.js";

const SECOND = 1000;
const HOUR = 3600 * SECOND;

async function stored(lib, options) {
  const s = site(lib, options);
  await s.browser.visit((session) => session.set("n", 1));
  const alive = async () => (await s.browser.visit((session) => session.get("n"))).result === 1;
  return { ...s, alive };
}

group("session expiry", () => {
  test("idle is 30 minutes unless given", async (lib) => {
    for (const [at, expected] of [
      [1800 * SECOND - 1, true],
      [1800 * SECOND, false],
      [1800 * SECOND + 1, false],
    ]) {
      const { time, alive } = await stored(lib);
      time.advance(at);
      equal(await alive(), expected, `after ${at} ms`);
    }
  });

  test("absolute is 12 hours unless given, however busy the session", async (lib) => {
    const { time, browser, alive } = await stored(lib);
    for (let i = 1; i < 48; i++) {
      time.set(T0 + i * 900 * SECOND);
      await browser.visit((session) => session.set("i", i));
    }
    time.set(T0 + 12 * HOUR - 1);
    equal(await alive(), true);
    time.set(T0 + 12 * HOUR);
    equal(await alive(), false);
  });

  test("reading keeps a session alive", async (lib) => {
    const { time, alive } = await stored(lib, { idle: 60 });
    for (let i = 0; i < 5; i++) {
      time.advance(60 * SECOND - 1);
      equal(await alive(), true);
    }
    time.advance(60 * SECOND);
    equal(await alive(), false);
  });

  test("idle and absolute may be given", async (lib) => {
    const { time, alive, browser } = await stored(lib, { idle: "1m", absolute: 100 });
    equal((await browser.visit((session) => session.expiresAt)).result, T0 + 60 * SECOND);
    time.advance(50 * SECOND);
    equal(await alive(), true);
    equal((await browser.visit((session) => session.expiresAt)).result, T0 + 100 * SECOND);
    time.set(T0 + 100 * SECOND);
    equal(await alive(), false);
  });

  test("renewing does not lengthen the absolute life", async (lib) => {
    const { time, browser, alive } = await stored(lib, { absolute: 100 });
    for (let i = 1; i < 10; i++) {
      time.advance(10 * SECOND);
      await browser.visit((session) => session.renew());
    }
    time.set(T0 + 100 * SECOND - 1);
    equal(await alive(), true);
    time.set(T0 + 100 * SECOND);
    equal(await alive(), false);
  });

  for (const option of ["idle", "absolute"]) {
    test(`where table and sessions() both set ${option}, the stricter counts`, async (lib) => {
      for (const [ofTable, ofSessions] of [
        [60, 120],
        [120, 60],
      ]) {
        for (const byName of [true, false]) {
          for (const [offset, expected] of [
            [-1, true],
            [0, false],
          ]) {
            const time = clock();
            const table = makeTable(lib, { now: time.now, [option]: ofTable });
            const { alive } = await stored(lib, { table: byName ? table.name : table, [option]: ofSessions });
            time.set(T0 + 60 * SECOND + offset);
            equal(await alive(), expected, `table ${ofTable}, sessions ${ofSessions}, ${offset} ms`);
          }
        }
      }
    });
  }

  test("a table's own clock counts", async (lib) => {
    const time = clock();
    const table = makeTable(lib, { now: time.now });
    const { browser, alive, time: other } = await stored(lib, { table, idle: 60 });
    equal((await browser.visit((session) => session.createdAt)).result, T0);
    other.advance(24 * HOUR);
    equal(await alive(), true);
    time.set(T0 + 60 * SECOND);
    equal(await alive(), false);
  });

  test("an expired session's id is not used again", async (lib) => {
    const { time, browser, table } = await stored(lib, { idle: 60 });
    const old = browser.cookie;
    time.advance(60 * SECOND);
    const { cookies } = await browser.visit((session) => session.set("m", 2));
    equal(cookies.length, 1);
    ok(browser.cookie !== old, "an expired id was used again");
    deepEqual(onlyRow(table).row, { m: 2 });
    equal(onlyRow(table).meta.createdAt, T0 + 60 * SECOND);
  });

  test("clocks that run backwards or answer nonsense revive nothing", async (lib) => {
    const { time, alive } = await stored(lib, { idle: 60 });
    time.set(Number.NaN);
    equal(await alive(), true);
    time.set(T0 + 60 * SECOND);
    equal(await alive(), false);
    for (const reading of [T0, 0, Number.NaN, -1]) {
      time.set(reading);
      equal(await alive(), false);
    }
  });

  test("the cookie's own lifetime decides nothing", async (lib) => {
    const { time, alive } = await stored(lib, { idle: 60, cookie: { maxAge: "7d" } });
    time.advance(60 * SECOND);
    equal(await alive(), false);
  });

  test("a deadline that passes between two readings of a commit: a cookie that is sent opens the session", async (lib) => {
    for (const act of [(s) => s.login("ada"), (s) => s.renew(), (s) => s.set("n", 2).renew()]) {
      for (let early = 0; early < 12; early++) {
        let [at, step] = [T0, 0];
        const now = () => {
          at += step;
          return at;
        };
        const s = site(lib, { now, idle: "1m" });
        await s.browser.visit((session) => session.set("n", 1));
        const late = await s.manager.open(s.browser.request());
        [at, step] = [T0 + 60_000 - early, 1];
        act(late);
        const cookies = cookiesOf(await s.manager.commit(late, new Response("ok")));
        step = 0;
        const visitor = s.another();
        for (const { name, value } of cookies) visitor.jar.set(name, value);
        equal((await visitor.visit((session) => session.isNew)).result, cookies.length === 0);
      }
    }
  });
});
