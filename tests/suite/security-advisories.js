/** What went wrong elsewhere, by the advisories' numbers in the table of the security policy. */
import { client, cookiesOf, parseSetCookie, site } from "./client.js";
import { each, NAME, URL as PAGE, stored } from "./cookies-read.js";
import { request, setCookieLines } from "./env.js";
import { clock, deepEqual, equal, group, makeTable, ok, T0, test, throwsCode, unique } from "./harness.js";
import { changed, holder, KEY, secured, types, withBrokenRandom } from "./security-help.js";

group("security, advisories", () => {
  test("A1 CVE-2019-16782, CVE-2019-25025: the key of a row is not the id in the cookie", async (lib) => {
    const { manager, table, cookie } = await secured(lib);
    const [key] = table.keys();
    ok(key !== cookie && !key.includes(cookie) && !cookie.includes(key));
    equal((await holder(manager, key.padEnd(24, "A")).visit((session) => session.isNew)).result, true);
    equal(table.member(key), false);
    equal(table.member(cookie), true);
  });

  test("A2 CVE-2025-46336, CVE-2025-32441: a request under way does not store a deleted session again", async (lib) => {
    // Every order of: reads, writes, is committed; and the other request's deletion in between.
    const steps = ["read", "write", "commit"];
    for (let at = 0; at < steps.length; at++) {
      const s = await secured(lib);
      const session = await s.manager.open(s.browser.request());
      let response;
      for (const [i, step] of steps.entries()) {
        if (i === at) await s.browser.visit((other) => other.destroy());
        if (step === "read") session.get("user");
        else if (step === "write") session.set("user", "ada").set("n", 1);
        else response = await s.manager.commit(session, new Response("ok"));
      }
      deepEqual(cookiesOf(response), [], `deleted before ${steps[at]}`);
      equal(s.table.count(), 0);
      equal(await s.opens(s.cookie), false);
      ok(types(s.events).includes("gone"), "not told");
    }
  });

  test("A3 CVE-2026-39324: a value that does not verify is no session, and no other decoder is asked", async (lib) => {
    const { cookie, opens, table, manager } = await secured(lib, { secrets: KEY });
    const other = (await secured(lib, { secrets: `${KEY}!`, table })).cookie;
    const decoders = [JSON, "parse"];
    const original = decoders[0].parse;
    let decoded = 0;
    JSON.parse = (...given) => {
      decoded++;
      return original(...given);
    };
    try {
      for (let at = 0; at < cookie.length; at++) equal(await opens(changed(cookie, at)), false);
      for (let at = 0; at < cookie.length; at += 5) equal((await opens(cookie.slice(at))) && at > 0, false);
      const fakes = [
        "",
        other,
        '{"user":"ada"}',
        btoa('{"user":"ada"}'),
        `${cookie.slice(0, 24)}${other.slice(24)}`,
      ];
      for (const value of fakes) equal(await opens(value), false);
    } finally {
      JSON.parse = original;
    }
    equal(decoded, 0, "values decoded");
    equal((await holder(manager, cookie).visit((session) => session.get("user"))).result, "ada");
  });

  test("A4 CVE-2020-8184: no encoding of the name is the name, letter by letter", async (lib) => {
    const { id, opens } = await stored(lib);
    for (let i = 0; i < NAME.length; i++) {
      const code = NAME.charCodeAt(i).toString(16).padStart(2, "0");
      for (const spelled of [
        `%${code}`,
        `%${code.toUpperCase()}`,
        `\\x${code}`,
        `&#x${code};`,
        `%u00${code}`,
      ]) {
        equal(await opens(`${NAME.slice(0, i)}${spelled}${NAME.slice(i + 1)}=${id}`), false);
      }
    }
    equal(await opens(`${NAME}=${id}`), true);
  });

  test("A5 CVE-2026-39410: what trim() takes away makes no foreign cookie ours", async (lib) => {
    const { id, opens } = await stored(lib);
    for (let code = 0; code < 0x10000; code++) {
      const white = String.fromCharCode(code);
      if (white.trim() !== "" || white === " " || white === "\t") continue;
      equal(await opens(`${white}${NAME}=${id}`), false, `U+${code.toString(16)}`);
      equal(await opens(`a=1; ${white}${NAME}${white}=${id}`), false, `U+${code.toString(16)}`);
    }
  });

  test("A6 CVE-2023-23934: a cookie without a name does not smuggle in ours", (lib) =>
    each(
      lib,
      {
        first: (id) => `=${NAME}=${id}`,
        later: (id) => `a=1; =${NAME}=${id}`,
        spaced: (id) => ` = ${NAME}=${id}`,
        "in a value": (id) => `a=${NAME}=${id}`,
        quoted: (id) => `="${NAME}=${id}"`,
      },
      false,
    ));

  for (const [option, wrap] of [
    ["name", (unit) => `a${unit}b`],
    ["path", (unit) => `/a${unit}b`],
    ["domain", (unit) => `a${unit}b.test`],
    ["sameSite", (unit) => `Lax${unit}`],
  ]) {
    test(`A7 CVE-2024-47764, CVE-2026-47675, GHSA-5pq2-9x2x-5p6w, GHSA-9h73-w7ch-rh73, GHSA-g2wm-735q-3f56: no character of 65,536 in ${option} breaks the line`, async (lib) => {
      const table = makeTable(lib, { hashKeys: true });
      const limit = Error.stackTraceLimit;
      Error.stackTraceLimit = 0;
      try {
        let accepted = 0;
        for (let code = 0; code < 0x10000; code++) {
          const value = wrap(String.fromCharCode(code));
          let manager;
          try {
            manager = lib.sessions({ table, cookie: { [option]: value } });
          } catch (error) {
            equal(error.code, "ERR_BAD_OPTION");
            continue;
          }
          accepted++;
          const { response } = await client(manager).visit((session) => session.set("n", 1));
          const lines = setCookieLines(response);
          equal(lines.length, 1);
          const sent = parseSetCookie(lines[0]);
          const parts = { name: sent.name.replace("__Host-", ""), ...sent.attributes };
          equal(parts[option], value);
          equal(Object.keys(sent.attributes).length, option === "domain" ? 5 : 4);
        }
        const expected = { name: [70, 80], path: [90, 96], domain: [60, 70], sameSite: [0, 0] }[option];
        ok(accepted >= expected[0] && accepted <= expected[1], `${accepted} accepted`);
      } finally {
        Error.stackTraceLimit = limit;
      }
    });
  }

  test("A8 CVE-2024-38513: an id that a client chose is not taken on", async (lib) => {
    for (const options of [{}, { secrets: KEY }]) {
      const { manager, table } = site(lib, options);
      for (const chosen of ["A".repeat(24), "A".repeat(48), "fixed", "__proto__"]) {
        const visitor = holder(manager, chosen);
        await visitor.visit((session) => session.login("ada"));
        ok(!visitor.cookie.startsWith(chosen), "taken on");
        equal((await holder(manager, chosen).visit((session) => session.isNew)).result, true);
      }
      equal(table.count(), 4);
    }
  });

  test("A9 CVE-2022-25896, GHSA-v2wf-c3j6-wpvw: whoever planted an id before the login has nothing after it", async (lib) => {
    const { manager, another, table } = site(lib);
    const thief = another();
    await thief.visit((session) => session.set("trap", true));
    const victim = holder(manager, thief.cookie);
    await victim.visit((session) => session.login("ada"));
    ok(victim.cookie !== thief.cookie, "the planted id stayed");
    equal((await thief.visit((session) => session.subject)).result, undefined);
    equal((await thief.visit((session) => session.isNew)).result, true);
    equal(table.count({ subject: "ada" }), 1);
  });

  test("A10 CVE-2024-35220: restoring and reading move no deadline, with a persistent cookie too", async (lib) => {
    const s = await secured(lib, { idle: "1h", absolute: "2h", cookie: { maxAge: "2h" } });
    const deadline = async () => (await s.manager.open(s.browser.request())).expiresAt;
    for (const at of [0.5, 1, 1.4, 1.9]) {
      s.time.set(T0 + at * 3_600_000);
      equal(await s.opens(s.cookie), true);
      s.table.restore(s.table.snapshot());
      equal(await deadline(), Math.min(T0 + (at + 1) * 3_600_000, T0 + 7_200_000));
    }
    s.time.set(T0 + 7_200_000);
    equal(await s.opens(s.cookie), false);
  });

  test("A11 CVE-2024-31999: of all cookies ever given out, none opens a session that has ended", async (lib) => {
    for (const options of [{}, { secrets: KEY }, { renewGrace: "5m" }]) {
      const { browser, opens, manager } = await secured(lib, options);
      const issued = [];
      for (const change of [
        (session) => session.renew(),
        (session) => session.login("ada"),
        (session) => session.renew(),
        (session) => session.destroy(),
      ]) {
        issued.push(browser.cookie);
        await browser.visit(change);
      }
      for (const value of issued) {
        equal(await opens(value), false);
        equal((await holder(manager, value).visit((session) => session.isNew)).result, true);
      }
    }
  });

  test("A12 GHSA-3cjh-p6pw-jhv9: what expired while nothing ran is not served after a restart", async (lib) => {
    const time = clock();
    const t = makeTable(lib, { now: time.now, idle: 60 });
    t.insert("k", { user: "ada" });
    const bytes = t.snapshot();
    time.advance(60_000);
    const restarted = makeTable(lib, { now: time.now });
    equal(restarted.restore(bytes), 0);
    equal(restarted.lookup("k"), undefined);
    equal(restarted.sweep(), 0);
    equal(restarted.size, 0);
  });

  test("A13 tower-sessions 0.4.3, 0.12.0, 0.12.1: an id that comes twice overwrites nothing, and memory expires", async (lib) => {
    const { store } = lib;
    const time = clock();
    const t = makeTable(lib, { now: time.now, idle: 60 });
    const config = store.init({ table: t.name });
    const ids = [];
    let refused = 0;
    await withBrokenRandom(
      lib,
      (bytes) => bytes.fill(0x33),
      () => {
        for (let i = 0; i < 6000 && refused < 3; i++) {
          try {
            ids.push(store.put(null, { i }, config));
          } catch (error) {
            equal(error.code, "ERR_ID_EXHAUSTED");
            refused++;
          }
        }
      },
    );
    equal(refused, 3, "refusals");
    for (const [i, id] of ids.entries()) deepEqual(store.get(id, config)[1], { i });
    time.advance(60_000);
    for (const id of ids) equal(store.get(id, config)[0], null);
  });

  test("A14 CVE-2023-30861, CVE-2026-27205, CVE-2025-64762: whatever touches the session shows in the response", async (lib) => {
    const { browser } = await secured(lib);
    const prototype = Object.getPrototypeOf(
      await browser.visit((session) => session).then(({ result }) => result),
    );
    const given = {
      set: ["user", "ada"],
      update: [() => ({})],
      login: ["ada"],
      flash: ["n", 1],
      get: ["user"],
    };
    const members = Object.entries(Object.getOwnPropertyDescriptors(prototype));
    ok(members.length > 15, "members of a session");
    for (const [name, { get, value }] of members) {
      if (name === "constructor" || name === "ignore") continue;
      if (typeof value !== "function" && get === undefined) continue;
      const { browser: visitor } = await secured(lib);
      const { response } = await visitor.visit((session) => {
        if (get !== undefined) session[name];
        else
          session[name](
            ...(given[name] ?? (["has", "delete", "increment", "flashed"].includes(name) ? ["x"] : [])),
          );
      });
      const cache = response.headers.get("cache-control") ?? "";
      ok(/private|no-store/.test(cache), `${name}: Cache-Control`);
      ok(/cookie/i.test(response.headers.get("vary") ?? ""), `${name}: Vary`);
      ok(response.headers.get("set-cookie") === null || cache.includes("no-store"), `${name}: no-store`);
    }
  });

  test("A15 CVE-2025-58186, CVE-2026-25899, GHSA-q5pr-72pq-83v3, CVE-2023-22792: floods and counts in cookies cost nothing", async (lib) => {
    const { manager } = await stored(lib);
    const headers = [
      "a=;".repeat(43_000),
      `${NAME}__chunked__999999999=1; ${NAME}.0=x; ${NAME}.999999999=x`,
      `${NAME}=__chunked__999999999`,
      `a=${" ".repeat(100_000)}x; ${NAME}`,
      `${NAME}${" ".repeat(100_000)}x=1`,
    ];
    const started = performance.now();
    for (const cookie of headers) ok((await manager.open(request(PAGE, { cookie }))).isNew);
    ok(performance.now() - started < 1000, "too slow");
  });

  test("A16 CVE-2026-31865, CVE-2023-26136: sessions work over a polluted Object.prototype, and pollute none", async (lib) => {
    const { browser, manager, table } = site(lib);
    const planted = {
      user: "eve",
      subject: "eve",
      secrets: "s",
      domain: "evil.test",
      keep: [],
      everywhere: true,
    };
    for (const [name, value] of Object.entries(planted)) {
      Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true });
    }
    try {
      const { cookies } = await browser.visit((session) => session.set("n", 1));
      equal(Object.hasOwn(cookies[0].attributes, "domain"), false);
      const session = await manager.open(browser.request());
      equal(session.get("user"), undefined);
      equal(session.has("user"), false);
      equal(session.subject, undefined);
    } finally {
      for (const name of Object.keys(planted)) delete Object.prototype[name];
    }
    equal(table.count({ hasSubject: false }), 1);
    await browser.visit((session) => session.set("v", JSON.parse('{"__proto__":{"polluted":1}}')));
    await browser.visit((session) => session.get("v"));
    equal({}.polluted, undefined);
    equal(Object.keys(Object.prototype).length, 0);
  });

  test("A18 RUSTSEC-2017-0005: lifetimes beyond every number are refused or kept, never an overflow", async (lib) => {
    const extremes = [
      2 ** 31,
      2 ** 32,
      2 ** 53,
      2 ** 63,
      2 ** 64,
      Number.MAX_VALUE,
      Number.MIN_VALUE,
      -(2 ** 63),
      Number.NaN,
    ];
    for (const value of [...extremes, "99999999999999999999d", `${"9".repeat(400)}s`, "-1s", "0s"]) {
      for (const make of [
        () => lib.sessions({ table: unique("site"), cookie: { maxAge: value } }),
        () => lib.sessions({ table: unique("site"), idle: value }),
        () => lib.sessions({ table: unique("site"), absolute: value }),
        () => lib.sessions({ table: unique("site"), renewGrace: value }),
        () => makeTable(lib, { idle: value, absolute: value }),
      ]) {
        let made;
        try {
          made = make();
        } catch (error) {
          equal(error.code, "ERR_BAD_OPTION");
          continue;
        }
        if (made.handle === undefined) made.insert("k", {});
        else {
          const visitor = client(made);
          await visitor.visit((session) => session.set("n", 1).renew());
          equal((await visitor.visit((session) => session.get("n"))).result, 1);
        }
      }
    }
  });

  test("A19 RUSTSEC-2024-0012, RUSTSEC-2019-0025, RUSTSEC-2026-0009: a million levels are refused, and the instance lives on", (lib) => {
    const t = makeTable(lib);
    t.insert("before", { n: 1 });
    let arrays = 1;
    let objects = 1;
    let maps = 1;
    for (let i = 0; i < 1_000_000; i++) {
      arrays = [arrays];
      objects = { o: objects };
      maps = new Map([[1, maps]]);
    }
    for (const value of [arrays, objects, maps]) {
      throwsCode(() => t.insert("k", { value }), "ERR_UNSUPPORTED_VALUE");
      deepEqual(t.lookup("before"), { n: 1 });
    }
    throwsCode(() => t.restore(new Uint8Array(1_000_000).fill(0x91)), "ERR_BAD_SNAPSHOT");
    deepEqual(t.lookup("before"), { n: 1 });
  });

  test("A21 GHSA-33hq-fvwr-56pm: sparse arrays are refused in the time of their entries", (lib) => {
    const t = makeTable(lib);
    const holes = [];
    holes[4_294_967_294 - 1] = 1;
    const started = performance.now();
    throwsCode(() => t.insert("k", { cart: { holes } }), "ERR_UNSUPPORTED_VALUE", {
      path: (path) => path.startsWith("cart"),
    });
    ok(performance.now() - started < 500, "holes were counted");
    equal(t.size, 0);
  });

  test("A22 CVE-2026-23737, GHSA-5v4m-c73v-c7gq: bytes that someone else wrote make no functions and no atoms", (lib) => {
    const t = makeTable(lib);
    t.insert("k", { text: "x".repeat(64), list: [1, 2, 3], when: new Date(0) });
    const bytes = t.snapshot();
    for (let at = 0; at < bytes.length; at++) {
      const bad = bytes.slice();
      bad[at] ^= 0x15;
      throwsCode(() => t.restore(bad), "ERR_BAD_SNAPSHOT");
    }
    for (const fn of [() => 1, class {}, async () => {}, Symbol("x"), /x/]) {
      throwsCode(() => t.insert("f", { fn }), "ERR_UNSUPPORTED_VALUE");
    }
    deepEqual(t.lookup("k"), { text: "x".repeat(64), list: [1, 2, 3], when: new Date(0) });
  });

  test("A23 CVE-2023-20866: a log of everything that is told holds no id", async (lib) => {
    const { browser, manager, events } = site(lib);
    const issued = [];
    const log = [];
    for (const change of [
      (session) => session.set("n", 1),
      (session) => session.renew(),
      (session) => session.login("ada"),
      (session) => session.logout(),
    ]) {
      const session = await manager.open(browser.request());
      change(session);
      const response = await manager.commit(session, new Response("ok"));
      for (const { name, value } of cookiesOf(response)) {
        if (value !== "") issued.push(value);
        browser.jar.set(name, value);
      }
      log.push(String(session), JSON.stringify(session), session.id ?? "");
    }
    log.push(JSON.stringify(events), JSON.stringify(manager), String(manager.table));
    equal(issued.length, 3);
    for (const line of log) for (const id of issued) ok(!line.includes(id), "an id is told");
  });

  test("A24 GO-2024-2730: an id that looks like a path leads nowhere", async (lib) => {
    // Whoever looks something up asks what time it is.
    let asked = 0;
    const now = () => {
      asked++;
      return T0;
    };
    const { manager, cookie } = await secured(lib, { now });
    asked = 0;
    for (const value of [
      "../../../../etc/passwd00",
      "..%2f..%2f..%2f..%2fpasswd",
      "/etc/passwd",
      "C:\\x",
      "file:///x",
    ]) {
      equal((await holder(manager, value).visit((session) => session.isNew)).result, true);
    }
    equal(asked, 0, "look-ups");
    await holder(manager, cookie).visit(() => {});
    ok(asked > 0, "the look-up of an id was not seen");
  });

  test("A25 CVE-2025-7339: the application's headers stay as they are, in their own objects", async (lib) => {
    const { browser } = site(lib);
    const headers = new Headers({ "x-app": "1", vary: "Accept", "cache-control": "max-age=5" });
    headers.append("set-cookie", "theme=dark");
    const init = { status: 201, headers };
    const before = JSON.stringify([...headers]);
    const answer = new Response("body", init);
    const { response } = await browser.visit((session) => session.set("n", 1) && answer);
    equal(JSON.stringify([...headers]), before);
    equal(answer.headers.get("vary"), "Accept");
    equal(answer.headers.get("cache-control"), "max-age=5");
    equal(setCookieLines(answer).length, 1);
    deepEqual(
      [response.status, response.headers.get("x-app"), setCookieLines(response)[0]],
      [201, "1", "theme=dark"],
    );
    equal(response.headers.get("vary"), "Accept, Cookie");
  });

  test("A26 CVE-2023-48309: an id of one purpose is none of another", async (lib) => {
    const login = await secured(lib, { secrets: KEY });
    const reset = await secured(lib, { secrets: KEY });
    equal(await reset.opens(login.cookie), false);
    equal(await login.opens(reset.cookie), false);
    deepEqual(types(reset.events), ["forged"]);
    const token = (await login.browser.visit((session) => lib.csrf(session).token())).result;
    equal(await login.opens(token), false);
    equal((await login.browser.visit((session) => lib.csrf(session).verify(login.cookie))).result, false);
  });

  test("A27 GHSA-xg6x-h9c9-2m83: a change of rights is seen by the next request, and by one that has not looked yet", async (lib) => {
    const { browser, manager, table } = await secured(lib);
    await browser.visit((session) => session.set("factors", 1));
    const waiting = await manager.open(browser.request());
    await browser.visit((session) => session.set("factors", 2));
    equal(waiting.get("factors"), 2);
    equal((await browser.visit((session) => session.get("factors"))).result, 2);
    const later = await manager.open(browser.request());
    await browser.visit((session) => session.login("ada"));
    equal(later.subject, undefined);
    await manager.revoke("ada");
    equal((await browser.visit((session) => session.isNew)).result, true);
    equal(table.count(), 0);
  });
});
