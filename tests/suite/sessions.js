/** The life of a session over requests: made when something changes, found again, never adopted. */
import { client, site } from "./client.js";
import { request } from "./env.js";
import { deepEqual, equal, fail, group, ok, onlyRow, T0, test } from "./harness.js";

const ORIGIN = "https://shop.test";

group("sessions", () => {
  test("the handler gets request, session, env and context, and its response comes back", async (lib) => {
    const { manager } = site(lib);
    const given = [request(`${ORIGIN}/cart?x=1`), { env: 1 }, { ctx: 1 }];
    let got;
    const app = manager.handle((req, session, env, ctx) => {
      got = [req, env, ctx, typeof session.get];
      return new Response("made", { status: 201, statusText: "Made", headers: { "x-app": "yes" } });
    });
    const response = await app(...given);
    equal(got[0], given[0]);
    equal(got[1], given[1]);
    equal(got[2], given[2]);
    equal(got[3], "function");
    equal(response.status, 201);
    equal(response.statusText, "Made");
    equal(response.headers.get("x-app"), "yes");
    equal(await response.text(), "made");
  });

  test("a handler may be synchronous or not", async (lib) => {
    const { manager } = site(lib);
    const sync = manager.handle(() => new Response("a"));
    const async = manager.handle(() => Promise.resolve(new Response("b")));
    equal(await (await sync(request(ORIGIN))).text(), "a");
    equal(await (await async(request(ORIGIN))).text(), "b");
  });

  test("a session that nobody asks for costs nothing", async (lib) => {
    const { browser, table } = site(lib);
    const { response, cookies } = await browser.visit(() => {});
    equal(cookies.length, 0);
    equal(table.count(), 0);
    for (const name of ["vary", "cache-control"]) equal(response.headers.get(name), null);
  });

  test("reading stores nothing and sends no cookie", async (lib) => {
    const { browser, table } = site(lib);
    const { cookies } = await browser.visit((session) => {
      equal(session.get("n"), undefined);
      equal(session.get("n", 5), 5);
      equal(session.has("n"), false);
      deepEqual(session.data, {});
      deepEqual([...session.keys()], []);
      equal(session.isNew, true);
    });
    equal(cookies.length, 0);
    equal(table.count(), 0);
  });

  test("a first write stores a row and sends a cookie; the next request finds it", async (lib) => {
    const { browser, table } = site(lib);
    const { cookies } = await browser.visit((session) => session.set("n", 1));
    equal(cookies.length, 1);
    deepEqual(onlyRow(table).row, { n: 1 });
    const { result } = await browser.visit((session) => [session.get("n"), session.isNew]);
    deepEqual(result, [1, false]);
    equal(table.count(), 1);
  });

  test("what did not change is not written: no cookie, same version", async (lib) => {
    const { browser, table } = site(lib);
    await browser.visit((session) => session.set("n", 1).set("list", [1, { a: 1 }]));
    const { version } = onlyRow(table).meta;
    const { cookies } = await browser.visit((session) => {
      session.get("n");
      session.delete("absent");
      session.set("n", 1).set("list", [1, { a: 1 }]);
      session.update((data) => ({ n: data.n }));
    });
    equal(cookies.length, 0);
    equal(onlyRow(table).meta.version, version);
  });

  test("looking at a session refreshes its row, as fetching does in Plug", async (lib) => {
    const { browser, table, time } = site(lib);
    await browser.visit((session) => session.set("n", 1));
    time.advance(5000);
    await browser.visit((session) => session.get("n"));
    equal(onlyRow(table).meta.touchedAt, T0 + 5000);
    equal(onlyRow(table).meta.createdAt, T0);
  });

  test("clearing or deleting in an empty new session is no change", async (lib) => {
    const { browser, table } = site(lib);
    const { cookies } = await browser.visit((session) => {
      session.clear();
      equal(session.delete("n"), false);
    });
    equal(cookies.length, 0);
    equal(table.count(), 0);
  });

  test("a write changes the row and keeps the id; no cookie is needed", async (lib) => {
    const { browser, table } = site(lib);
    await browser.visit((session) => session.set("n", 1));
    const cookie = browser.cookie;
    const { cookies } = await browser.visit((session) => session.set("n", 2).set("m", 1));
    equal(cookies.length, 0);
    equal(browser.cookie, cookie);
    deepEqual(onlyRow(table).row, { n: 2, m: 1 });
  });

  test("visitors do not see each other", async (lib) => {
    const { browser, another, table } = site(lib);
    const other = another();
    await browser.visit((session) => session.set("who", "ada"));
    await other.visit((session) => session.set("who", "bob"));
    equal((await browser.visit((session) => session.get("who"))).result, "ada");
    equal((await other.visit((session) => session.get("who"))).result, "bob");
    ok(browser.cookie !== other.cookie);
    equal(table.count(), 2);
  });

  test("createdAt and expiresAt are the row's, and undefined for a new session", async (lib) => {
    const { browser, time } = site(lib);
    const times = (session) => [session.createdAt, session.expiresAt, session.subject];
    deepEqual((await browser.visit(times)).result, [undefined, undefined, undefined]);
    await browser.visit((session) => session.set("n", 1));
    time.advance(60_000);
    deepEqual((await browser.visit(times)).result, [T0, T0 + 60_000 + 1_800_000, undefined]);
  });

  test("open and commit do by hand what handle does", async (lib) => {
    const { manager, browser, table } = site(lib);
    const session = await manager.open(browser.request());
    equal(session.get("n"), undefined);
    session.set("n", 1);
    equal(table.count(), 0);
    const response = await manager.commit(session, new Response("body", { status: 202 }));
    equal(response.status, 202);
    equal(await response.text(), "body");
    deepEqual(onlyRow(table).row, { n: 1 });
    const line = response.headers.getSetCookie()[0];
    const cookie = line.slice(0, line.indexOf(";"));
    equal((await manager.open(request(ORIGIN, { cookie }))).get("n"), 1);
  });

  test("a session opened and never committed leaves nothing behind", async (lib) => {
    const { manager, browser, table } = site(lib);
    (await manager.open(browser.request())).set("n", 1);
    equal(table.count(), 0);
    await browser.visit((session) => session.set("n", 1));
    const session = await manager.open(browser.request());
    session.set("n", 2).delete("m");
    deepEqual(onlyRow(table).row, { n: 1 });
  });

  test("skip: an empty, ignored session and no look-up", async (lib) => {
    const skip = (req) => req.headers.get("x-asset") === "yes";
    const { browser, table, time } = site(lib, { skip });
    await browser.visit((session) => session.set("n", 1));
    const before = onlyRow(table).meta;
    const { hits, misses } = table.info();
    time.advance(5000);
    const { cookies, result } = await browser.visit(
      (session) => {
        const seen = [session.get("n"), session.isNew, session.id, session.has("n")];
        session.set("n", 2);
        return seen;
      },
      { headers: { "x-asset": "yes" } },
    );
    deepEqual(result, [undefined, true, undefined, false]);
    equal(cookies.length, 0);
    deepEqual(onlyRow(table).meta, before);
    deepEqual([table.info().hits, table.info().misses], [hits, misses]);
    equal((await browser.visit((session) => session.get("n"))).result, 1);
  });

  test("skip: nothing that is decided in such a request is carried out", async (lib) => {
    for (const act of [
      (session) => session.set("n", 2).renew(),
      (session) => session.login("ada"),
      (session) => session.destroy(),
      (session) => session.logout({ everywhere: true }),
    ]) {
      const { browser, table, manager } = site(lib, { skip: (req) => req.headers.get("x-asset") === "yes" });
      await browser.visit((session) => session.set("n", 1));
      const { cookies } = await browser.visit(act, { headers: { "x-asset": "yes" } });
      equal(cookies.length, 0);
      deepEqual(onlyRow(table).row, { n: 1 });
      equal((await manager.list("ada")).length, 0);
      equal((await browser.visit((session) => session.get("n"))).result, 1);
    }
  });

  test("two handlers of one sessions() share its sessions", async (lib) => {
    const { manager } = site(lib);
    const [a, b] = [client(manager), client(manager)];
    await a.visit((session) => session.set("n", 1));
    for (const [name, value] of a.jar) b.jar.set(name, value);
    equal((await b.visit((session) => session.get("n"))).result, 1);
  });

  test("neither clock nor random numbers are asked for by sessions()", (lib) => {
    const draw = Object.getOwnPropertyDescriptor(crypto, "getRandomValues");
    const refuse = () => fail("random numbers were drawn");
    Object.defineProperty(crypto, "getRandomValues", { configurable: true, value: refuse });
    try {
      site(lib, { now: () => fail("the clock was asked") });
    } finally {
      delete crypto.getRandomValues;
      if (draw !== undefined) Object.defineProperty(crypto, "getRandomValues", draw);
    }
  });
});
