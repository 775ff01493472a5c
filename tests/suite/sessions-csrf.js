/** Requests that other sites send: tokens bound to the session, and a look at where a request comes from. */
import { client, site } from "./client.js";
import { request } from "./env.js";
import { deepEqual, equal, group, ok, onlyRow, test, throwsCode, unique } from "./harness.js";

const tokenOf = async (lib, browser) => (await browser.visit((session) => lib.csrf(session).token())).result;
const verifies = async (lib, browser, token) =>
  (await browser.visit((session) => lib.csrf(session).verify(token))).result;

group("csrf tokens", () => {
  test("a token of the session's verifies, in this request and later ones", async (lib) => {
    const { browser } = site(lib);
    const { result } = await browser.visit((session) => {
      const { token, verify } = lib.csrf(session);
      const first = token();
      return [first, verify(first), lib.csrf(session).verify(first)];
    });
    deepEqual(result.slice(1), [true, true]);
    for (let i = 0; i < 3; i++) equal(await verifies(lib, browser, result[0]), true);
  });

  test("masked: no two are alike, all verify, all have one length", async (lib) => {
    const { browser } = site(lib);
    const tokens = new Set();
    for (let i = 0; i < 20; i++) tokens.add(await tokenOf(lib, browser));
    equal(tokens.size, 20);
    for (const token of tokens) {
      ok(/^[0-9A-Za-z_-]{48}$/.test(token), "not base64url");
      equal(await verifies(lib, browser, token), true);
    }
  });

  test("first tokens of requests at the same time all verify", async (lib) => {
    const { browser, manager } = site(lib);
    await browser.visit((session) => session.set("n", 1));
    const [a, b] = [await manager.open(browser.request()), await manager.open(browser.request())];
    const tokens = [lib.csrf(a).token(), lib.csrf(b).token()];
    for (const session of [b, a]) await manager.commit(session, new Response("ok"));
    for (const token of tokens) equal(await verifies(lib, browser, token), true);
  });

  test("a first token that is made before a renewal in the same request verifies behind it", async (lib) => {
    const { browser } = site(lib);
    await browser.visit((session) => session.set("n", 1));
    const { result } = await browser.visit((session) => {
      const token = lib.csrf(session).token();
      session.renew();
      return token;
    });
    equal(await verifies(lib, browser, result), true);
  });

  test("who knows the id from before a login knows no token after it, be it made in the same request", async (lib) => {
    const { browser, another } = site(lib);
    await browser.visit((session) => session.set("n", 1));
    const planted = another();
    planted.jar.set("__Host-sid", browser.cookie);
    const known = await planted.visit((session) => {
      const token = lib.csrf(session).token();
      session.ignore();
      return token;
    });
    const { result } = await browser.visit((session) => {
      session.login("user-1");
      const { token, verify } = lib.csrf(session);
      return [token(), verify(known.result)];
    });
    equal(result[1], false);
    equal(await verifies(lib, browser, known.result), false);
    equal(await verifies(lib, browser, result[0]), true);
  });

  test("another session's token does not verify, nor does one for a visitor without a session", async (lib) => {
    const { browser, another, table } = site(lib);
    const token = await tokenOf(lib, browser);
    const other = another();
    equal(await verifies(lib, other, token), false);
    equal(table.count(), 1);
    await tokenOf(lib, other);
    equal(await verifies(lib, other, token), false);
  });

  test("every changed character fails, and so does what is no token", async (lib) => {
    const { browser } = site(lib);
    const token = await tokenOf(lib, browser);
    const changed = Array.from(
      token,
      (c, i) => token.slice(0, i) + (c === "A" ? "B" : "A") + token.slice(i + 1),
    );
    const odd = ["", "A".repeat(48), token.slice(1), `${token}A`, ` ${token}`, `${token}\n`, "ü".repeat(48)];
    const others = [undefined, null, 5, {}, [token], new String(token), new Uint8Array(36), () => token];
    const { result } = await browser.visit((session) =>
      [...changed, ...odd, ...others].filter((given) => lib.csrf(session).verify(given)),
    );
    deepEqual(result, []);
  });

  test("kept through renew(), made anew by login(), dead with the session", async (lib) => {
    const { browser } = site(lib);
    const token = await tokenOf(lib, browser);
    await browser.visit((session) => session.renew());
    equal(await verifies(lib, browser, token), true);
    await browser.visit((session) => session.login("user-1"));
    equal(await verifies(lib, browser, token), false);
    const { result: after } = await browser.visit((session) => {
      session.login("user-2");
      return lib.csrf(session).token();
    });
    equal(await verifies(lib, browser, after), true);
    await browser.visit((session) => session.destroy());
    equal(await verifies(lib, browser, after), false);
  });

  test("the row holds no token, and verifying makes none", async (lib) => {
    const { browser, table } = site(lib);
    equal(await verifies(lib, browser, "A".repeat(48)), false);
    equal(table.count(), 0);
    const token = await tokenOf(lib, browser);
    ok(!JSON.stringify(onlyRow(table).row).includes(token));
    const { version } = onlyRow(table).meta;
    await tokenOf(lib, browser);
    await verifies(lib, browser, token);
    equal(onlyRow(table).meta.version, version);
  });

  test("a token makes the response private", async (lib) => {
    const { browser } = site(lib);
    await tokenOf(lib, browser);
    for (const use of [(c) => c.token(), (c) => c.verify("x")]) {
      const { response } = await browser.visit((session) => use(lib.csrf(session)) && undefined);
      equal(response.headers.get("vary"), "Cookie");
      equal(response.headers.get("cache-control"), "private");
    }
  });

  test("of something else than a session is ERR_BAD_OPTION", (lib) => {
    throwsCode(() => lib.csrf({}).token(), "ERR_BAD_OPTION");
    throwsCode(() => lib.csrf({}).verify("x"), "ERR_BAD_OPTION");
  });
});

/** What becomes of a request with these headers; they are kept free-standing, since pages may not set them. */
async function status(manager, method, headers, url = "https://shop.test/") {
  let called = false;
  const app = manager.handle(() => {
    called = true;
    return new Response("ok");
  });
  const made = request(url, { method });
  Object.defineProperty(made, "headers", { value: new Map(Object.entries(headers)) });
  made.headers.get = (name) => headers[name.toLowerCase()] ?? null;
  const response = await app(made);
  equal(called, response.status === 200, "the handler was called");
  return response.status;
}

group("csrf check", () => {
  const OWN = "https://shop.test";
  const cases = [
    ["GET from anywhere", "GET", { "sec-fetch-site": "cross-site", origin: "https://evil.test" }, 200],
    ["HEAD from anywhere", "HEAD", { "sec-fetch-site": "cross-site" }, 200],
    ["OPTIONS from anywhere", "OPTIONS", { "sec-fetch-site": "cross-site" }, 200],
    ["POST of the same origin", "POST", { "sec-fetch-site": "same-origin", origin: OWN }, 200],
    ["POST by the user", "POST", { "sec-fetch-site": "none" }, 200],
    ["POST of another site", "POST", { "sec-fetch-site": "cross-site", origin: "https://evil.test" }, 403],
    ["POST of a subdomain", "POST", { "sec-fetch-site": "same-site", origin: "https://blog.shop.test" }, 403],
    ["Sec-Fetch-Site before Origin", "POST", { "sec-fetch-site": "cross-site", origin: OWN }, 403],
    ["an unknown Sec-Fetch-Site", "POST", { "sec-fetch-site": "Same-Origin" }, 403],
    ["PUT of another site", "PUT", { "sec-fetch-site": "cross-site" }, 403],
    ["DELETE of another site", "DELETE", { "sec-fetch-site": "cross-site" }, 403],
    ["a method of its own", "PURGE", { "sec-fetch-site": "cross-site" }, 403],
    ["Origin of its own, without Sec-Fetch-Site", "POST", { origin: OWN }, 200],
    [
      "Origin behind a proxy that ends TLS",
      "POST",
      { origin: OWN, host: "shop.test" },
      200,
      "http://10.0.0.1/",
    ],
    ["another Origin", "POST", { origin: "https://evil.test" }, 403],
    ["another port", "POST", { origin: `${OWN}:8443` }, 403],
    ["an opaque Origin", "POST", { origin: "null" }, 403],
    ["what is no origin", "POST", { origin: "x" }, 403],
    ["neither header: no browser", "POST", {}, 200],
    ["a WebSocket of another site", "GET", { upgrade: "websocket", origin: "https://evil.test" }, 403],
    ["a WebSocket of its own", "GET", { upgrade: "websocket", origin: OWN }, 200],
  ];
  for (const [name, method, headers, expected, url] of cases) {
    test(`${name}: ${expected}`, async (lib) => {
      const guarded = site(lib, { csrf: true }).manager;
      equal(await status(guarded, method, headers, url), expected);
      equal(await status(site(lib).manager, method, headers, url), 200);
    });
  }

  test("origins that may are told by name", async (lib) => {
    const { manager } = site(lib, { csrf: { origins: ["https://app.test"] } });
    const from = (origin) => status(manager, "POST", { origin, "sec-fetch-site": "cross-site" });
    equal(await from("https://app.test"), 200);
    equal(await from("http://app.test"), 403);
    equal(await from("https://app.test.evil.test"), 403);
  });

  test("a refused request opens nothing, and what skip() passes over is not checked", async (lib) => {
    const { manager, table, events, browser } = site(lib, {
      csrf: true,
      skip: (request) => request.url.endsWith("/hook"),
    });
    await browser.visit((session) => session.set("n", 1));
    const { hits, misses } = table.info();
    equal(await status(manager, "POST", { origin: "https://evil.test", cookie: browser.header() }), 403);
    deepEqual([table.info().hits, table.info().misses, events.length], [hits, misses, 1]);
    equal(await status(manager, "POST", { origin: "https://evil.test" }, "https://shop.test/hook"), 200);
  });

  test("for open() and commit() the look is a function", (lib) => {
    const post = (headers) => {
      const made = request("https://shop.test/", { method: "POST" });
      Object.defineProperty(made, "headers", {
        value: { get: (name) => headers[name.toLowerCase()] ?? null },
      });
      return made;
    };
    equal(lib.isCrossSite(post({ origin: "https://evil.test" })), true);
    equal(lib.isCrossSite(post({ origin: "https://evil.test" }), ["https://evil.test"]), false);
    equal(lib.isCrossSite(client({}).request()), false);
  });

  test("bad options are refused", (lib) => {
    const bad = [1, "yes", null, { origin: [] }, { origins: "https://a.test" }, { origins: ["a.test"] }];
    for (const csrf of [...bad, { origins: ["https://a.test/"] }, { origins: [5] }]) {
      throwsCode(() => lib.sessions({ table: unique("site"), csrf }), "ERR_BAD_OPTION");
    }
    for (const csrf of [false, true, undefined, {}]) lib.sessions({ table: unique("site"), csrf });
  });
});
