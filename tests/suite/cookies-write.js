/** The Set-Cookie we send: its name, value and attributes on the wire, and when it is sent at all. */
import { cookiesOf, site } from "./client.js";
import { setCookieLines } from "./env.js";
import { deepEqual, equal, fail, group, ok, T0, test, unique } from "./harness.js";

const HTTP = "http://shop.test";
const DAY = 86_400;

/** The one cookie that a first write sends. */
async function firstCookie(lib, cookie, origin, options) {
  const s = site(lib, { ...options, cookie }, origin);
  const { cookies } = await s.browser.visit((session) => session.set("n", 1));
  equal(cookies.length, 1, "Set-Cookie lines");
  return { ...s, cookie: cookies[0] };
}

const httpDate = (ms) => new Date(ms).toUTCString();

group("cookies written", () => {
  test("over https: __Host-sid; Path=/; Secure; HttpOnly; SameSite=Lax, and nothing else", async (lib) => {
    const { cookie } = await firstCookie(lib);
    equal(cookie.name, "__Host-sid");
    ok(/^[A-Za-z0-9_-]{24}$/.test(cookie.value), "the value is not 24 base64url characters");
    deepEqual(cookie.attributes, { path: "/", secure: true, httponly: true, samesite: "Lax" });
  });

  test("over http: sid; Path=/; HttpOnly; SameSite=Lax, and nothing else", async (lib) => {
    const { cookie } = await firstCookie(lib, undefined, HTTP);
    equal(cookie.name, "sid");
    deepEqual(cookie.attributes, { path: "/", httponly: true, samesite: "Lax" });
  });

  test("secure: true is sent as such over http too", async (lib) => {
    const { cookie } = await firstCookie(lib, { secure: true }, HTTP);
    equal(cookie.name, "__Host-sid");
    equal(cookie.attributes.secure, true);
  });

  test("secure: false over https: no Secure, no prefix", async (lib) => {
    const { cookie } = await firstCookie(lib, { secure: false });
    equal(cookie.name, "sid");
    deepEqual(cookie.attributes, { path: "/", httponly: true, samesite: "Lax" });
  });

  test("X-Forwarded-Proto and its like are not believed", async (lib) => {
    const { browser } = site(lib, {}, HTTP);
    const headers = { "x-forwarded-proto": "https", forwarded: "proto=https", "x-forwarded-ssl": "on" };
    const { cookies } = await browser.visit((session) => session.set("n", 1), { headers });
    equal(cookies[0].name, "sid");
    equal("secure" in cookies[0].attributes, false);
  });

  for (const [what, options, name, attributes] of [
    ["a domain", { domain: "shop.test" }, "sid", { domain: "shop.test", path: "/" }],
    ["another path", { path: "/app" }, "sid", { path: "/app" }],
    ["a name of one's own", { name: "id" }, "__Host-id", { path: "/" }],
    ["a name with one underscore", { name: "_id" }, "__Host-_id", { path: "/" }],
    ["a name with a __ prefix of its own", { name: "__Secure-id" }, "__Secure-id", { path: "/" }],
    ["the __Host- prefix given by hand", { name: "__Host-id" }, "__Host-id", { path: "/" }],
    ["any other __ name", { name: "__id" }, "__id", { path: "/" }],
  ]) {
    test(`with ${what} the cookie is ${name}`, async (lib) => {
      const { cookie } = await firstCookie(lib, options);
      equal(cookie.name, name);
      deepEqual(cookie.attributes, { ...attributes, secure: true, httponly: true, samesite: "Lax" });
    });
  }

  test("httpOnly: false, SameSite and Partitioned are sent as told", async (lib) => {
    const told = { httpOnly: false, sameSite: "None", partitioned: true };
    deepEqual((await firstCookie(lib, told)).cookie.attributes, {
      path: "/",
      secure: true,
      samesite: "None",
      partitioned: true,
    });
    equal((await firstCookie(lib, { sameSite: "Strict" })).cookie.attributes.samesite, "Strict");
  });

  for (const [given, seconds] of [
    [3600, 3600],
    ["12h", 12 * 3600],
    ["400d", 400 * DAY],
  ]) {
    test(`maxAge: ${JSON.stringify(given)} sends Max-Age and Expires that agree`, async (lib) => {
      const { cookie } = await firstCookie(lib, { maxAge: given }, undefined, {
        idle: "400d",
        absolute: "400d",
      });
      equal(cookie.attributes["max-age"], String(seconds));
      equal(cookie.attributes.expires, httpDate(T0 + seconds * 1000));
    });
  }

  test('maxAge: "session" sends neither', async (lib) => {
    const { cookie } = await firstCookie(lib, { maxAge: "session" });
    equal("max-age" in cookie.attributes || "expires" in cookie.attributes, false);
  });

  test("a browser-session cookie is not sent again on writes", async (lib) => {
    const { browser, time } = await firstCookie(lib);
    for (let i = 2; i < 6; i++) {
      time.advance(600_000);
      const { cookies } = await browser.visit((session) => session.set("n", i));
      equal(cookies.length, 0);
    }
  });

  test("a persistent cookie is sent again past half of its life, not before", async (lib) => {
    const s = await firstCookie(lib, { maxAge: 3600 }, undefined, { idle: "2h" });
    const write = async (n) => (await s.browser.visit((session) => session.set("n", n))).cookies;
    s.time.set(T0 + 1_000_000);
    equal((await write(2)).length, 0);
    s.time.set(T0 + 1_799_000);
    equal((await write(3)).length, 0);
    s.time.set(T0 + 1_801_000);
    const again = await write(4);
    equal(again.length, 1);
    equal(again[0].value, s.cookie.value);
    equal(again[0].attributes["max-age"], "3600");
    equal(again[0].attributes.expires, httpDate(T0 + 1_801_000 + 3_600_000));
    s.time.set(T0 + 1_801_000 + 1_799_000);
    equal((await write(5)).length, 0);
  });

  for (const [what, cookie, origin] of [
    ["by default", undefined],
    ["over http", undefined, HTTP],
    ["with domain and path", { domain: "shop.test", path: "/app" }],
    ["with SameSite=None and Partitioned", { sameSite: "None", partitioned: true }],
    ["with maxAge", { maxAge: "7d" }],
    ["with httpOnly: false", { httpOnly: false, name: "__Secure-id" }],
  ]) {
    test(`the deletion cookie repeats name and attributes, ${what}`, async (lib) => {
      const s = await firstCookie(lib, cookie, origin);
      const { cookies } = await s.browser.visit((session) => session.destroy());
      equal(cookies.length, 1, "Set-Cookie lines");
      const [deletion] = cookies;
      equal(deletion.name, s.cookie.name);
      equal(deletion.value, "");
      equal(deletion.attributes["max-age"], "0");
      ok(Date.parse(deletion.attributes.expires) < Date.parse("1971-01-01"), "Expires is not in the past");
      const without = ({ expires, "max-age": _, ...rest }) => rest;
      deepEqual(without(deletion.attributes), without(s.cookie.attributes));
      equal(s.browser.jar.size, 0);
    });
  }

  for (const [what, cookie] of [
    ["SameSite=None", { sameSite: "None" }],
    ["a __Host- name given by hand", { name: "__Host-id" }],
    ["a __Secure- name given by hand", { name: "__Secure-id" }],
  ]) {
    test(`${what} under "auto" over http: no cookie, an event, and the response goes out`, async (lib) => {
      const { browser, events } = site(lib, { cookie }, HTTP);
      const { response, cookies } = await browser.visit((session) => session.set("n", 1));
      equal(cookies.length, 0);
      equal(await response.text(), "ok");
      const unsendable = events.filter(({ type }) => type === "cookie-unsendable");
      equal(unsendable.length, 1, "cookie-unsendable events");
      ok(
        typeof unsendable[0].reason === "string" && unsendable[0].reason.length > 0,
        "the event gives no reason",
      );
    });
  }

  test("the application's own cookies stay, each a line of its own", async (lib) => {
    const { browser } = site(lib);
    const { response } = await browser.visit((session) => {
      session.set("n", 1);
      const headers = new Headers({ "x-app": "yes" });
      headers.append("set-cookie", "theme=dark; Path=/");
      headers.append("set-cookie", "lang=en; Expires=Thu, 01 Jan 2099 00:00:00 GMT");
      return new Response("body", { headers });
    });
    const lines = setCookieLines(response);
    equal(lines.length, 3);
    ok(
      lines.includes("theme=dark; Path=/") &&
        lines.includes("lang=en; Expires=Thu, 01 Jan 2099 00:00:00 GMT"),
    );
    equal(response.headers.get("x-app"), "yes");
  });

  test("a Response given back twice carries no cookie over", async (lib) => {
    const { manager, another, table } = site(lib);
    const shared = new Response(null, { status: 204, headers: { "x-app": "yes" } });
    const first = await another().visit((session) => session.set("n", 1) && shared);
    const second = await another().visit((session) => session.set("n", 2) && shared);
    const third = await another().visit(() => shared);
    equal(first.cookies.length, 1);
    equal(second.cookies.length, 1);
    ok(first.cookies[0].value !== second.cookies[0].value, "two visitors got one id");
    equal(third.cookies.length, 0);
    equal(third.response.headers.get("cache-control"), null);
    equal(third.response.headers.get("vary"), null);
    equal(setCookieLines(shared).length, 0);
    equal(table.count(), 2);
    const session = await manager.open(another().request());
    session.set("n", 3);
    equal(cookiesOf(await manager.commit(session, shared)).length, 1);
    equal(setCookieLines(shared).length, 0);
  });

  test("a cookie that no browser would take is an error, configured or sent", async (lib) => {
    try {
      const manager = lib.sessions({ table: unique("site"), cookie: { name: "n".repeat(4097) } });
      await manager.handle((_request, session) => {
        session.set("n", 1);
        return new Response("ok");
      })(new Request("https://shop.test/"));
    } catch (error) {
      ok(["ERR_BAD_OPTION", "ERR_COOKIE_TOO_LARGE"].includes(error.code), `threw ${error.code ?? error}`);
      return;
    }
    fail("a cookie of more than 4,096 octets was sent");
  });
});
