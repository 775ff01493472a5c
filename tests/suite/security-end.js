/** The end of a session: on the server first, for good, and for all of a user's sessions if asked. */
import { isDeletion, site } from "./client.js";
import { deepEqual, equal, group, ok, test } from "./harness.js";
import { secured } from "./security-help.js";

group("security, end", () => {
  test("S21 a destroyed session is dead on the server, whatever becomes of the cookie", async (lib) => {
    for (const end of [(session) => session.destroy(), (session) => session.logout()]) {
      for (const status of [200, 302, 404, 500]) {
        const { browser, cookie, opens, table } = await secured(lib);
        await browser.visit((session) => end(session) ?? new Response(null, { status }));
        equal(await opens(cookie), false, `after a ${status}`);
        equal(table.count(), 0);
      }
    }
  });

  test("S21 also where no cookie can be sent to say so", async (lib) => {
    const { browser, table, manager } = site(lib, { cookie: { name: "__Host-id" } });
    await browser.visit((session) => session.set("n", 1));
    const session = await manager.open(browser.request());
    session.destroy();
    await manager.commit(session, Response.error());
    equal(table.count(), 0);
  });

  test("S22 the cookie that removes ours repeats its name, path, domain and attributes", async (lib) => {
    for (const cookie of [
      undefined,
      { domain: "shop.test", path: "/app" },
      { name: "__Secure-id", sameSite: "None", partitioned: true },
      { maxAge: "30d", httpOnly: false },
    ]) {
      const { browser } = site(lib, { cookie });
      const [given] = (await browser.visit((session) => session.set("n", 1))).cookies;
      const [removed] = (await browser.visit((session) => session.destroy())).cookies;
      ok(isDeletion(removed));
      equal(removed.value, "");
      equal(removed.name, given.name);
      ok(Date.parse(removed.attributes.expires) < Date.now(), "Expires lies ahead");
      const others = ({ expires: _, "max-age": __, ...rest }) => rest;
      deepEqual(others(removed.attributes), others(given.attributes));
    }
  });

  const late = {
    set: (session) => session.set("n", 2),
    increment: (session) => session.increment("n"),
    update: (session) => session.update(({ n = 0 }) => ({ n: n + 1 })),
    delete: (session) => session.delete("user"),
    clear: (session) => session.clear(),
    flash: (session) => session.flash("notice", "late"),
    renew: (session) => session.renew(),
    "renew and set": (session) => session.set("n", 2).renew(),
  };
  const ends = {
    destroy: (s) => s.browser.visit((session) => session.destroy()),
    logout: (s) => s.browser.visit((session) => session.logout()),
    "logout everywhere": (s) => s.browser.visit((session) => session.logout({ everywhere: true })),
    revoke: (s) => s.manager.revoke("ada"),
    "delete in the table": (s) => s.table.clear(),
  };
  for (const [what, end] of Object.entries(ends)) {
    test(`S23 ${what}: no request that was under way brings the session back`, async (lib) => {
      for (const [name, change] of Object.entries(late)) {
        for (const reads of [true, false]) {
          for (const early of [true, false]) {
            const s = await secured(lib);
            await s.browser.visit((session) => session.login("ada"));
            const session = await s.manager.open(s.browser.request());
            if (reads) session.get("user");
            if (early) change(session);
            const cookie = s.browser.cookie;
            await end(s);
            if (!early) change(session);
            const response = await s.manager.commit(session, new Response("ok"));
            equal(await s.opens(cookie), false, `${name}: the old id`);
            const [sent] = response.headers.getSetCookie();
            ok(sent === undefined, `${name}: a cookie was sent`);
            equal(s.table.count(), 0, `${name}: rows`);
          }
        }
      }
    });
  }

  test("S24 all sessions of a user can be listed and ended, or all but the one that asks", async (lib) => {
    const { manager, another } = site(lib);
    const visitors = [];
    for (let i = 0; i < 5; i++) {
      const visitor = another();
      await visitor.visit((session) => session.login(i === 4 ? "bob" : "ada", { device: i }));
      visitors.push(visitor);
    }
    const alive = async () => {
      const seen = await Promise.all(visitors.map((visitor) => visitor.visit((session) => session.subject)));
      return seen.map(({ result }) => result !== undefined);
    };
    deepEqual((await manager.list("ada")).map(({ meta }) => meta.device).sort(), [0, 1, 2, 3]);
    equal(await manager.revoke("ada", { except: await manager.open(visitors[1].request()) }), 3);
    deepEqual(await alive(), [false, true, false, false, true]);
    await visitors[1].visit((session) => session.logout({ everywhere: true }));
    deepEqual(await alive(), [false, false, false, false, true]);
    equal((await manager.list("ada")).length, 0);
  });
});
