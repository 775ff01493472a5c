/** Flash: said in one request, read in the next, and then gone. */
import { site } from "./client.js";
import { deepEqual, equal, group, test, throwsCode } from "./harness.js";

group("flash", () => {
  test("readable in the next request, once", async (lib) => {
    const { browser } = site(lib);
    await browser.visit((session) => session.flash("notice", "saved"));
    equal((await browser.visit((session) => session.flashed("notice"))).result, "saved");
    equal((await browser.visit((session) => session.flashed("notice"))).result, undefined);
  });

  test("in the request that sets it, it can't be read", async (lib) => {
    const { browser } = site(lib);
    const { result } = await browser.visit((session) => {
      session.flash("notice", "saved");
      return session.flashed("notice");
    });
    equal(result, undefined);
  });

  test("read twice in one request it is there twice", async (lib) => {
    const { browser } = site(lib);
    await browser.visit((session) => session.flash("notice", { n: 1 }));
    const { result } = await browser.visit((session) => [
      session.flashed("notice"),
      session.flashed("notice"),
    ]);
    deepEqual(result, [{ n: 1 }, { n: 1 }]);
  });

  test("not read in the next request, it is gone", async (lib) => {
    const { browser } = site(lib);
    await browser.visit((session) => session.flash("notice", "saved"));
    await browser.visit((session) => session.get("n"));
    equal((await browser.visit((session) => session.flashed("notice"))).result, undefined);
  });

  test("a new flash while the old one is read", async (lib) => {
    const { browser } = site(lib);
    await browser.visit((session) => session.flash("notice", 1));
    const { result } = await browser.visit((session) => {
      session.flash("notice", 2);
      return session.flashed("notice");
    });
    equal(result, 1);
    equal((await browser.visit((session) => session.flashed("notice"))).result, 2);
  });

  test("flash is no field of the session", async (lib) => {
    const { browser } = site(lib);
    await browser.visit((session) => session.set("a", 1).flash("notice", "saved"));
    const { result } = await browser.visit((session) => [
      session.data,
      [...session.keys()],
      session.has("notice"),
    ]);
    deepEqual(result, [{ a: 1 }, ["a"], false]);
  });

  test("a field and a flash of one name do not meet", async (lib) => {
    const { browser } = site(lib);
    await browser.visit((session) => session.set("x", "field").flash("x", "flash"));
    const { result } = await browser.visit((session) => [session.get("x"), session.flashed("x")]);
    deepEqual(result, ["field", "flash"]);
    equal((await browser.visit((session) => session.get("x"))).result, "field");
  });

  test("reading flash that is not there stores nothing and sends no cookie", async (lib) => {
    const { browser, table } = site(lib);
    const { cookies, result } = await browser.visit((session) => session.flashed("notice"));
    equal(result, undefined);
    equal(cookies.length, 0);
    equal(table.count(), 0);
    for (const name of ["__proto__", "constructor", "toString"]) {
      equal((await browser.visit((session) => session.flashed(name))).result, undefined);
    }
  });

  test("flash survives renewal and login", async (lib) => {
    for (const change of [(session) => session.renew(), (session) => session.login("user-1")]) {
      const { browser } = site(lib, { renewGrace: 0 });
      await browser.visit((session) => session.set("a", 1));
      await browser.visit((session) => {
        session.flash("notice", "welcome");
        change(session);
      });
      equal((await browser.visit((session) => session.flashed("notice"))).result, "welcome");
    }
  });

  test("flash keeps types, and refuses what can't be stored", async (lib) => {
    const { browser } = site(lib);
    await browser.visit((session) => {
      throwsCode(() => session.flash("notice", () => {}), "ERR_UNSUPPORTED_VALUE");
      session.flash("notice", new Map([[1n, new Date(5)]]));
    });
    deepEqual(
      (await browser.visit((session) => session.flashed("notice"))).result,
      new Map([[1n, new Date(5)]]),
    );
  });

  test("flash after the commit is ERR_COMMITTED", async (lib) => {
    const { browser } = site(lib);
    let kept;
    await browser.visit((session) => {
      kept = session.set("a", 1);
    });
    throwsCode(() => kept.flash("notice", 1), "ERR_COMMITTED");
    throwsCode(() => kept.login("user-1"), "ERR_COMMITTED");
    throwsCode(() => kept.logout(), "ERR_COMMITTED");
  });

  test("a look at flash makes the response private", async (lib) => {
    const { browser } = site(lib);
    const { response } = await browser.visit((session) => session.flashed("notice"));
    equal(response.headers.get("vary")?.toLowerCase(), "cookie");
    equal(response.headers.get("cache-control"), "private");
  });
});
