/** Requests that wrote the same field meanwhile: merged, or told with ERR_CONFLICT. */
import { site } from "./client.js";
import { deepEqual, equal, group, onlyRow, rejectsCode, test } from "./harness.js";

async function two(lib, onConflict) {
  const s = site(lib, onConflict === undefined ? {} : { onConflict });
  await s.browser.visit((session) => session.set("n", 1).set("m", 1));
  const open = async () => {
    const session = await s.manager.open(s.browser.request());
    session.get("n");
    return session;
  };
  const [a, b] = [await open(), await open()];
  s.events.length = 0;
  return { ...s, a, b, commit: (session) => s.manager.commit(session, new Response("ok")) };
}

group("conflict", () => {
  test("merge, the default: the later commit wins", async (lib) => {
    for (const onConflict of [undefined, "merge"]) {
      const { a, b, commit, table } = await two(lib, onConflict);
      await commit(a.set("n", "a").set("a", 1));
      await commit(b.set("n", "b").set("b", 1));
      deepEqual(onlyRow(table).row, { n: "b", m: 1, a: 1, b: 1 });
    }
  });

  test("throw: ERR_CONFLICT, and nothing of that commit is stored", async (lib) => {
    const { a, b, commit, table } = await two(lib, "throw");
    await commit(a.set("n", "a"));
    await rejectsCode(commit(b.set("n", "b").set("other", 1)), "ERR_CONFLICT");
    deepEqual(onlyRow(table).row, { n: "a", m: 1 });
  });

  for (const [name, first, second] of [
    ["a set after a delete", (s) => s.delete("n"), (s) => s.set("n", 2)],
    ["a delete after a set", (s) => s.set("n", 2), (s) => s.delete("n")],
    ["a set after an increment", (s) => s.increment("n"), (s) => s.set("n", 9)],
  ]) {
    test(`throw: ${name} of the same field conflicts`, async (lib) => {
      const { a, b, commit } = await two(lib, "throw");
      first(a);
      second(b);
      await commit(a);
      await rejectsCode(commit(b), "ERR_CONFLICT");
    });
  }

  test("throw: different fields do not conflict", async (lib) => {
    const { a, b, commit, table } = await two(lib, "throw");
    await commit(a.set("n", 2));
    await commit(b.set("m", 2));
    deepEqual(onlyRow(table).row, { n: 2, m: 2 });
  });

  test("throw: increments never conflict with each other", async (lib) => {
    const { a, b, commit, table } = await two(lib, "throw");
    a.increment("n");
    b.increment("n");
    await commit(a);
    await commit(b);
    deepEqual(onlyRow(table).row, { n: 3, m: 1 });
  });

  test("throw: an increment does not conflict with a set before it either", async (lib) => {
    const { a, b, commit, table } = await two(lib, "throw");
    a.set("n", 9);
    b.increment("n");
    await commit(a);
    await commit(b);
    deepEqual(onlyRow(table).row, { n: 10, m: 1 });
  });

  test("throw: a touch in between is no conflict", async (lib) => {
    const { a, browser, commit, table } = await two(lib, "throw");
    a.set("n", 2);
    await browser.visit((session) => session.get("n"));
    await commit(a);
    deepEqual(onlyRow(table).row, { n: 2, m: 1 });
  });

  test('"merged" is told when a commit met a newer version of the row', async (lib) => {
    const { a, b, commit, events } = await two(lib);
    const { id } = a;
    await commit(a.set("x", 1));
    deepEqual(events, []);
    await commit(b.set("y", 1));
    deepEqual(events, [{ type: "merged", id }]);
  });

  test("update runs again on the row that the commit finds", async (lib) => {
    const { a, b, commit, table } = await two(lib);
    a.update(({ n }) => ({ n: n + 1 }));
    b.update(({ n }) => ({ n: n + 10 }));
    await commit(a);
    await commit(b);
    equal(onlyRow(table).row.n, 12);
  });
});

group("expired", () => {
  test('"expired" is told when an id led to an expired row', async (lib) => {
    const { browser, time, events } = site(lib, { idle: 60 });
    await browser.visit((session) => session.set("n", 1));
    const { result: id } = await browser.visit((session) => session.id);
    events.length = 0;
    time.advance(60_000);
    await browser.visit((session) => session.get("n"));
    deepEqual(events, [{ type: "expired", id }]);
  });

  test("throw: a clear() of what another request wrote behind it conflicts, whether or not it was read", async (lib) => {
    for (const look of [() => {}, (session) => session.has("n")]) {
      const s = site(lib, { onConflict: "throw" });
      await s.browser.visit((session) => session.set("n", 1));
      const late = await s.manager.open(s.browser.request());
      look(late);
      late.clear();
      await s.browser.visit((session) => session.set("n", 2));
      await rejectsCode(s.manager.commit(late, new Response("ok")), "ERR_CONFLICT");
      deepEqual(onlyRow(s.table).row, { n: 2 });
    }
  });
});
