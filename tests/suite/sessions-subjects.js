/** A subject's sessions: listed, ended, ended everywhere, and the last to be evicted. */
import { site } from "./client.js";
import { deepEqual, equal, group, makeTable, ok, rejectsCode, T0, test } from "./harness.js";

/** A site where "ada" is logged in with three browsers, "bob" with one, and one visitor is nobody. */
async function crowd(lib, options) {
  const s = site(lib, options);
  const visitors = { ada1: "ada", ada2: "ada", ada3: "ada", bob: "bob", nobody: undefined };
  const browsers = {};
  for (const [name, subject] of Object.entries(visitors)) {
    browsers[name] = s.another();
    await browsers[name].visit((session) => {
      session.set("name", name);
      if (subject !== undefined) session.login(subject, { device: name });
    });
  }
  const alive = async () => {
    const names = [];
    for (const [name, browser] of Object.entries(browsers)) {
      if ((await browser.visit((session) => session.get("name"))).result === name) names.push(name);
    }
    return names;
  };
  return { ...s, ...browsers, alive };
}

group("subjects", () => {
  test("list gives a subject's sessions: public id, times, meta", async (lib) => {
    const { manager, time, ada1 } = await crowd(lib);
    time.advance(1000);
    const { result: id } = await ada1.visit((session) => session.id);
    const list = await manager.list("ada");
    equal(list.length, 3);
    const mine = list.find((entry) => entry.id === id);
    ok(mine !== undefined, "the session's own id is not in the list");
    deepEqual(mine, {
      id,
      createdAt: T0,
      touchedAt: T0 + 1000,
      expiresAt: T0 + 1000 + 1_800_000,
      meta: { device: "ada1" },
    });
    deepEqual(list.map(({ meta }) => meta.device).sort(), ["ada1", "ada2", "ada3"]);
  });

  test("over a table that keeps its keys as they are, list and events still tell hashes only", async (lib) => {
    const { browser, manager, events } = site(lib, { table: makeTable(lib) });
    await browser.visit((session) => session.login("ada"));
    const { result: id } = await browser.visit((session) => session.id);
    deepEqual(
      (await manager.list("ada")).map((entry) => entry.id),
      [id],
    );
    ok(id !== browser.cookie, "the id is shown");
    await manager.revoke("ada");
    deepEqual(events, [
      { type: "created", id },
      { type: "destroyed", id },
    ]);
  });

  test("list of nobody is empty, and refreshes nothing", async (lib) => {
    const { manager, time } = await crowd(lib);
    deepEqual(await manager.list("eve"), []);
    deepEqual(await manager.list("__proto__"), []);
    time.advance(1000);
    for (const { touchedAt } of await manager.list("ada")) equal(touchedAt, T0);
  });

  test("expired sessions are not listed", async (lib) => {
    const { manager, time, ada2 } = await crowd(lib, { idle: 60 });
    time.advance(59_999);
    await ada2.visit((session) => session.get("name"));
    time.advance(1);
    equal((await manager.list("ada")).length, 1);
  });

  test("revoke ends the one session that list gave an id for, and knows it for dead", async (lib) => {
    for (const table of [undefined, makeTable(lib)]) {
      const { manager, alive, events, ada2, bob } = await crowd(lib, table && { table });
      const mine = (await ada2.visit((session) => session.id)).result;
      const late = await manager.open(ada2.request());
      late.set("late", 1);
      const bobs = (await bob.visit((session) => session.id)).result;
      events.length = 0;
      for (const id of [
        bobs,
        "",
        "A".repeat(22),
        `${mine}A`,
        mine.slice(1),
        ada2.cookie,
        `${mine.slice(0, 21)}_`,
      ]) {
        equal(await manager.revoke("ada", { id }), 0);
      }
      equal(await manager.revoke("ada", { id: mine }), 1);
      equal(await manager.revoke("ada", { id: mine }), 0);
      deepEqual(events, [{ type: "destroyed", id: mine }]);
      await manager.commit(late, new Response("ok"));
      equal(events.at(-1).type, "gone");
      deepEqual(await alive(), ["ada1", "ada3", "bob", "nobody"]);
      await rejectsCode(manager.revoke("ada", { id: 5 }), "ERR_BAD_OPTION");
      await rejectsCode(manager.revoke("ada", { id: mine, except: late }), "ERR_BAD_OPTION");
    }
  });

  test("of more sessions than one page has, all are listed, and each can be ended", async (lib) => {
    for (const table of [undefined, makeTable(lib)]) {
      const { manager, another } = site(lib, table && { table });
      for (let i = 0; i < 150; i++) await another().visit((session) => session.login("ada"));
      const ids = (await manager.list("ada")).map(({ id }) => id);
      equal(new Set(ids).size, 150);
      for (const id of ids.slice(0, 20)) equal(await manager.revoke("ada", { id }), 1);
      equal(await manager.revoke("ada"), 130);
    }
  });

  test("revoke ends all of a subject's sessions and no other", async (lib) => {
    const { manager, alive } = await crowd(lib);
    equal(await manager.revoke("ada"), 3);
    deepEqual(await alive(), ["bob", "nobody"]);
    equal(await manager.revoke("ada"), 0);
    deepEqual(await manager.list("ada"), []);
  });

  test("revoke can except the session that asks", async (lib) => {
    const { manager, ada2, alive } = await crowd(lib);
    const except = await manager.open(ada2.request());
    equal(await manager.revoke("ada", { except }), 2);
    deepEqual(await alive(), ["ada2", "bob", "nobody"]);
  });

  test("logout everywhere ends all of the subject's sessions", async (lib) => {
    const { ada1, alive } = await crowd(lib);
    await ada1.visit((session) => session.logout({ everywhere: true }));
    equal(ada1.jar.size, 0);
    deepEqual(await alive(), ["bob", "nobody"]);
  });

  test("a slow request can't revive a revoked session", async (lib) => {
    const { manager, ada1, table } = await crowd(lib);
    const late = await manager.open(ada1.request());
    late.set("n", 1);
    await manager.revoke("ada");
    await manager.commit(late, new Response("ok"));
    equal(table.count({ subject: "ada" }), 0);
  });

  test("renewing keeps the subject", async (lib) => {
    const { manager, ada1 } = await crowd(lib);
    await ada1.visit((session) => session.renew());
    equal((await ada1.visit((session) => session.subject)).result, "ada");
    equal((await manager.list("ada")).length, 3);
  });

  test("the table filters by subject", async (lib) => {
    const { table } = await crowd(lib);
    equal(table.count({ subject: "ada" }), 3);
    equal(table.count({ hasSubject: true }), 4);
    equal(table.count({ hasSubject: false }), 1);
    equal(table.count({ subject: "ada", where: { name: "ada2" } }), 1);
    for (const [, , meta] of table.select({ subject: "bob" }).rows) equal(meta.subject, "bob");
    equal(table.deleteWhere({ subject: "ada" }), 3);
    equal(table.count(), 2);
  });

  test("subjects are compared whole", async (lib) => {
    const { manager, another } = site(lib);
    const subjects = ["a", "A", "ab", "a\u0000", "á", "a\u0301", "__proto__", "a:b"];
    for (const subject of subjects) await another().visit((session) => session.login(subject));
    for (const subject of subjects) equal((await manager.list(subject)).length, 1);
    equal(await manager.revoke("a"), 1);
    equal((await manager.list("ab")).length, 1);
  });

  test("rows without a subject are evicted before rows with one, whichever expires sooner", async (lib) => {
    const limits = { maxBytes: "64KiB", maxRowBytes: 4096 };
    const { another, table, time } = site(lib, { limits });
    const text = "x".repeat(200);
    for (let i = 0; i < 40; i++) {
      await another().visit((session) => session.set("text", text).login(`user-${i}`));
      time.advance(1000);
    }
    for (let i = 0; i < 400; i++) {
      await another().visit((session) => session.set("text", text));
      time.advance(1000);
    }
    ok(table.info().evicted > 0, "nothing was evicted");
    equal(table.count({ hasSubject: true }), 40);
  });
});
