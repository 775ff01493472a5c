/** The life of a session over requests: made when something changes, found again, never adopted. */
import { client, site } from "./client.js";
import { request } from "./env.js";
import { allRows, deepEqual, equal, fail, group, ok, onlyRow, T0, test } from "./harness.js";

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
