/** Which ids lead to a session: ours alone, and only while its row lives. */
import { site } from "./client.js";
import { allRows, deepEqual, equal, group, ok, onlyRow, test } from "./harness.js";

group("session ids", () => {
  test("an unknown id is never adopted", async (lib) => {
    const { browser, table } = site(lib);
    const planted = "A".repeat(24);
    browser.jar.set("__Host-sid", planted);
    const { cookies, result } = await browser.visit((session) => {
      const before = [session.isNew, session.id, session.get("n")];
      session.set("n", 1);
      return before;
    });
    deepEqual(result, [true, undefined, undefined]);
    equal(cookies.length, 1);
    ok(cookies[0].value !== planted, "the planted id was adopted");
    equal(table.lookup(planted), undefined);
    equal(table.count(), 1);
  });

  test("an unknown id alone is no reason for a cookie or a row", async (lib) => {
    const { browser, table } = site(lib);
    browser.jar.set("__Host-sid", "A".repeat(24));
    const { cookies } = await browser.visit((session) => session.get("n"));
    equal(cookies.length, 0);
    equal(table.count(), 0);
  });

  test("the id of a deleted row is unknown, and its data do not come back", async (lib) => {
    const { browser, table } = site(lib);
    await browser.visit((session) => session.set("n", 1));
    const old = browser.cookie;
    table.clear();
    const { result } = await browser.visit((session) => {
      const seen = session.get("n");
      session.set("m", 2);
      return seen;
    });
    equal(result, undefined);
    ok(browser.cookie !== old, "a dead id was used again");
    deepEqual(onlyRow(table).row, { m: 2 });
  });

  test("ids are new for each session and 24 base64url characters long", async (lib) => {
    const { another, table } = site(lib);
    const ids = new Set();
    for (let i = 0; i < 300; i++) {
      const visitor = another();
      await visitor.visit((session) => session.set("i", i));
      ok(/^[A-Za-z0-9_-]{24}$/.test(visitor.cookie));
      ids.add(visitor.cookie);
    }
    equal(ids.size, 300);
    equal(table.count(), 300);
  });

  test("the table keeps no usable id", async (lib) => {
    const { browser, table } = site(lib);
    await browser.visit((session) => session.set("n", 1));
    for (const [key] of allRows(table)) {
      ok(key !== browser.cookie && !key.includes(browser.cookie));
      const thief = site(lib, { table }).browser;
      thief.jar.set("__Host-sid", key.slice(0, 24));
      equal((await thief.visit((session) => session.get("n"))).result, undefined);
    }
  });

  test("session.id: undefined until first stored, then the same public hash in each request", async (lib) => {
    const { browser } = site(lib);
    const { result: before } = await browser.visit((session) => {
      session.set("n", 1);
      return session.id;
    });
    equal(before, undefined);
    const { result: first } = await browser.visit((session) => session.id);
    const { result: second } = await browser.visit((session) => session.set("n", 2).id);
    ok(typeof first === "string" && first.length >= 16, "the id is no hash");
    equal(second, first);
    ok(first !== browser.cookie && !first.includes(browser.cookie) && !browser.cookie.includes(first));
  });

  test("after the commit of a new session its id is known", async (lib) => {
    const { browser } = site(lib);
    let kept;
    await browser.visit((session) => {
      kept = session.set("n", 1);
    });
    equal(kept.id, (await browser.visit((session) => session.id)).result);
  });
});
