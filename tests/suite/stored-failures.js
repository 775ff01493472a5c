/** Engines that fail: nobody is let in by it, nothing is applied twice, and whoever operates it is told. */
import { cookiesOf } from "./client.js";
import { deepEqual, equal, group, ok, test } from "./harness.js";
import { isolates } from "./isolates.js";

const failed = (promise) =>
  promise.then(
    () => "done",
    (error) => error,
  );

/** A store that does what `how[method]` says, as long as it says anything. */
function moody(how) {
  return (store) => {
    const made = { guarantees: store.guarantees };
    for (const method of ["load", "commit", "destroy", "bySubject"]) {
      made[method] = async (...args) => {
        if (how[method] === "before") throw new Error("the engine is away");
        if (how[method] === "never") return new Promise(() => {});
        const answer = await store[method](...args);
        if (how[method] === "after") throw new Error("the answer is lost");
        return answer;
      };
    }
    return made;
  };
}

async function visited(lib, options) {
  const how = {};
  const world = isolates(lib, { store: moody(how), options });
  const here = world.isolate();
  await here.browser.visit((session) => session.set("n", 1));
  here.events.length = 0;
  return { ...world, ...here, how };
}

const types = (events) => events.map(({ type }) => type);

group("a store that fails", () => {
  test("no answer to a question is ERR_STORE with its cause, and the handler does not run", async (lib) => {
    const { browser, events, how } = await visited(lib);
    how.load = "before";
    let ran = false;
    const error = await failed(
      browser.visit(() => {
        ran = true;
      }),
    );
    deepEqual([error.code, error.cause.message, ran], ["ERR_STORE", "the engine is away", false]);
    deepEqual(types(events), ["store-error"]);
    equal(events[0].error, error);
    how.load = undefined;
    equal((await browser.visit((session) => session.get("n"))).result, 1);
  });

  test("a store that hangs is waited for no longer than storeTimeout", async (lib) => {
    const { browser, events, how } = await visited(lib, { storeTimeout: 0.01 });
    how.load = "never";
    equal((await failed(browser.visit(() => {}))).code, "ERR_STORE");
    deepEqual(types(events), ["store-error"]);
  });

  for (const [when, text] of [
    ["before", "before its effect"],
    ["after", "behind its effect"],
  ]) {
    test(`a commit that fails ${text} can be repeated, and is applied once`, async (lib) => {
      const { browser, manager, how } = await visited(lib);
      const session = await manager.open(browser.request());
      session.increment("n", 10);
      session.set("m", 1);
      how.commit = when;
      for (let i = 0; i < 3; i++) {
        equal((await failed(manager.commit(session, new Response("ok")))).code, "ERR_STORE");
      }
      how.commit = undefined;
      await manager.commit(session, new Response("ok"));
      deepEqual((await browser.visit((session) => session.data)).result, { n: 11, m: 1 });
    });

    test(`a new session whose commit fails ${text} is one session when it is repeated`, async (lib) => {
      const { manager, another = undefined, toy, how, isolate } = await visited(lib);
      ok(another === undefined, "no visitor is needed");
      const session = await manager.open(new Request("https://shop.test/"));
      session.increment("n");
      how.commit = when;
      equal((await failed(manager.commit(session, new Response("ok")))).code, "ERR_STORE");
      how.commit = undefined;
      const [cookie] = cookiesOf(await manager.commit(session, new Response("ok")));
      equal(toy.rows.size, 2);
      const other = isolate().browser;
      other.jar.set("__Host-sid", cookie.value);
      equal((await other.visit((session) => session.get("n"))).result, 1);
    });

    test(`a login whose commit fails ${text} is one login when it is repeated`, async (lib) => {
      const { browser, manager, how } = await visited(lib);
      const session = await manager.open(browser.request());
      session.login("ada");
      how.commit = when;
      equal((await failed(manager.commit(session, new Response("ok")))).code, "ERR_STORE");
      how.commit = undefined;
      const [cookie] = cookiesOf(await manager.commit(session, new Response("ok")));
      browser.jar.set("__Host-sid", cookie.value);
      deepEqual((await browser.visit((session) => [session.subject, session.get("n")])).result, ["ada", 1]);
      equal((await manager.list("ada")).length, 1);
    });
  }

  test("an end that fails is ERR_STORE, and here it is over all the same", async (lib) => {
    const { browser, manager, how } = await visited(lib, { maxStale: 60 });
    const session = await manager.open(browser.request());
    session.destroy();
    how.destroy = "before";
    equal((await failed(manager.commit(session, new Response("ok")))).code, "ERR_STORE");
    equal((await browser.visit((session) => session.isNew)).result, true);
    how.destroy = undefined;
    await manager.commit(session, new Response("ok"));
  });

  test("that a read can't be prolonged is told, and costs nobody their answer", async (lib) => {
    const { browser, events, how, time } = await visited(lib, { idle: 100 });
    time.advance(50_000);
    how.commit = "before";
    equal((await browser.visit((session) => session.get("n"))).result, 1);
    deepEqual(types(events), ["store-error"]);
  });

  test("garbage, a cut row and another's row are ERR_STORE and show nothing", async (lib) => {
    const { browser, events, toy, isolate } = await visited(lib);
    const [mine] = toy.rows.keys();
    const other = isolate();
    await other.browser.visit((session) => session.set("secret", "of somebody else"));
    const theirs = [...toy.rows.keys()].find((key) => key !== mine);
    const { bytes } = toy.rows.get(mine);
    const flipped = bytes.slice();
    flipped[flipped.length - 1] ^= 1;
    const bad = [
      new Uint8Array(0),
      bytes.slice(0, -1),
      bytes.slice(0, 24),
      flipped,
      toy.rows.get(theirs).bytes,
    ];
    for (const given of [...bad, new Uint8Array(500).fill(255), "text", null]) {
      toy.rows.get(mine).bytes = given === null ? { slice: () => null } : given;
      const error = await failed(browser.visit((session) => session.data));
      equal(error.code, "ERR_STORE");
      const told = `${error.message} ${error.cause?.message} ${JSON.stringify(error.details)}`;
      ok(!told.includes(mine) && !told.includes("somebody else"), "the error shows what it should not");
    }
    equal(
      types(events).every((type) => type === "store-error"),
      true,
    );
  });

  test("the package's own refusals are told as they are", async (lib) => {
    const { browser, events } = await visited(lib);
    await browser.visit((session) => session.set("text", "x"));
    const error = await failed(browser.visit((session) => session.increment("text")));
    equal(error.code, "ERR_NOT_A_NUMBER");
    deepEqual(types(events), []);
  });

  test("a logout everywhere whose others can't be listed is over itself, and may be tried again", async (lib) => {
    const { browser, manager, how, events, toy } = await visited(lib);
    await browser.visit((session) => session.login("ada"));
    const session = await manager.open(browser.request());
    session.logout({ everywhere: true });
    how.bySubject = "before";
    events.length = 0;
    equal((await failed(manager.commit(session, new Response("ok")))).code, "ERR_STORE");
    deepEqual(types(events), ["destroyed", "store-error"]);
    equal((await browser.visit((session) => session.isNew)).result, true);
    how.bySubject = undefined;
    await manager.commit(session, new Response("ok"));
    equal((await manager.list("ada")).length, 0);
    ok(toy.rows.size > 0, "nothing is known of the end");
  });

  test("what is no answer is ERR_STORE, and nobody's session is made of it", async (lib) => {
    const row = { data: new Uint8Array([0x70]), version: 1, createdAt: 0, touchedAt: 0, expiresAt: 9e15 };
    const bad = {
      load: [
        5,
        "row",
        {},
        [],
        { ended: true },
        { until: 9e15 },
        ...[null, [0], [], [255, 3, 3], [5]].map((data) => ({ ...row, data: data && new Uint8Array(data) })),
        { ...row, version: "1" },
        { ...row, expiresAt: Number.NaN },
        { ...row, subject: 5 },
      ],
      commit: [undefined, null, 5, "done", {}, { version: "2" }, { version: 2, row: { ...row, data: 5 } }],
      bySubject: [
        undefined,
        null,
        {},
        [null],
        [{ key: "k" }],
        [{ key: "k", row: { ...row, touchedAt: null } }],
      ],
    };
    const asked = {
      load: ({ browser }) => browser.visit(() => ok(false, "the handler ran")),
      commit: ({ browser }) => browser.visit((session) => session.set("n", 2)),
      bySubject: ({ manager }) => manager.list("ada"),
    };
    for (const [method, answers] of Object.entries(bad)) {
      for (const given of answers) {
        const how = {};
        const store = (real) => ({
          ...real,
          [method]: (...args) => (how.on ? given : real[method](...args)),
        });
        const here = isolates(lib, { store }).isolate();
        await here.browser.visit((session) => session.set("n", 1));
        here.events.length = 0;
        how.on = true;
        const error = await failed(asked[method](here));
        equal(error.code, "ERR_STORE");
        equal(error.cause?.message, `${method}() of the store gave what is no answer`);
        deepEqual(types(here.events), ["store-error"]);
      }
    }
  });

  test("a store that says nothing where it has nothing, and does not tell what it ended, is one", async (lib) => {
    const store = (real) => ({
      ...real,
      load: async (key) => (await real.load(key)) ?? undefined,
      destroy: async (key) => {
        await real.destroy(key, 0);
      },
    });
    const { isolate } = isolates(lib, { store });
    const { manager, browser, events } = isolate();
    await browser.visit((session) => session.login("ada"));
    await isolate().browser.visit((session) => session.login("ada"));
    events.length = 0;
    await browser.visit((session) => session.logout());
    deepEqual(types(events), ["destroyed"]);
    equal(await manager.revoke("ada"), 1);
    const stranger = await manager.open(
      new Request("https://shop.test/", { headers: { cookie: `__Host-sid=${"A".repeat(24)}` } }),
    );
    equal(stranger.isNew, true);
  });
});
