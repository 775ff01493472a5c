/** update(): applied at once, and again where another request wrote meanwhile, so that nothing it read is stale. */
import { site } from "./client.js";
import { deepEqual, equal, group, onlyRow, rejectsCode, test, throwsCode } from "./harness.js";

async function two(lib, data, options) {
  const s = site(lib, options);
  await s.browser.visit((session) => {
    for (const [key, value] of Object.entries(data)) session.set(key, value);
  });
  const open = () => s.manager.open(s.browser.request());
  const [a, b] = [await open(), await open()];
  s.events.length = 0;
  return { ...s, a, b, open, commit: (session) => s.manager.commit(session, new Response("ok")) };
}

const add = (by) => (data) => ({ n: (data.n ?? 0) + by });

group("update", () => {
  test("called once where nobody wrote meanwhile", async (lib) => {
    const { a, commit } = await two(lib, { n: 1 });
    let calls = 0;
    a.update(({ n }) => {
      calls++;
      return { n: n + 1 };
    });
    await commit(a);
    equal(calls, 1);
  });

  test("ten at once add up, whatever the order", async (lib) => {
    const { open, commit, table } = await two(lib, { n: 0 });
    const all = await Promise.all(Array.from({ length: 10 }, open));
    for (const [i, session] of all.entries()) session.update(add(10 ** i));
    for (const session of all.reverse()) await commit(session);
    equal(onlyRow(table).row.n, 1_111_111_111);
  });

  test("lists grow by both", async (lib) => {
    const { a, b, commit, table } = await two(lib, { cart: ["x"] });
    for (const [session, item] of [
      [a, "a"],
      [b, "b"],
    ]) {
      session.update(({ cart }) => ({ cart: [...cart, item] }));
    }
    await commit(b);
    await commit(a);
    deepEqual(onlyRow(table).row, { cart: ["x", "b", "a"] });
  });

  test("what was done before and after it is done again, in its order", async (lib) => {
    const { a, b, commit, table } = await two(lib, { n: 1, gone: 1, kept: 1 });
    a.set("m", 5).delete("gone");
    a.update(({ n, m }) => ({ n: n + m, sum: n }));
    a.increment("n", 100);
    a.set("last", true);
    a.delete("sum");
    await commit(b.set("n", 10).set("gone", 2).set("other", 1));
    await commit(a);
    deepEqual(onlyRow(table).row, { n: 115, m: 5, kept: 1, other: 1, last: true });
  });

  test("an increment of another request counts too, and so does a field that it deleted", async (lib) => {
    const { a, b, commit, table } = await two(lib, { n: 1, name: "x" });
    a.update(({ n, name }) => ({ n: n * 10, greeting: name === undefined ? "nobody" : name }));
    b.increment("n", 4);
    b.delete("name");
    await commit(b);
    await commit(a);
    deepEqual(onlyRow(table).row, { n: 50, greeting: "nobody" });
  });

  test("after a clear of this request it sees nothing of the row", async (lib) => {
    const { a, b, commit, table } = await two(lib, { n: 1 });
    a.clear();
    a.update(add(1));
    await commit(b.set("n", 7).set("late", 1));
    await commit(a);
    deepEqual(onlyRow(table).row, { n: 1 });
  });

  test("fields that only the first run set are not set", async (lib) => {
    const { a, b, commit, table } = await two(lib, { open: true });
    a.update(({ open }) => (open ? { won: 1 } : { lost: 1 }));
    await commit(b.set("open", false));
    await commit(a);
    deepEqual(onlyRow(table).row, { open: false, lost: 1 });
  });

  test("a run that makes no change leaves the field to the others", async (lib) => {
    const { a, b, commit, table } = await two(lib, { n: 1 });
    a.update(({ n }) => ({ n: Math.min(n, 5) }));
    await commit(b.set("n", 3));
    await commit(a);
    deepEqual(onlyRow(table).row, { n: 3 });
  });

  test("the function may write the row itself, as long as it ends", async (lib) => {
    const { a, open, table, manager } = await two(lib, { n: 1 });
    const others = await Promise.all(Array.from({ length: 4 }, open));
    const writes = others.map(
      (session, i) => () => manager.commit(session.update(add(10 ** (i + 1))), new Response()),
    );
    a.update(({ n }) => {
      writes.shift()?.();
      return { n: n + 1 };
    });
    await manager.commit(a, new Response("ok"));
    equal(onlyRow(table).row.n, 11_112);
  });

  test("a second run that throws stores nothing and its error comes through", async (lib) => {
    const { a, b, commit, table } = await two(lib, { n: 1 });
    a.set("m", 1).update(({ n }) => {
      if (n > 1) throw new RangeError("too many");
      return { n: n + 1 };
    });
    await commit(b.set("n", 2));
    let told;
    try {
      await commit(a);
    } catch (error) {
      told = error;
    }
    equal(told instanceof RangeError, true);
    deepEqual(onlyRow(table).row, { n: 2 });
  });

  test("what can't be stored sets none of the fields", async (lib) => {
    const { a } = await two(lib, { n: 1 });
    throwsCode(() => a.update(() => ({ n: 2, f: () => {} })), "ERR_UNSUPPORTED_VALUE", { path: "f" });
    throwsCode(() => a.update(() => ({ n: 2, "\0meta": {} })), "ERR_BAD_KEY");
    deepEqual(a.data, { n: 1 });
  });

  test("throw: what only updates wrote is no conflict, what was set is", async (lib) => {
    const { a, b, commit, table } = await two(lib, { n: 1, m: 1 }, { onConflict: "throw" });
    a.update(add(1));
    b.update(add(10));
    await commit(a);
    await commit(b);
    deepEqual(onlyRow(table).row, { n: 12, m: 1 });
    const c = await two(lib, { n: 1, m: 1 }, { onConflict: "throw" });
    c.a.set("m", 5).update(add(1));
    await c.commit(c.b.set("m", 2));
    await rejectsCode(c.commit(c.a), "ERR_CONFLICT", { path: "m" });
    deepEqual(onlyRow(c.table).row, { n: 1, m: 2 });
  });

  test("throw: set after it, a field conflicts again", async (lib) => {
    const { a, b, commit, table } = await two(lib, { n: 1 }, { onConflict: "throw" });
    a.update(add(1)).set("n", 7);
    await commit(b.set("n", 2));
    await rejectsCode(commit(a), "ERR_CONFLICT", { path: "n" });
    deepEqual(onlyRow(table).row, { n: 2 });
  });

  test("in a new session it is stored like a set", async (lib) => {
    const { browser, table } = site(lib);
    await browser.visit((session) => session.update(add(5)));
    deepEqual(onlyRow(table).row, { n: 5 });
  });

  test("behind a renewal it runs on the row under its new id", async (lib) => {
    const { a, b, commit, table } = await two(lib, { n: 1 });
    a.update(add(1));
    b.update(add(10)).renew();
    await commit(b);
    await commit(a);
    deepEqual(onlyRow(table).row, { n: 12 });
  });

  test("writes to the session by the function itself are refused: they would be done twice", async (lib) => {
    const { a, commit, table } = await two(lib, { n: 1 });
    for (const write of [
      () => a.increment("n"),
      () => a.set("m", 1),
      () => a.delete("n"),
      () => a.clear(),
      () => a.update(add(1)),
      () => a.login("ada"),
    ]) {
      const writes = () => {
        write();
        return {};
      };
      throwsCode(() => a.update(writes), "ERR_BAD_OPTION", { option: "fn" });
    }
    equal(a.subject, undefined);
    await commit(a.set("m", 2));
    deepEqual(onlyRow(table).row, { n: 1, m: 2 });
  });

  test("where it throws when it is run again, what the request wrote is there still", async (lib) => {
    const { a, b, commit, table } = await two(lib, { n: 1 });
    let allowed = 1;
    a.set("first", 1).update(({ n }) => {
      if (allowed-- === 0) throw new RangeError("not this time");
      return { n: n + 1 };
    });
    a.set("order", "placed");
    await commit(b.set("n", 10));
    let error;
    await commit(a).catch((thrown) => {
      error = thrown;
    });
    equal(error?.message, "not this time");
    deepEqual(a.data, { n: 2, first: 1, order: "placed" });
    allowed = 1;
    await commit(a);
    deepEqual(onlyRow(table).row, { n: 11, first: 1, order: "placed" });
  });

  test("where it throws when it is run again, a second try is not in conflict with itself", async (lib) => {
    const { a, b, commit, table } = await two(lib, { n: 1 }, { onConflict: "throw" });
    let allowed = 1;
    a.update(({ n }) => {
      if (allowed-- === 0) throw new RangeError("not this time");
      return { n: n + 1 };
    });
    await commit(b.set("n", 10));
    equal((await commit(a).catch((error) => error)).message, "not this time");
    allowed = 1;
    await commit(a);
    deepEqual(onlyRow(table).row, { n: 11 });
  });

  test("of what it gives a getter that throws is refused by its name", async (lib) => {
    const { a } = await two(lib, { n: 1 });
    const thrower = {
      get m() {
        throw new Error("no");
      },
    };
    throwsCode(
      () => a.set("k", 1).update(() => ({ n: 2, ...Object.create(null), k: thrower })),
      "ERR_UNSUPPORTED_VALUE",
      { path: "k.m" },
    );
    throwsCode(() => a.update(() => thrower), "ERR_UNSUPPORTED_VALUE", { path: "m" });
    deepEqual(a.data, { n: 1, k: 1 });
  });
});
