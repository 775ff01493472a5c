/** Neither ids nor data in errors, consoles, or what printing a session shows. */
import { client, site } from "./client.js";
import { equal, group, makeTable, ok, test } from "./harness.js";

const CANARY = "canary-4111-1111";

/** Everything that printing, serialising or walking an object can reach, as one string. */
function shown(value, seen = new Set()) {
  if (typeof value === "function") return "";
  if (typeof value !== "object" || value === null) return ` ${String(value)}`;
  if (seen.has(value)) return "";
  seen.add(value);
  let text = "";
  if (value instanceof Map || value instanceof Set) for (const part of value) text += shown(part, seen);
  for (const key of Reflect.ownKeys(value)) {
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    text += ` ${String(key)}${"value" in descriptor ? shown(descriptor.value, seen) : ""}`;
  }
  return text;
}

const printed = (value) =>
  [
    JSON.stringify(value),
    String(value),
    Object.keys(value).join(),
    JSON.stringify({ ...value }),
    typeof value.toJSON === "function" ? JSON.stringify(value.toJSON()) : "",
    shown(value),
  ].join("\n");

function caught(fn) {
  try {
    fn();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

/** All that an error tells whoever logs it. */
const told = (error) =>
  [
    error.message,
    error.stack,
    JSON.stringify(error),
    JSON.stringify(error.details),
    String(error.cause),
    shown(error),
  ].join("\n");

group("leaks", () => {
  test("printing or serialising a session shows neither id nor data", async (lib) => {
    const { browser, manager } = site(lib);
    await browser.visit((session) => session.set("card", CANARY));
    const cookie = browser.cookie;
    const states = {
      unread: (session) => session,
      read: (session) => session.get("card") && session,
      "read whole": (session) => session.data && session,
      written: (session) => session.set("card2", CANARY).set("card3", [CANARY]),
      destroyed: (session) => {
        session.destroy();
        return session;
      },
    };
    for (const [name, bring] of Object.entries(states)) {
      const session = bring(await manager.open(browser.request()));
      const text = printed(session);
      ok(!text.includes(CANARY), `${name}: data is shown`);
      ok(!text.includes(cookie), `${name}: the id is shown`);
    }
    let kept;
    await browser.visit((session) => {
      kept = session.set("card", `${CANARY}2`);
    });
    ok(!printed(kept).includes(CANARY), "committed: data is shown");
    ok(!printed(kept).includes(cookie), "committed: the id is shown");
  });

  test("printers that call getters are told nothing either", async (lib) => {
    const { browser, manager } = site(lib);
    await browser.visit((session) => session.set("card", CANARY).login(CANARY));
    const session = await manager.open(browser.request());
    session.get("card");
    const text = session[Symbol.for("nodejs.util.inspect.custom")]();
    equal(text, "Session {}");
    equal(Object.keys(Object.getOwnPropertyDescriptors(session)).length, 0, "own properties");
    equal(Object.keys(structuredClone(session)).length, 0, "fields of a clone");
  });

  test("printing a new session after its commit does not show its id", async (lib) => {
    const { browser } = site(lib);
    let kept;
    await browser.visit((session) => {
      kept = session.set("card", CANARY);
    });
    ok(!printed(kept).includes(browser.cookie), "the id is shown");
    ok(!printed(kept).includes(CANARY), "data is shown");
  });

  test("errors of a table hold neither key nor data", (lib) => {
    const t = makeTable(lib, { maxRowBytes: 1000 });
    const full = makeTable(lib, { maxBytes: 32_768, maxRowBytes: 1000, onFull: "refuse" });
    const key = `key-${CANARY}`;
    t.insert(key, { v: CANARY });
    const causes = {
      "bad key": () => t.lookup(`${key}\ud800`),
      "unsupported beside data": () => t.insert(key, { a: CANARY, fn: () => CANARY }),
      "unsupported symbol": () => t.insert(key, { s: Symbol(CANARY) }),
      "a getter's own error": () =>
        t.insert(key, {
          get v() {
            throw new Error(CANARY);
          },
        }),
      "too large": () => t.insert(key, { v: CANARY.repeat(100) }),
      "not a number": () => t.updateCounter(key, "v"),
      full: () => {
        for (let i = 0; i < 1000; i++) full.insert(`${key}${i}`, { text: CANARY.repeat(20) });
      },
    };
    for (const [name, cause] of Object.entries(causes))
      ok(!told(caught(cause)).includes(CANARY), `${name}: shown`);
  });

  test("errors of the store hold neither id nor data", (lib) => {
    const t = makeTable(lib, { maxRowBytes: 1000 });
    const config = lib.store.init({ table: t.name });
    const sid = lib.store.put(null, { v: CANARY }, config);
    const causes = {
      "too large": () => lib.store.put(sid, { v: CANARY.repeat(100) }, config),
      unsupported: () => lib.store.put(sid, { v: CANARY, f: () => {} }, config),
      "bad key": () => lib.store.get(`${sid}\ud800`, config),
      dropped: () => {
        t.drop();
        lib.store.get(sid, config);
      },
    };
    for (const [name, cause] of Object.entries(causes)) {
      const text = told(caught(cause));
      ok(!text.includes(CANARY) && !text.includes(sid), `${name}: shown`);
    }
  });

  test("errors of a session hold neither id nor data", async (lib) => {
    const { browser, manager } = site(lib, { limits: { maxRowBytes: 1000 } });
    await browser.visit((session) => session.set("card", CANARY));
    const errors = [];
    const late = await manager.open(browser.request());
    late.get("card");
    await manager.commit(late, new Response("ok"));
    errors.push(caught(() => late.set("card", CANARY)));
    const session = await manager.open(browser.request());
    errors.push(caught(() => session.set("v", { card: CANARY, fn: () => {} })));
    errors.push(caught(() => session.increment("card")));
    session.set("v", CANARY.repeat(100));
    try {
      await manager.commit(session, new Response("ok"));
    } catch (error) {
      errors.push(error);
    }
    equal(errors.length, 4);
    for (const error of errors) {
      ok(!told(error).includes(CANARY), `${error.code}: data is shown`);
      ok(!told(error).includes(browser.cookie), `${error.code}: the id is shown`);
    }
  });

  test("nothing is written to the console", async (lib) => {
    const methods = ["log", "info", "warn", "error", "debug", "trace"];
    const originals = methods.map((name) => console[name]);
    const lines = [];
    for (const name of methods) console[name] = (...parts) => lines.push(parts);
    try {
      const onEvent = () => {
        throw new Error("listener");
      };
      const { browser, manager } = site(lib, { onEvent });
      await browser.visit((session) => session.set("card", CANARY));
      const late = await manager.open(browser.request());
      late.get("card");
      await browser.visit((session) => session.renew());
      await browser.visit((session) => session.destroy());
      late.set("card", CANARY);
      await manager.commit(late, new Response("ok"));
      const stranger = client(manager);
      stranger.jar.set("__Host-sid", CANARY);
      await stranger.visit((session) => session.get("card"));
      caught(() => makeTable(lib).insert("k", { fn: () => {} }));
    } finally {
      for (const [i, name] of methods.entries()) console[name] = originals[i];
    }
    equal(lines.length, 0, "lines written");
  });

  test("printing a table shows neither keys nor data", (lib) => {
    const t = makeTable(lib);
    t.insert(`key-${CANARY}`, { v: CANARY });
    t.lookup(`key-${CANARY}`);
    ok(!printed(t).includes(CANARY));
  });
});
