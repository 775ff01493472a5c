/** Authentic ids: with secrets, an id that we did not make is refused before anything is looked up. */
import { client, site } from "./client.js";
import { deepEqual, equal, group, makeTable, ok, test, throwsCode, unique } from "./harness.js";

const KEY = "correct horse battery staple, thirty-two bytes and more";
const OTHER = "another secret of the same length, for rotation and theft";

async function stored(lib, options = { secrets: KEY }) {
  const s = site(lib, options);
  await s.browser.visit((session) => session.set("n", 1));
  const cookie = s.browser.cookie;
  s.events.length = 0;
  const visitor = (value) => {
    const made = client(s.manager);
    made.jar.set("__Host-sid", value);
    return made;
  };
  return { ...s, cookie, visitor };
}

group("secrets", () => {
  test("a session with a tag works like any other", async (lib) => {
    const { browser, cookie } = await stored(lib);
    ok(/^[A-Za-z0-9_.~-]+$/.test(cookie) && cookie.length > 24, "the cookie has no tag");
    equal((await browser.visit((session) => session.get("n"))).result, 1);
    await browser.visit((session) => session.set("n", 2));
    equal((await browser.visit((session) => session.get("n"))).result, 2);
  });

  test("secrets are non-empty strings", (lib) => {
    for (const secrets of ["", [], [""], [KEY, ""], 5, {}, [5], true]) {
      throwsCode(() => lib.sessions({ table: unique("site"), secrets }), "ERR_BAD_OPTION");
    }
  });

  test('every changed character is "forged", and nothing is looked up', async (lib) => {
    const { cookie, visitor, events, table } = await stored(lib);
    for (let i = 0; i < cookie.length; i++) {
      const { hits, misses } = table.info();
      events.length = 0;
      const forged = `${cookie.slice(0, i)}${cookie[i] === "A" ? "B" : "A"}${cookie.slice(i + 1)}`;
      const { result } = await visitor(forged).visit((session) => [session.isNew, session.data]);
      deepEqual(result, [true, {}], `changed at ${i}`);
      deepEqual([table.info().hits, table.info().misses], [hits, misses], "look-ups");
      deepEqual(
        events.map(({ type }) => type),
        ["forged"],
      );
      ok(!JSON.stringify(events).includes(forged), "the event holds the cookie");
    }
  });

  test("truncated, extended and untagged ids are no session", async (lib) => {
    const { cookie, visitor } = await stored(lib);
    const plain = (await stored(lib, {})).cookie;
    const values = [
      cookie.slice(0, 24),
      cookie.slice(0, -1),
      `${cookie}A`,
      cookie.slice(1),
      plain,
      cookie + cookie,
    ];
    for (const value of values) equal((await visitor(value).visit((session) => session.isNew)).result, true);
  });

  test("an id of another secret is refused", async (lib) => {
    const { table, cookie } = await stored(lib);
    const thief = site(lib, { table, secrets: OTHER }).browser;
    thief.jar.set("__Host-sid", cookie);
    equal((await thief.visit((session) => session.isNew)).result, true);
  });

  test("the tag is bound to the table's name", async (lib) => {
    const a = await stored(lib);
    const b = site(lib, { secrets: KEY, table: makeTable(lib, { hashKeys: true }) });
    b.events.length = 0;
    b.browser.jar.set("__Host-sid", a.cookie);
    equal((await b.browser.visit((session) => session.isNew)).result, true);
    deepEqual(
      b.events.map(({ type }) => type),
      ["forged"],
    );
  });

  test("rotation: the first signs, all verify, an id signed by an old one is signed anew", async (lib) => {
    const { table, cookie } = await stored(lib, { secrets: OTHER });
    const rotated = site(lib, { table, secrets: [KEY, OTHER] });
    rotated.browser.jar.set("__Host-sid", cookie);
    const { cookies, result } = await rotated.browser.visit((session) => session.get("n"));
    equal(result, 1);
    equal(cookies.length, 1);
    ok(rotated.browser.cookie !== cookie, "the id still carries the old tag");
    const afterwards = site(lib, { table, secrets: [KEY] });
    afterwards.browser.jar.set("__Host-sid", rotated.browser.cookie);
    equal((await afterwards.browser.visit((session) => session.get("n"))).result, 1);
    equal((await rotated.browser.visit((session) => session.get("n"))).cookies.length, 0);
  });

  test("of several cookies of our name the one that verifies counts", async (lib) => {
    const { cookie, manager } = await stored(lib);
    const forged = `${cookie.slice(0, -1)}${cookie.endsWith("A") ? "B" : "A"}`;
    const seen = async (header) =>
      (await client(manager).visit((s) => s.get("n"), { cookie: header })).result;
    equal(await seen(`__Host-sid=${forged}; __Host-sid=${cookie}`), 1);
    equal(await seen(`__Host-sid=${cookie}; __Host-sid=${forged}`), 1);
    equal(await seen(`__Host-sid=x; __Host-sid=${cookie}; __Host-sid=y`), 1);
    equal(await seen(`__Host-sid=${forged}; __Host-sid=x`), undefined);
  });

  test("two that verify are one too many", async (lib) => {
    const { cookie, manager, another } = await stored(lib);
    const other = another();
    await other.visit((session) => session.set("n", 2));
    const header = `__Host-sid=${cookie}; __Host-sid=${other.cookie}`;
    equal((await client(manager).visit((session) => session.isNew, { cookie: header })).result, true);
  });

  test("a secret is in no error and no event", async (lib) => {
    const { events, visitor } = await stored(lib);
    await visitor("A".repeat(48)).visit((session) => session.get("n"));
    ok(!JSON.stringify(events).includes(KEY));
    const error = throwsCode(
      () => lib.sessions({ table: unique("site"), secrets: [KEY, ""] }),
      "ERR_BAD_OPTION",
    );
    ok(!`${error.message}${JSON.stringify(error.details)}`.includes(KEY), "the error shows a secret");
  });

  test("the event tells the hash of the id that the value begins with", async (lib) => {
    const { browser, visitor, events } = await stored(lib);
    const { result: id } = await browser.visit((session) => session.id);
    const cookie = browser.cookie;
    await visitor(`${cookie.slice(0, -1)}${cookie.endsWith("A") ? "B" : "A"}`).visit(() => {});
    await visitor(cookie.slice(0, 24)).visit(() => {});
    deepEqual(events, [
      { type: "forged", id },
      { type: "forged", id },
    ]);
    await visitor("x").visit(() => {});
    equal(events.length, 3);
    ok(events[2].id !== "x" && events[2].id.length >= 16, "the value itself is told");
    await visitor("").visit(() => {});
    equal(events.length, 3);
  });

  test("a forged id is not adopted: what is stored then gets one of its own", async (lib) => {
    const { visitor, table } = await stored(lib);
    const thief = visitor("A".repeat(48));
    await thief.visit((session) => session.set("n", 2));
    ok(!thief.cookie.startsWith("A".repeat(24)), "the id was adopted");
    equal(table.count(), 2);
  });

  test("another spelling of the same bytes is refused", async (lib) => {
    const { cookie, visitor } = await stored(lib);
    const spellings = [
      `${cookie}=`,
      `${cookie}==`,
      cookie.replaceAll("-", "+").replaceAll("_", "/"),
      `"${cookie}"`,
      encodeURIComponent(`${cookie} `),
      cookie.toLowerCase(),
      cookie.toUpperCase(),
    ].filter((value) => value !== cookie);
    for (const value of spellings) equal((await visitor(value).visit((s) => s.isNew)).result, true);
  });

  test("several: one event, and what verifies counts wherever it stands", async (lib) => {
    const { cookie, manager, events } = await stored(lib);
    const header = `__Host-sid=x; __Host-sid=y; __Host-sid=${cookie}; __Host-sid=${cookie}`;
    equal((await client(manager).visit((s) => s.get("n"), { cookie: header })).result, 1);
    deepEqual(
      events.map(({ type }) => type),
      ["forged"],
    );
  });

  test('two that verify: "forged", and neither row is touched', async (lib) => {
    const { cookie, manager, another, events, table, time } = await stored(lib);
    const other = another();
    await other.visit((session) => session.set("n", 2));
    time.advance(1000);
    events.length = 0;
    const header = `__Host-sid=${cookie}; __Host-sid=${other.cookie}`;
    await client(manager).visit((session) => session.get("n"), { cookie: header });
    deepEqual(
      events.map(({ type }) => type),
      ["forged"],
    );
    for (const [, , meta] of table.select().rows) equal(meta.touchedAt, meta.createdAt);
  });

  test("an old secret's id is signed anew on reads and writes, and not where nobody looks", async (lib) => {
    for (const [use, expected] of [
      [(session) => session.get("n"), 1],
      [(session) => session.set("m", 1), 1],
      [() => {}, 0],
      [(session) => session.ignore(), 0],
      [(session) => session.get("n") && new Response(null, { status: 500 }), 0],
    ]) {
      const { table, cookie } = await stored(lib, { secrets: OTHER });
      const rotated = site(lib, { table, secrets: [KEY, OTHER] });
      rotated.browser.jar.set("__Host-sid", cookie);
      const { cookies } = await rotated.browser.visit(use);
      equal(cookies.length, expected);
      for (const { value } of cookies) equal(value.slice(0, 24), cookie.slice(0, 24));
    }
  });

  test("renewal and login sign the new id", async (lib) => {
    for (const change of [(session) => session.renew(), (session) => session.login("user-1")]) {
      const { browser, cookie } = await stored(lib);
      await browser.visit(change);
      ok(browser.cookie.length === 48 && browser.cookie !== cookie);
      equal((await browser.visit((session) => session.get("n"))).result, 1);
    }
  });

  test("with the grace, the old id must be authentic too", async (lib) => {
    const { browser, cookie, visitor } = await stored(lib);
    await browser.visit((session) => session.renew());
    equal((await visitor(cookie.slice(0, 24)).visit((session) => session.isNew)).result, true);
    equal((await visitor(cookie).visit((session) => session.get("n"))).result, 1);
  });

  test("nothing is made of the secrets before the first request", (lib) => {
    const name = unique("site");
    lib.sessions({ table: name, secrets: KEY });
    ok(!lib.table.tables().includes(name));
  });
});
