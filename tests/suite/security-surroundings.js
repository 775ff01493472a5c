/** What gets out: into logs, caches, memory and other sites' requests; and what is told on purpose. */
import { client, site } from "./client.js";
import { request } from "./env.js";
import { deepEqual, equal, group, makeTable, ok, test } from "./harness.js";
import { changed, holder, KEY, latin1, secured, types } from "./security-help.js";

/** Not of base64url alone: such text is packed, and would be found nowhere. */
const CANARY = "canary 4111 1111 1111";

/** The memories of all instances made after this file was read, which is before the first is needed. */
const memories = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = function Observed(module, imports) {
  const made = new Instance(module, imports);
  if (made.exports.memory !== undefined) memories.push(made.exports.memory);
  return made;
};
WebAssembly.Instance.prototype = Instance.prototype;

const inMemory = (text) => memories.some(({ buffer }) => includes(new Uint8Array(buffer), text));

function includes(bytes, text) {
  const wanted = new TextEncoder().encode(text);
  for (let at = bytes.indexOf(wanted[0]); at >= 0; at = bytes.indexOf(wanted[0], at + 1)) {
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return true;
  }
  return false;
}

const listOf = (response, name) =>
  (response.headers.get(name) ?? "")
    .toLowerCase()
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

group("security, surroundings", () => {
  test("S54 neither id nor data in errors, events, printed sessions or the console", async (lib) => {
    const lines = [];
    const methods = ["log", "info", "warn", "error", "debug", "trace"];
    const originals = methods.map((name) => console[name]);
    for (const name of methods) console[name] = (...parts) => lines.push(parts.map(String).join());
    const told = [];
    const cookies = [];
    try {
      const s = site(lib, { secrets: KEY, limits: { maxRowBytes: 2048 } });
      await s.browser.visit((session) => session.set("card", CANARY).login(`${CANARY}-subject`));
      cookies.push(s.browser.cookie);
      const session = await s.manager.open(s.browser.request());
      session.get("card");
      told.push(
        String(session),
        JSON.stringify(session),
        JSON.stringify({ session }),
        JSON.stringify(s.manager),
      );
      for (const bad of [
        () => session.set("card", { card: CANARY, f: () => CANARY }),
        () => session.increment("card"),
        () => session.set(`${CANARY}\ud800`, 1),
        () => lib.sessions({ secrets: [`${CANARY}-secret`, ""] }),
      ]) {
        try {
          bad();
          told.push("nothing was thrown");
        } catch (error) {
          told.push(
            error.message,
            error.stack,
            String(error.cause),
            JSON.stringify(error.details),
            String(error),
          );
        }
      }
      session.set("card", CANARY.repeat(200));
      await s.manager
        .commit(session, new Response("ok"))
        .catch((error) => told.push(error.stack, String(error)));
      await holder(s.manager, changed(s.browser.cookie)).visit((other) => other.isNew);
      await s.browser.visit((other) => other.logout());
      told.push(JSON.stringify(s.events));
      ok(s.events.length >= 3, "events");
    } finally {
      for (const [i, name] of methods.entries()) console[name] = originals[i];
    }
    ok(!told.includes("nothing was thrown"));
    equal(lines.length, 0, "lines on the console");
    for (const text of told) {
      ok(!text?.includes(CANARY), "data is told");
      for (const cookie of cookies) ok(!text?.includes(cookie.slice(0, 24)), "an id is told");
    }
  });

  test("S55 a response with our cookie is stored by nobody, one that depends on the session by no shared cache", async (lib) => {
    const lax = () => new Response(null, { headers: { "cache-control": "public, s-maxage=60, max-age=60" } });
    const { browser } = site(lib);
    const { response: first } = await browser.visit((session) => session.set("n", 1) && lax());
    ok(listOf(first, "cache-control").includes("no-store"));
    for (const look of [
      (session) => session.get("n"),
      (session) => session.has("x"),
      (session) => [...session.keys()],
      (session) => session.data,
      (session) => session.id,
      (session) => session.isNew,
      (session) => session.subject,
      (session) => session.createdAt,
      (session) => session.expiresAt,
      (session) => session.flashed("x"),
      (session) => lib.csrf(session).verify("x"),
    ]) {
      const { response } = await browser.visit((session) => {
        look(session);
        return lax();
      });
      const cache = listOf(response, "cache-control");
      ok(cache.includes("private") || cache.includes("no-store"), "not private");
      ok(!cache.includes("public") && !cache.some((part) => part.startsWith("s-maxage")), "public");
      ok(listOf(response, "vary").includes("cookie"), "no Vary");
    }
    const strict = () => new Response(null, { headers: { "cache-control": "no-store" } });
    const { response } = await browser.visit((session) => session.get("n") && strict());
    ok(listOf(response, "cache-control").includes("no-store"));
  });

  test("S56 Vary is added to, and * stays", async (lib) => {
    const { browser } = await secured(lib);
    for (const [given, expected] of [
      ["Accept, Accept-Encoding", ["accept", "accept-encoding", "cookie"]],
      ["*", ["*"]],
      ["cookie", ["cookie"]],
    ]) {
      const answer = () => new Response(null, { headers: { vary: given } });
      const { response } = await browser.visit((session) => session.get("user") && answer());
      deepEqual(listOf(response, "vary").sort(), expected);
    }
  });

  test("S57 what a session held is in memory no more once it has ended and another request was served", async (lib) => {
    const t = makeTable(lib);
    t.insert("k", { v: "control 7c1f!" });
    ok(inMemory("control 7c1f!"), "memory was not seen");
    const { browser, another } = site(lib);
    const secret = `to be forgotten! ${"x".repeat(40)}`;
    await browser.visit((session) => session.set("card", secret));
    ok(inMemory("to be forgotten!"), "the row was not seen");
    await browser.visit((session) => session.destroy());
    const visitor = another();
    await visitor.visit((session) => session.set("filler", "f".repeat(400)));
    equal(inMemory("to be forgotten!"), false, "in memory after the end");
  });

  test("S58 beside SameSite: tokens bound to the session and masked, and a look at where a request comes from", async (lib) => {
    const { browser, another } = await secured(lib);
    const token = async (visitor) => (await visitor.visit((session) => lib.csrf(session).token())).result;
    const verify = async (visitor, given) =>
      (await visitor.visit((session) => lib.csrf(session).verify(given))).result;
    const [first, second] = [await token(browser), await token(browser)];
    ok(first !== second, "one token twice");
    for (const given of [first, second]) equal(await verify(browser, given), true);
    const thief = another();
    await token(thief);
    equal(await verify(thief, first), false);
    for (const given of ["", changed(first), undefined, browser.cookie])
      equal(await verify(browser, given), false);
    await browser.visit((session) => session.login("ada"));
    equal(await verify(browser, first), false);
    let called = 0;
    const guarded = site(lib, { csrf: true }).manager.handle(() => {
      called++;
      return new Response("ok");
    });
    const post = (headers) => {
      const made = request("https://shop.test/", { method: "POST" });
      Object.defineProperty(made, "headers", {
        value: { get: (name) => headers[name.toLowerCase()] ?? null },
      });
      return made;
    };
    equal((await guarded(post({ "sec-fetch-site": "cross-site" }))).status, 403);
    equal((await guarded(post({ origin: "https://evil.test" }))).status, 403);
    equal(called, 0);
    equal((await guarded(post({ "sec-fetch-site": "same-origin" }))).status, 200);
  });

  test("S59 scripts get no id: HttpOnly, and in no body, no other header and nothing that a handler is given", async (lib) => {
    const { browser } = site(lib);
    const { response, cookies } = await browser.visit((session) => session.set("n", 1).login("ada"));
    equal(cookies[0].attributes.httponly, true);
    const id = browser.cookie;
    for (const [name, value] of response.headers) ok(name === "set-cookie" || !value.includes(id), name);
    ok(!(await response.text()).includes(id));
    const { result } = await browser.visit((session) =>
      JSON.stringify([session.id, session.data, [...session.keys()]]),
    );
    ok(!result.includes(id), "a handler is given the id");
  });

  test("S60 every turn of a session's life is told, each with the hash that stands for it", async (lib) => {
    const s = site(lib, { secrets: KEY, idle: 60 });
    const { browser, manager, time, events } = s;
    await browser.visit((session) => session.set("n", 1));
    const old = browser.cookie;
    const { result: id } = await browser.visit((session) => session.id);
    await browser.visit((session) => session.renew());
    time.advance(11_000);
    await holder(manager, old).visit(() => {});
    await holder(manager, changed(old)).visit(() => {});
    const late = await manager.open(browser.request());
    late.set("n", 2);
    await browser.visit((session) => session.destroy());
    await manager.commit(late, new Response("ok"));
    const other = client(manager);
    await other.visit((session) => session.set("n", 1));
    time.advance(60_000);
    await other.visit(() => {});
    deepEqual(types(events), [
      "created",
      "renewed",
      "reused-after-renew",
      "forged",
      "destroyed",
      "gone",
      "created",
      "expired",
    ]);
    equal(events[0].id, id);
    equal(events[2].id, id);
    equal(events[7].id, events[6].id);
    for (const event of events) ok(/^[0-9A-Za-z_-]{16,}$/.test(event.id) && !old.startsWith(event.id));
    ok(!latin1(new TextEncoder().encode(JSON.stringify(events))).includes(old.slice(0, 24)));
  });
});
