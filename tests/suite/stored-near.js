/** The near tier: what a store said is served again only as long as it was told to, and never against later news. */
import { client } from "./client.js";
import { deepEqual, equal, group, ok, test } from "./harness.js";
import { isolates } from "./isolates.js";

const n = (visitor) => visitor.visit((session) => session.get("n"));

group("near tier", () => {
  test("a request that reads asks once, one that writes once more", async (lib) => {
    const { isolate, calls } = isolates(lib);
    const { browser } = isolate();
    await browser.visit((session) => session.set("n", 1));
    deepEqual(calls.splice(0), ["commit"]);
    await n(browser);
    deepEqual(calls.splice(0), ["load"]);
    await browser.visit((session) => session.increment("n"));
    deepEqual(calls, ["load", "commit"]);
  });

  test("within maxStale nobody is asked, at its end again", async (lib) => {
    const { isolate, calls, time } = isolates(lib, { options: { maxStale: 10 } });
    const { browser } = isolate();
    await browser.visit((session) => session.set("n", 1));
    calls.length = 0;
    time.advance(10_000);
    equal((await n(browser)).result, 1);
    deepEqual(calls, []);
    time.advance(1);
    equal((await n(browser)).result, 1);
    deepEqual(calls, ["load"]);
  });

  test("what another isolate wrote is seen within maxStale, and never taken back", async (lib) => {
    const { isolate, moved, time } = isolates(lib, { options: { maxStale: 10 } });
    const [here, there] = [isolate(), isolate()];
    await here.browser.visit((session) => session.set("n", 1));
    const visitor = moved(here.browser, there);
    await visitor.visit((session) => session.increment("n"));
    equal((await n(here.browser)).result, 1, "asked, though told not to");
    await here.browser.visit((session) => session.increment("n"));
    equal((await n(here.browser)).result, 3);
    time.advance(10_001);
    equal((await n(visitor)).result, 3);
  });

  test("several requests at once ask once", async (lib) => {
    const { isolate, calls } = isolates(lib);
    const { browser, manager } = isolate();
    await browser.visit((session) => session.set("n", 1));
    calls.length = 0;
    const opened = await Promise.all(Array.from({ length: 5 }, () => manager.open(browser.request())));
    deepEqual(calls, ["load"]);
    deepEqual(
      opened.map((session) => session.get("n")),
      [1, 1, 1, 1, 1],
    );
  });

  test("what was asked before another isolate was told of its write is not shared, within one tick either", async (lib) => {
    let hold;
    let begun;
    const asked = new Promise((resolve) => {
      begun = resolve;
    });
    const slow = (store) => ({
      ...store,
      async load(key) {
        const held = hold;
        hold = undefined;
        if (held !== undefined) begun();
        const row = await store.load(key);
        await held;
        return row;
      },
    });
    const { isolate, moved } = isolates(lib, { store: slow });
    const [here, there] = [isolate(), isolate()];
    await here.browser.visit((session) => session.set("n", 1));
    const visitor = moved(here.browser, there);
    let release;
    hold = new Promise((resolve) => {
      release = resolve;
    });
    const early = there.manager.open(visitor.request());
    await asked;
    // Another turn.
    await new Promise((resolve) => setTimeout(resolve));
    await here.browser.visit((session) => session.set("n", 2));
    const late = there.manager.open(visitor.request());
    release();
    equal((await late).get("n"), 2);
    await early;
  });

  test("an answer that is slow does not replace what was stored meanwhile", async (lib) => {
    let hold;
    const slow = (store) => ({
      ...store,
      async load(key) {
        const row = await store.load(key);
        if (hold !== undefined) await hold;
        return row;
      },
    });
    const { isolate } = isolates(lib, { store: slow, options: { maxStale: 60 } });
    const { browser, manager, table } = isolate();
    await browser.visit((session) => session.set("n", 1));
    table.clear();
    let release;
    hold = new Promise((resolve) => {
      release = resolve;
    });
    const asking = manager.open(browser.request());
    const first = await new Promise((resolve) => setTimeout(resolve)).then(() => table.size);
    equal(first, 0, "it was not slow");
    release();
    const late = await asking;
    hold = undefined;
    await browser.visit((session) => session.set("n", 2));
    equal(late.get("n"), 1);
    equal((await n(browser)).result, 2);
  });

  test("an end is honoured here at once, elsewhere within maxStale", async (lib) => {
    const { isolate, moved, time } = isolates(lib, { options: { maxStale: 10 } });
    const [here, there] = [isolate(), isolate()];
    await here.browser.visit((session) => session.login("ada"));
    const visitor = moved(here.browser, there);
    equal((await visitor.visit((session) => session.subject)).result, "ada");
    const old = moved(here.browser, here);
    equal(await here.manager.revoke("ada"), 1);
    equal((await old.visit((session) => session.isNew)).result, true);
    equal((await visitor.visit((session) => session.subject)).result, "ada", "asked, though told not to");
    time.advance(10_001);
    equal((await visitor.visit((session) => session.subject)).result, undefined);
  });

  test("with secrets forged ids never reach the engine, and what is unknown is asked for once", async (lib) => {
    const options = { secrets: "a secret of thirty-two characters", maxStale: 10 };
    const { isolate, calls, toy, time } = isolates(lib, { options });
    const { browser } = isolate();
    await browser.visit((session) => session.set("n", 1));
    const { cookie } = browser;
    calls.length = 0;
    browser.jar.set("__Host-sid", "A".repeat(48));
    await n(browser);
    deepEqual(calls, []);
    toy.rows.clear();
    time.advance(10_001);
    browser.jar.set("__Host-sid", cookie);
    for (let i = 0; i < 3; i++) equal((await n(browser)).result, undefined);
    deepEqual(calls, ["load"]);
  });

  test("without secrets an unknown id is asked for each time, and fills no memory", async (lib) => {
    const { isolate, calls } = isolates(lib, { options: { maxStale: 10 } });
    const { browser, table } = isolate();
    browser.jar.set("__Host-sid", "A".repeat(24));
    for (let i = 0; i < 3; i++) await n(browser);
    deepEqual(calls, ["load", "load", "load"]);
    equal(table.size, 0);
  });

  test("a row that does not fit the tier is asked for", async (lib) => {
    const { isolate, calls } = isolates(lib, { options: { maxStale: 60 } });
    const { browser, table } = isolate();
    const long = "x".repeat(70_000);
    await browser.visit((session) => session.set("long", long));
    calls.length = 0;
    ok((await browser.visit((session) => session.get("long"))).result === long, "not what was stored");
    deepEqual(calls, ["load"]);
    equal(table.size, 0);
  });

  /** Lets what is under way go on: a microtask alone would keep others from it. */
  const turn = () => new Promise((resolve) => setTimeout(resolve));

  async function until(waiting, count) {
    for (let i = 0; i < 100 && waiting.length < count; i++) await turn();
    equal(waiting.length, count, "questions under way");
  }

  /** Loads that are answered with what was there when they were asked, when they are told to. */
  function slow() {
    const waiting = [];
    return {
      waiting,
      store: (store) => ({
        ...store,
        async load(key) {
          const answer = await store.load(key);
          await new Promise((resolve) => waiting.push(resolve));
          return answer;
        },
      }),
    };
  }

  const silent = (store) => ({
    ...store,
    commit: async (...args) => ({ version: (await store.commit(...args)).version }),
  });
  for (const [name, kept, options] of [
    ["", (store) => store, {}],
    [", within maxStale of a store that does not answer with the row", silent, { maxStale: 60 }],
  ]) {
    test(`who asks behind an acknowledged write is not told what was asked before it${name}`, async (lib) => {
      const { waiting, store } = slow();
      const { browser, manager } = isolates(lib, { store: (given) => store(kept(given)), options }).isolate();
      await browser.visit((session) => session.set("n", 1));
      const writer = manager.open(browser.request());
      await until(waiting, 1);
      waiting.shift()();
      const session = await writer;
      // What is remembered would be served.
      manager.table.clear();
      const early = manager.open(browser.request());
      await until(waiting, 1);
      session.set("n", 2);
      await manager.commit(session, new Response("ok"));
      const late = manager.open(browser.request());
      await until(waiting, 2);
      for (const answer of waiting) answer();
      deepEqual([(await early).get("n"), (await late).get("n")], [1, 2]);
    });
  }

  test("a renewed id leads on where it was renewed, and nobody is asked before the commit", async (lib) => {
    const { isolate, calls } = isolates(lib, { options: { maxStale: 60 } });
    const here = isolate();
    await here.browser.visit((session) => session.set("n", 1));
    const old = here.browser.cookie;
    await here.browser.visit((session) => session.renew());
    const straggler = client(here.manager);
    straggler.jar.set("__Host-sid", old);
    calls.length = 0;
    equal((await straggler.visit((session) => [session.get("n"), calls.length])).result.join(), "1,0");
    equal(straggler.cookie, here.browser.cookie);
    // Before the new cookie goes out.
    deepEqual(calls, ["load"]);
  });

  test("a question is shared by those who ask in time for it", async (lib) => {
    for (const [maxStale, loads] of [
      [0, 2],
      [1, 1],
    ]) {
      const { waiting, store } = slow();
      const { isolate, calls, time } = isolates(lib, { store, options: { maxStale } });
      const { browser, manager } = isolate();
      await browser.visit((session) => session.set("n", 1));
      time.advance(5000);
      calls.length = 0;
      const asked = [manager.open(browser.request()), manager.open(browser.request())];
      await until(waiting, 1);
      time.advance(500);
      asked.push(manager.open(browser.request()));
      await until(waiting, loads);
      for (const answer of waiting) answer();
      deepEqual(
        (await Promise.all(asked)).map((session) => session.get("n")),
        [1, 1, 1],
      );
      equal(calls.length, loads, `loads with maxStale ${maxStale}`);
    }
  });
});
