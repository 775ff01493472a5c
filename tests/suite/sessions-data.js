/** Reading and writing a session's fields within one request, and what reaches the next. */
import { site } from "./client.js";
import { deepEqual, equal, group, ok, onlyRow, test, throwsCode } from "./harness.js";

/** Writes in one request, reads in the next. */
async function roundTrip(lib, write, read) {
  const { browser } = site(lib);
  await browser.visit(write);
  return (await browser.visit(read)).result;
}

export const withData = async (lib, data, options) => {
  const s = site(lib, options);
  await s.browser.visit((session) => {
    for (const key of Object.keys(data)) session.set(key, data[key]);
  });
  return s;
};

group("session data", () => {
  test("what is set is read back at once", async (lib) => {
    const { browser } = await withData(lib, { a: 1, b: 2 });
    await browser.visit((session) => {
      equal(session.set("a", 5), session);
      session.set("c", [1]);
      equal(session.get("a"), 5);
      deepEqual(session.get("c"), [1]);
      equal(session.has("c"), true);
      deepEqual(session.data, { a: 5, b: 2, c: [1] });
      deepEqual([...session.keys()].sort(), ["a", "b", "c"]);
    });
  });

  test("delete says whether the field was there, and it is gone at once and later", async (lib) => {
    const { browser } = await withData(lib, { a: 1, b: 2 });
    await browser.visit((session) => {
      equal(session.delete("a"), true);
      equal(session.delete("a"), false);
      equal(session.delete("never"), false);
      equal(session.get("a"), undefined);
      equal(session.has("a"), false);
      deepEqual([...session.keys()], ["b"]);
      deepEqual(session.data, { b: 2 });
    });
    deepEqual((await browser.visit((session) => session.data)).result, { b: 2 });
  });

  test("delete, then set: there; set, then delete: gone", async (lib) => {
    const { browser } = await withData(lib, { a: 1, b: 2 });
    await browser.visit((session) => {
      session.delete("a");
      session.set("a", 3);
      session.set("b", 4);
      session.delete("b");
    });
    deepEqual((await browser.visit((session) => session.data)).result, { a: 3 });
  });

  test("clear empties the session and keeps it and its id", async (lib) => {
    const { browser, table } = await withData(lib, { a: 1, b: 2 });
    const id = (await browser.visit((session) => session.id)).result;
    const { cookies } = await browser.visit((session) => {
      session.clear();
      deepEqual(session.data, {});
      equal(session.has("a"), false);
    });
    equal(cookies.length, 0);
    deepEqual(onlyRow(table).row, {});
    deepEqual((await browser.visit((session) => [session.id, session.isNew, session.data])).result, [
      id,
      false,
      {},
    ]);
  });

  test("what is set after clear stays, what was set before goes", async (lib) => {
    const { browser } = await withData(lib, { a: 1 });
    await browser.visit((session) => {
      session.set("b", 2);
      session.clear();
      session.set("c", 3);
      deepEqual(session.data, { c: 3 });
    });
    deepEqual((await browser.visit((session) => session.data)).result, { c: 3 });
  });

  test("increment counts from 0 or from what is there, and gives the new value", async (lib) => {
    const { browser } = await withData(lib, { n: 5 });
    await browser.visit((session) => {
      equal(session.increment("n"), 6);
      equal(session.increment("n", 10), 16);
      equal(session.increment("m", -2), -2);
      equal(session.get("n"), 16);
      equal(session.get("m"), -2);
    });
    deepEqual((await browser.visit((session) => session.data)).result, { n: 16, m: -2 });
  });

  test("increment alone makes a session", async (lib) => {
    equal(
      await roundTrip(
        lib,
        (session) => session.increment("views"),
        (session) => session.get("views"),
      ),
      1,
    );
  });

  test("set, then increment, and increment, then set", async (lib) => {
    const { browser } = await withData(lib, { a: 1, b: 1 });
    await browser.visit((session) => {
      session.set("a", 10).increment("a", 5);
      session.increment("b", 5);
      session.set("b", 10);
    });
    deepEqual((await browser.visit((session) => session.data)).result, { a: 15, b: 10 });
  });

  test("increment of what is no number is ERR_NOT_A_NUMBER and changes nothing", async (lib) => {
    const { browser } = await withData(lib, { s: "5", l: [1] });
    await browser.visit((session) => {
      throwsCode(() => session.increment("s"), "ERR_NOT_A_NUMBER");
      throwsCode(() => session.increment("l"), "ERR_NOT_A_NUMBER");
    });
    deepEqual((await browser.visit((session) => session.data)).result, { s: "5", l: [1] });
  });

  test("update merges what the function makes of the data", async (lib) => {
    const { browser } = await withData(lib, { a: 1, b: { c: 1 } });
    await browser.visit((session) => {
      const result = session.update((data) => {
        deepEqual(data, { a: 1, b: { c: 1 } });
        return { a: data.a + 1, d: "new" };
      });
      equal(result, session);
      equal(session.get("a"), 2);
    });
    deepEqual((await browser.visit((session) => session.data)).result, { a: 2, b: { c: 1 }, d: "new" });
  });

  test("update sees what was set before in this request", async (lib) => {
    const { browser } = await withData(lib, { a: 1 });
    await browser.visit((session) => session.set("a", 10).update((data) => ({ a: data.a + 1 })));
    equal((await browser.visit((session) => session.get("a"))).result, 11);
  });

  test("keys() gives an iterator of its own", async (lib) => {
    const { browser } = await withData(lib, { a: 1, b: 2 });
    await browser.visit((session) => {
      const keys = session.keys();
      equal(typeof keys.next, "function");
      equal(typeof keys[Symbol.iterator], "function");
      for (const key of session.keys()) session.delete(key);
      deepEqual(session.data, {});
      ok(![...session.keys()].length);
    });
  });
});
