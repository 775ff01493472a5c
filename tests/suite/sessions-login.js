/** login and logout: a new id at once, a subject, and nothing carried across the border by accident. */
import { client, cookiesOf, isDeletion, site } from "./client.js";
import { deepEqual, equal, group, ok, onlyRow, rejectsCode, T0, test, throwsCode } from "./harness.js";

async function anonymous(lib, options) {
  const s = site(lib, options);
  await s.browser.visit((session) => session.set("cart", ["sku-1"]));
  const old = s.browser.cookie;
  const replay = async (cookie = old) => {
    const thief = s.another();
    thief.jar.set("__Host-sid", cookie);
    return (await thief.visit((session) => [session.isNew, session.subject, session.data])).result;
  };
  return { ...s, old, replay };
}

const NONE = [true, undefined, {}];

group("login", () => {
  test("login gives a new id, binds the subject and keeps the data", async (lib) => {
    const { browser, old, table } = await anonymous(lib);
    const { cookies } = await browser.visit((session) => session.login("user-1"));
    equal(cookies.length, 1);
    ok(browser.cookie !== old, "the id is still the old one");
    const { result } = await browser.visit((session) => [session.subject, session.get("cart")]);
    deepEqual(result, ["user-1", ["sku-1"]]);
    equal(table.count(), 1);
    equal(onlyRow(table).meta.subject, "user-1");
  });

  test("the old id is dead at once, whatever the grace", async (lib) => {
    for (const renewGrace of [undefined, "1h", 0]) {
      const { browser, replay } = await anonymous(lib, { renewGrace });
      await browser.visit((session) => session.login("user-1"));
      deepEqual(await replay(), NONE);
    }
  });

  test("ids of renewals before the login die with it, grace or not", async (lib) => {
    const { browser, old, replay } = await anonymous(lib, { renewGrace: "1h" });
    await browser.visit((session) => session.renew());
    const middle = browser.cookie;
    await browser.visit((session) => session.login("user-1"));
    deepEqual(await replay(old), NONE);
    deepEqual(await replay(middle), NONE);
  });

  test("login of a visitor without a session makes one", async (lib) => {
    const { browser, table } = site(lib);
    const { cookies } = await browser.visit((session) => session.login("user-1"));
    equal(cookies.length, 1);
    equal(onlyRow(table).meta.subject, "user-1");
    equal((await browser.visit((session) => session.subject)).result, "user-1");
  });

  test("what is set in the same request is stored with the login", async (lib) => {
    const { browser } = await anonymous(lib);
    await browser.visit((session) => {
      session.set("before", 1);
      session.login("user-1");
      session.set("after", 2);
    });
    const { result } = await browser.visit((session) => [session.subject, session.data]);
    deepEqual(result, ["user-1", { cart: ["sku-1"], before: 1, after: 2 }]);
  });

  test("subject is readable in the request that logs in", async (lib) => {
    const { browser } = await anonymous(lib);
    equal(
      (
        await browser.visit((session) => {
          session.login("user-1");
          return session.subject;
        })
      ).result,
      "user-1",
    );
  });

  test("a look at the subject makes the response private", async (lib) => {
    const { browser } = site(lib);
    const { response } = await browser.visit((session) => session.subject);
    equal(response.headers.get("vary")?.toLowerCase(), "cookie");
    equal(response.headers.get("cache-control"), "private");
  });

  test("login keeps createdAt: the absolute life goes on", async (lib) => {
    const { browser, time } = await anonymous(lib);
    time.advance(60_000);
    await browser.visit((session) => session.login("user-1"));
    equal((await browser.visit((session) => session.createdAt)).result, T0);
  });

  test("login as another subject replaces the first", async (lib) => {
    const { browser, manager } = await anonymous(lib);
    await browser.visit((session) => session.login("user-1"));
    await browser.visit((session) => session.login("user-2"));
    equal((await browser.visit((session) => session.subject)).result, "user-2");
    equal((await manager.list("user-1")).length, 0);
    equal((await manager.list("user-2")).length, 1);
  });

  test("a 5xx logs nobody in; a handler that throws neither", async (lib) => {
    const { browser, old } = await anonymous(lib);
    const { cookies } = await browser.visit((session) => {
      session.login("user-1");
      return new Response(null, { status: 500 });
    });
    equal(cookies.length, 0);
    equal(browser.cookie, old);
    equal((await browser.visit((session) => session.subject)).result, undefined);
  });

  test('a write opened before a login and committed after it is dropped with "gone"', async (lib) => {
    const { browser, manager, events, table } = await anonymous(lib);
    const late = await manager.open(browser.request());
    const { id } = late;
    late.set("cart", ["planted"]);
    await browser.visit((session) => session.login("user-1"));
    events.length = 0;
    equal(cookiesOf(await manager.commit(late, new Response("ok"))).length, 0);
    deepEqual(events, [{ type: "gone", id }]);
    deepEqual(onlyRow(table).row, { cart: ["sku-1"] });
  });

  test("two logins at once from one anonymous session: the second is a fresh session with its own writes", async (lib) => {
    const { browser, manager, another, table } = await anonymous(lib);
    const [a, b] = [await manager.open(browser.request()), await manager.open(browser.request())];
    a.get("cart");
    b.get("cart");
    a.set("a", 1);
    a.login("user-1");
    b.set("b", 1);
    b.login("user-2");
    const [ca] = cookiesOf(await manager.commit(a, new Response("ok")));
    const [cb] = cookiesOf(await manager.commit(b, new Response("ok")));
    ok(ca.value !== cb.value, "two logins got one id");
    equal(table.count(), 2);
    const seen = async (cookie) => {
      const visitor = another();
      visitor.jar.set("__Host-sid", cookie.value);
      return (await visitor.visit((session) => [session.subject, session.data])).result;
    };
    deepEqual(await seen(ca), ["user-1", { cart: ["sku-1"], a: 1 }]);
    deepEqual(await seen(cb), ["user-2", { b: 1 }]);
  });

  test("what the second of two logins sets is stored, be it what the row had", async (lib) => {
    const { browser, manager, another } = await anonymous(lib);
    const [a, b] = [await manager.open(browser.request()), await manager.open(browser.request())];
    a.login("user-1");
    b.set("cart", ["sku-1"]).login("user-2");
    await manager.commit(a, new Response("ok"));
    const [cookie] = cookiesOf(await manager.commit(b, new Response("ok")));
    const visitor = another();
    visitor.jar.set("__Host-sid", cookie.value);
    deepEqual((await visitor.visit((session) => session.data)).result, { cart: ["sku-1"] });
  });

  test("a logout everywhere of a session that was ended meanwhile ends nothing more", async (lib) => {
    const { browser, manager, another } = await anonymous(lib);
    for (const visitor of [browser, another()]) await visitor.visit((session) => session.login("user-1"));
    const late = await manager.open(browser.request());
    await browser.visit((session) => session.destroy());
    late.logout({ everywhere: true });
    await manager.commit(late, new Response("ok"));
    equal((await manager.list("user-1")).length, 1);
  });

  test("what a login whose session is not its own any more wrote is all in the fresh one", async (lib) => {
    const { browser, manager } = await anonymous(lib);
    await browser.visit((session) => session.set("n", 5));
    const late = await manager.open(browser.request());
    late.set("n", 1).increment("n");
    late.set("m", 1).set("m", 2);
    late.login("user-1");
    await browser.visit((session) => session.login("user-2"));
    const response = await manager.commit(late, new Response("ok"));
    const visitor = client(manager);
    for (const { name, value } of cookiesOf(response)) visitor.jar.set(name, value);
    deepEqual((await visitor.visit((session) => session.data)).result, { n: 2, m: 2 });
  });

  test('a login whose session was ended meanwhile is "gone", as every commit is', async (lib) => {
    const ends = [(s) => s.browser.visit((session) => session.logout()), (s) => s.manager.revoke("user-0")];
    for (const end of ends) {
      const s = await anonymous(lib);
      await s.browser.visit((session) => session.login("user-0"));
      const late = await s.manager.open(s.browser.request());
      late.login("user-1");
      await end(s);
      s.events.length = 0;
      equal(cookiesOf(await s.manager.commit(late, new Response("ok"))).length, 0);
      deepEqual(
        s.events.map(({ type }) => type),
        ["gone"],
      );
      equal(s.table.count(), 0);
    }
  });

  test("a logout everywhere behind another request's logout ends the others, once it was told whose it is", async (lib) => {
    const { browser, manager, another } = await anonymous(lib);
    for (const visitor of [browser, another()]) await visitor.visit((session) => session.login("user-1"));
    const late = await manager.open(browser.request());
    equal(late.subject, "user-1");
    await browser.visit((session) => session.logout());
    late.logout({ everywhere: true });
    await manager.commit(late, new Response("ok"));
    equal((await manager.list("user-1")).length, 0);
  });

  test("a logout before a login is carried out where the response failed, everywhere included", async (lib) => {
    for (const everywhere of [false, true]) {
      const { browser, manager, another } = await anonymous(lib);
      for (const visitor of [browser, another()]) await visitor.visit((session) => session.login("user-1"));
      await browser.visit((session) => {
        session.logout({ everywhere });
        session.login("user-3");
        session.login("user-2");
        return new Response("failed", { status: 500 });
      });
      equal((await manager.list("user-1")).length, everywhere ? 0 : 1);
      equal((await manager.list("user-2")).length, 0);
      equal(browser.jar.size, 0);
    }
  });

  test("a logout and a login that are ignored in the end end nothing, whatever the response", async (lib) => {
    const { browser, manager } = await anonymous(lib);
    await browser.visit((session) => session.login("user-1"));
    await browser.visit((session) => {
      session.logout();
      session.login("user-2");
      session.ignore();
      return new Response("failed", { status: 500 });
    });
    equal((await manager.list("user-1")).length, 1);
  });

  test("keep is a list of names, and nothing else", async (lib) => {
    const { browser } = await anonymous(lib);
    await browser.visit((session) => {
      for (const keep of ["cart", 5, null, new Set(["cart"])]) {
        throwsCode(() => session.login("ada", {}, { keep }), "ERR_BAD_OPTION", { option: "keep" });
      }
      equal(session.subject, undefined);
    });
  });

  test("log out everywhere reaches all from a request that took longer than a renewal's grace", async (lib) => {
    const { browser, manager, another, time, table } = await anonymous(lib);
    await browser.visit((session) => session.login("user-1"));
    await another().visit((session) => session.login("user-1"));
    const late = await manager.open(browser.request());
    await browser.visit((session) => session.renew());
    time.advance(60_000);
    late.logout({ everywhere: true });
    await manager.commit(late, new Response("ok"));
    equal(table.count(), 0);
  });

  test("keep: the session starts with these fields and what is set afterwards", async (lib) => {
    const { browser, table } = site(lib);
    await browser.visit((session) => session.set("cart", ["sku-1"]).set("draft", 1).set("theme", "dark"));
    const { result } = await browser.visit((session) => {
      session.set("before", 1).set("theme", "light").increment("draft");
      session.login("user-1", undefined, { keep: ["cart", "theme"] });
      session.set("after", 1);
      return session.data;
    });
    const expected = { cart: ["sku-1"], theme: "light", after: 1 };
    deepEqual(result, expected);
    deepEqual(onlyRow(table).row, expected);
  });

  test("keep: what another request planted meanwhile is not kept, what it wrote to a kept field is", async (lib) => {
    const { browser, manager, table } = site(lib);
    await browser.visit((session) => session.set("views", 1));
    const login = await manager.open(browser.request());
    login.login("user-1", undefined, { keep: ["views"] });
    login.increment("views", 10);
    login.increment("fresh");
    await browser.visit((session) => session.set("admin", true).set("views", 2).set("fresh", 100));
    await manager.commit(login, new Response("ok"));
    deepEqual(onlyRow(table).row, { views: 12, fresh: 1 });
  });

  test("keep: nothing, and of a visitor without a session", async (lib) => {
    const { browser, table } = await anonymous(lib);
    await browser.visit((session) => session.login("user-1", undefined, { keep: [] }));
    deepEqual(onlyRow(table).row, {});
    const fresh = site(lib);
    await fresh.browser.visit((session) => {
      session.set("a", 1).set("b", 2);
      session.login("user-1", undefined, { keep: ["b"] });
    });
    deepEqual(onlyRow(fresh.table).row, { b: 2 });
  });

  test("subjects are strings of 1 to 255 bytes, meta a plain object that can be stored", async (lib) => {
    const { browser, table, manager } = await anonymous(lib);
    await browser.visit((session) => {
      for (const subject of [
        "",
        5,
        null,
        undefined,
        {},
        ["a"],
        "a\ud800",
        "x".repeat(256),
        "é".repeat(128),
      ]) {
        throwsCode(() => session.login(subject), "ERR_BAD_OPTION", { option: "subject" });
      }
      for (const meta of [5, "x", null, [1], new Map(), new Date()]) {
        throwsCode(() => session.login("user-1", meta), "ERR_BAD_OPTION", { option: "meta" });
      }
      throwsCode(() => session.login("user-1", { f: () => {} }), "ERR_UNSUPPORTED_VALUE", { path: "meta.f" });
      throwsCode(() => session.login("user-1", {}, { kep: [] }), "ERR_BAD_OPTION");
      throwsCode(() => session.logout({ everwhere: true }), "ERR_BAD_OPTION");
    });
    equal(onlyRow(table).meta.subject, undefined);
    for (const subject of ["", 5, "x".repeat(256)]) {
      await rejectsCode(manager.list(subject), "ERR_BAD_OPTION", { option: "subject" });
      await rejectsCode(manager.revoke(subject), "ERR_BAD_OPTION", { option: "subject" });
    }
    const longest = "é".repeat(127);
    await browser.visit((session) => session.login(longest));
    equal((await manager.list(longest)).length, 1);
  });

  test("login, then ignore or destroy: no login; then renew: still one, the old id dead at once", async (lib) => {
    const { browser, table, replay } = await anonymous(lib);
    await browser.visit((session) => {
      session.login("user-1");
      session.ignore();
      equal(session.subject, undefined);
    });
    equal(onlyRow(table).meta.subject, undefined);
    await browser.visit((session) => {
      session.login("user-1");
      session.renew();
    });
    equal(onlyRow(table).meta.subject, "user-1");
    deepEqual(await replay(), NONE);
    await browser.visit((session) => {
      session.login("user-2");
      session.destroy();
    });
    equal(table.count(), 0);
  });

  test("logout, then login, in one request: nothing of the one goes to the other", async (lib) => {
    const { browser, manager, table } = await anonymous(lib);
    await browser.visit((session) => session.set("secret", 1).login("user-1", { device: "phone" }));
    await browser.visit((session) => {
      session.set("mine", 1);
      session.logout();
      session.login("user-2");
      session.set("yours", 1);
    });
    deepEqual(onlyRow(table).row, { yours: 1 });
    equal((await manager.list("user-1")).length, 0);
    deepEqual((await manager.list("user-2"))[0].meta, {});
  });

  test("logout everywhere, then login, in one request: the other sessions end, this one is fresh", async (lib) => {
    const { browser, another, table } = await anonymous(lib);
    await browser.visit((session) => session.login("user-1"));
    const other = another();
    await other.visit((session) => session.login("user-1"));
    await browser.visit((session) => {
      session.logout({ everywhere: true });
      session.login("user-1");
    });
    equal(table.count(), 1);
    equal((await browser.visit((session) => session.subject)).result, "user-1");
    equal((await other.visit((session) => session.subject)).result, undefined);
  });

  test('events: a login is "renewed", of a new visitor "created", a logout "destroyed"', async (lib) => {
    const { browser, another, events } = await anonymous(lib);
    const told = async (visitor, use) => {
      events.length = 0;
      await visitor.visit(use);
      return events.map(({ type }) => type);
    };
    deepEqual(await told(browser, (session) => session.login("user-1")), ["renewed"]);
    const other = another();
    deepEqual(await told(other, (session) => session.login("user-1")), ["created"]);
    deepEqual(await told(browser, (session) => session.logout({ everywhere: true })), [
      "destroyed",
      "destroyed",
    ]);
    equal(new Set(events.map(({ id }) => id)).size, 2);
  });
});

group("logout", () => {
  test("logout destroys: no row, no cookie, the old id dead", async (lib) => {
    const { browser, table, replay } = await anonymous(lib);
    await browser.visit((session) => session.login("user-1"));
    const cookie = browser.cookie;
    const { cookies } = await browser.visit((session) => session.logout());
    ok(cookies.length === 1 && isDeletion(cookies[0]), "no deletion cookie");
    equal(table.count(), 0);
    deepEqual(await replay(cookie), NONE);
  });

  test("after a 5xx a logout is still carried out", async (lib) => {
    const { browser, table } = await anonymous(lib);
    await browser.visit((session) => session.login("user-1"));
    await browser.visit((session) => {
      session.logout();
      return new Response(null, { status: 503 });
    });
    equal(table.count(), 0);
    equal(browser.jar.size, 0);
  });

  test("logout leaves the subject's other sessions alone", async (lib) => {
    const { browser, another, table } = await anonymous(lib);
    const other = another();
    await browser.visit((session) => session.login("user-1"));
    await other.visit((session) => session.login("user-1"));
    await browser.visit((session) => session.logout());
    equal(table.count(), 1);
    equal((await other.visit((session) => session.subject)).result, "user-1");
  });

  test("a slow request can't revive a session that was logged out", async (lib) => {
    const { browser, manager, table } = await anonymous(lib);
    await browser.visit((session) => session.login("user-1"));
    const late = await manager.open(browser.request());
    late.set("n", 1);
    await browser.visit((session) => session.logout());
    equal(cookiesOf(await manager.commit(late, new Response("ok"))).length, 0);
    equal(table.count(), 0);
  });
});
