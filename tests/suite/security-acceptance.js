/** Which ids are accepted, and how a session's id changes when its rights do. */
import { client, cookiesOf, site } from "./client.js";
import { request } from "./env.js";
import { deepEqual, equal, group, ok, onlyRow, T0, test } from "./harness.js";
import { changed, holder, KEY, secured, types } from "./security-help.js";

group("security, acceptance", () => {
  test("S7 an unknown, expired or ended id is never adopted: what is stored gets a fresh one", async (lib) => {
    const unknown = "A".repeat(24);
    const s = await secured(lib, { idle: 60 });
    const expired = s.another();
    await expired.visit((session) => session.set("n", 1));
    const expiredId = expired.cookie;
    s.time.advance(60_000);
    const ended = s.another();
    await ended.visit((session) => session.set("n", 1));
    const endedId = ended.cookie;
    await ended.visit((session) => session.destroy());
    for (const id of [unknown, expiredId, endedId]) {
      const visitor = holder(s.manager, id);
      const { result } = await visitor.visit((session) => {
        const seen = [session.isNew, session.data];
        session.set("mine", true);
        return seen;
      });
      deepEqual(result, [true, {}]);
      ok(visitor.cookie !== id, "the id was adopted");
      equal((await holder(s.manager, id).visit((session) => session.get("mine"))).result, undefined);
    }
  });

  test("S8 an id comes from the cookie alone: not from the address, the body or another header", async (lib) => {
    const { manager, cookie, name } = await secured(lib);
    const pair = `${name}=${cookie}`;
    const cases = [
      [`https://shop.test/?${pair}&sid=${cookie}`, {}],
      [`https://shop.test/;${pair}/${cookie}`, {}],
      [`https://shop.test/#${pair}`, {}],
      ["https://shop.test/", { method: "POST", body: new URLSearchParams({ [name]: cookie, sid: cookie }) }],
      ["https://shop.test/", { headers: { authorization: `Bearer ${cookie}` } }],
      ["https://shop.test/", { headers: { "x-session-id": cookie, sid: cookie, [name]: cookie } }],
      ["https://shop.test/", { headers: { "set-cookie": pair, "x-cookie": pair, cookie2: pair } }],
    ];
    for (const [url, init] of cases) {
      equal((await manager.open(new Request(url, init))).isNew, true, url.slice(0, 20));
    }
    equal((await manager.open(request("https://shop.test/", { cookie: pair }))).isNew, false);
  });

  test("S9 a login is one step: fresh id, same data, the old id dead at once, also for requests under way", async (lib) => {
    const { manager, browser, cookie, table, opens, events } = await secured(lib);
    const late = await manager.open(browser.request());
    late.set("late", true);
    await browser.visit((session) => session.login("ada"));
    ok(browser.cookie !== cookie, "the id is the old one");
    equal(await opens(cookie), false);
    equal(await opens(browser.cookie), true);
    deepEqual(cookiesOf(await manager.commit(late, new Response("ok"))), []);
    deepEqual(onlyRow(table).row, { user: "ada" });
    equal(onlyRow(table).meta.subject, "ada");
    ok(types(events).includes("gone"));
  });

  test("S10 a renewed id leads on for seconds only, however often it is used, and not at all after a login", async (lib) => {
    const { browser, cookie, time, opens } = await secured(lib);
    await browser.visit((session) => session.renew());
    for (let i = 0; i < 2; i++) {
      time.advance(4999);
      equal(await opens(cookie), true);
    }
    time.advance(2);
    equal(await opens(cookie), false);
    const off = await secured(lib, { renewGrace: 0 });
    await off.browser.visit((session) => session.renew());
    equal(await off.opens(off.cookie), false);
    const long = await secured(lib, { renewGrace: "10m" });
    await long.browser.visit((session) => session.login("ada"));
    equal(await long.opens(long.cookie), false);
  });

  test("S10 an id within its grace does not outlive the rights it had: a login ends it too", async (lib) => {
    const { browser, cookie, opens } = await secured(lib);
    await browser.visit((session) => session.renew());
    equal(await opens(cookie), true);
    await browser.visit((session) => session.login("ada"));
    equal(await opens(cookie), false);
  });

  test("S11 renewing at an interval is one line of the application's, and moves no deadline", async (lib) => {
    const { browser, time, manager } = site(lib, { absolute: "1h", idle: "30m" });
    const seen = new Set();
    const page = (session) => {
      if (time.now() - session.get("renewedAt", 0) >= 600_000) session.set("renewedAt", time.now()).renew();
    };
    for (let minute = 0; minute < 60; minute += 5) {
      await browser.visit(page);
      seen.add(browser.cookie);
      equal((await manager.open(browser.request())).expiresAt <= T0 + 3_600_000, true);
      time.advance(300_000);
    }
    equal(seen.size, 6, "ids in an hour");
    equal((await browser.visit((session) => session.isNew)).result, true);
  });

  test("S12 a login can leave behind what was there before it", async (lib) => {
    for (const [keep, expected] of [
      [[], { since: 1 }],
      [["cart"], { cart: [1], since: 1 }],
      [undefined, { cart: [1], trap: true, since: 1 }],
    ]) {
      const { browser, table } = site(lib);
      await browser.visit((session) => session.set("cart", [1]).set("trap", true));
      await browser.visit((session) => {
        session.login("ada", undefined, keep === undefined ? {} : { keep });
        session.set("since", 1);
      });
      deepEqual(onlyRow(table).row, expected);
    }
  });

  test("S13 several cookies of our name: never the last wins", async (lib) => {
    const { manager, browser, another } = await secured(lib);
    const thief = another();
    await thief.visit((session) => session.set("user", "eve"));
    const seen = async (...values) => {
      const cookie = values.map((value) => `__Host-sid=${value}`).join("; ");
      return (await client(manager).visit((session) => session.get("user"), { cookie })).result;
    };
    equal(await seen(browser.cookie, thief.cookie), "ada");
    equal(await seen(browser.cookie, "x", thief.cookie), "ada");
    equal(await seen("x", browser.cookie, thief.cookie), "ada");
  });

  test("S13 with secrets only one may verify, wherever it stands", async (lib) => {
    const { manager, browser, another, cookie, events } = await secured(lib, { secrets: KEY });
    const thief = another();
    await thief.visit((session) => session.set("user", "eve"));
    events.length = 0;
    const seen = async (...values) => {
      const header = values.map((value) => `__Host-sid=${value}`).join("; ");
      return (await client(manager).visit((session) => session.get("user"), { cookie: header })).result;
    };
    equal(await seen(changed(cookie), browser.cookie), "ada");
    equal(await seen(browser.cookie, changed(cookie)), "ada");
    equal(await seen(browser.cookie, thief.cookie), undefined);
    equal(await seen(thief.cookie, browser.cookie), undefined);
    deepEqual(types(events), ["forged", "forged", "forged", "forged"]);
  });
});
