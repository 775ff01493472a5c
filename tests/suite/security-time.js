/** Deadlines: enforced here and not by the browser, exact, and never moved back. */
import { isDeletion, site } from "./client.js";
import { clock, equal, group, makeTable, ok, onlyRow, T0, test, throwsCode, unique } from "./harness.js";
import { secured, types } from "./security-help.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const alive = async (visitor) => !(await visitor.visit((session) => session.isNew)).result;

group("security, time", () => {
  test("S14 after half an hour without a request the session is over: on reading and by sweeping", async (lib) => {
    const { browser, another, time, table } = await secured(lib);
    const other = another();
    await other.visit((session) => session.set("n", 1));
    time.advance(30 * MINUTE - 1);
    equal(await alive(browser), true);
    time.advance(1);
    equal(await alive(other), false);
    equal(table.count(), 1);
    time.advance(30 * MINUTE);
    equal(table.sweep() >= 1, true);
    equal(table.size, 0);
  });

  test("S15 twelve hours after its creation a session is over, however busy, renewed or restored", async (lib) => {
    const { browser, time, table } = await secured(lib);
    for (let at = 20 * MINUTE; at < 12 * HOUR; at += 20 * MINUTE) {
      time.set(T0 + at);
      await browser.visit((session) => session.set("n", at));
      if (at % HOUR === 0) await browser.visit((session) => session.renew());
      if (at === 5 * HOUR) await browser.visit((session) => session.login("ada"));
      if (at === 6 * HOUR) table.restore(table.snapshot());
    }
    time.set(T0 + 12 * HOUR - 1);
    equal(await alive(browser), true);
    equal(onlyRow(table).meta.expiresAt, T0 + 12 * HOUR);
    time.advance(1);
    equal(await alive(browser), false);
  });

  test("S16 at the deadline it is over and a millisecond before it is not: idle, absolute and sweep", async (lib) => {
    for (const options of [{ idle: 60 }, { idle: 120, absolute: 60 }]) {
      for (const [wait, lives] of [
        [59_999, true],
        [60_000, false],
        [60_001, false],
      ]) {
        const { browser, time } = await secured(lib, options);
        time.advance(wait);
        equal(await alive(browser), lives, `after ${wait} ms`);
        const at = clock();
        const t = makeTable(lib, { now: at.now, ...options });
        t.insert("k", {});
        at.advance(wait);
        equal(t.sweep(), lives ? 0 : 1, `swept after ${wait} ms`);
      }
    }
  });

  test("S17 a cookie that browsers keep for a year opens nothing once the session is over", async (lib) => {
    const { browser, time, cookie, opens } = await secured(lib, { cookie: { maxAge: "365d" }, idle: "1h" });
    time.advance(HOUR - 1);
    equal(await opens(cookie), true);
    time.advance(HOUR);
    equal(await opens(cookie), false);
    equal(browser.cookie, cookie);
    const sent = `__Host-sid=${cookie}; Max-Age=999999; Expires=Fri, 31 Dec 9999 23:59:59 GMT`;
    equal((await browser.visit((session) => session.isNew, { cookie: sent })).result, true);
  });

  test("S18 what expired between snapshot and restore is not served, and does not stay", async (lib) => {
    const s = await secured(lib, { idle: "1h" });
    const bytes = s.table.snapshot();
    s.time.advance(HOUR);
    equal(s.table.restore(bytes), 0);
    equal(await s.opens(s.cookie), false);
    equal(s.table.count(), 0);
  });

  test("S19 no clock revives an expired session or throws: stopped, backwards, absurd or no number", async (lib) => {
    const { time, cookie, opens, browser } = await secured(lib, { idle: 60, absolute: 600 });
    time.advance(60_000);
    equal(await opens(cookie), false);
    const odd = [
      Number.NaN,
      Infinity,
      -Infinity,
      0,
      -0,
      -1,
      -1e300,
      8.64e15 + 1,
      1e300,
      0.5,
      undefined,
      null,
      "x",
    ];
    for (const reading of [...odd, T0, T0 - DAY, T0 + 60_000, T0 + 30 * DAY]) {
      time.set(reading);
      equal(await opens(cookie), false, `at ${String(reading)}`);
      await browser.visit((session) => session.get("user"));
    }
  });

  test("S19 a leap of thirty days ends what was due, and a clock put back gives no time as a present", async (lib) => {
    const leap = await secured(lib);
    leap.time.advance(30 * DAY);
    equal(await leap.opens(leap.cookie), false);
    const back = await secured(lib, { idle: 60 });
    back.time.advance(30_000);
    equal(await back.opens(back.cookie), true);
    back.time.advance(-10 * DAY);
    equal(await back.opens(back.cookie), true);
    back.time.set(T0 + 90_000);
    equal(await back.opens(back.cookie), false);
  });

  test("S20 the cookie ends with the browser unless told otherwise, and lives 400 days at the most", async (lib) => {
    const { browser } = site(lib);
    const { cookies } = await browser.visit((session) => session.set("n", 1));
    ok(
      !isDeletion(cookies[0]) &&
        !("max-age" in cookies[0].attributes) &&
        !("expires" in cookies[0].attributes),
    );
    const options = (maxAge) => ({ table: unique("site"), cookie: { maxAge } });
    lib.sessions(options("400d"));
    for (const maxAge of ["401d", 400 * 86_400 + 1, Infinity]) {
      throwsCode(() => lib.sessions(options(maxAge)), "ERR_BAD_OPTION");
    }
  });

  test("S17 the event says that an id led to an expired session", async (lib) => {
    const { cookie, opens, time, events } = await secured(lib, { cookie: { maxAge: "365d" } });
    time.advance(DAY);
    await opens(cookie);
    equal(types(events).join(), "expired");
  });
});
