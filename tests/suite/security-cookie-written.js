/** The Set-Cookie line: safe by default, refused where no browser would take it, and sent when needed only. */
import { cookiesOf, isDeletion, site } from "./client.js";
import { setCookieLines } from "./env.js";
import { deepEqual, equal, group, ok, test, throwsCode, unique } from "./harness.js";
import { secured } from "./security-help.js";

const HTTP = "http://shop.test";
const DATE =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT$/;

const made = (lib, cookie) => lib.sessions({ table: unique("site"), cookie });
const refused = (lib, cookie) => throwsCode(() => made(lib, cookie), "ERR_BAD_OPTION");

async function first(lib, cookie, options = {}, origin = "https://shop.test") {
  const s = site(lib, { ...options, cookie }, origin);
  const { cookies } = await s.browser.visit((session) => session.set("n", 1));
  equal(cookies.length, 1, "Set-Cookie lines");
  return { ...s, sent: cookies[0] };
}

group("security, cookie written", () => {
  test("S26 by default the cookie is __Host-, Secure, HttpOnly, Path=/ and SameSite=Lax", async (lib) => {
    const { sent } = await first(lib);
    ok(sent.name.startsWith("__Host-"));
    deepEqual(sent.attributes, { path: "/", secure: true, httponly: true, samesite: "Lax" });
    const { sent: overHttp } = await first(lib, undefined, {}, HTTP);
    deepEqual(overHttp.attributes, { path: "/", httponly: true, samesite: "Lax" });
  });

  test("S27 a name with a prefix is refused unless it keeps the prefix's rules, in any letter case", async (lib) => {
    const rules = [
      ["__Host-", { domain: "shop.test" }],
      ["__Host-", { path: "/app" }],
      ["__Host-", { secure: false }],
      ["__Secure-", { secure: false }],
      ["__Http-", { secure: false }],
      ["__Http-", { httpOnly: false }],
      ["__Host-Http-", { httpOnly: false }],
      ["__Host-Http-", { path: "/app" }],
      ["__Host-Http-", { domain: "shop.test" }],
      ["__Host-Http-", { secure: false }],
    ];
    for (const [prefix, broken] of rules) {
      for (const spelled of [prefix, prefix.toLowerCase(), prefix.toUpperCase()]) {
        refused(lib, { name: `${spelled}id`, ...broken });
        equal((await first(lib, { name: `${spelled}id` })).sent.name, `${spelled}id`);
      }
    }
  });

  test("S28 SameSite=None needs Secure, and what is no SameSite is refused when it is given, not when it is sent", (lib) => {
    refused(lib, { sameSite: "None", secure: false });
    for (const sameSite of [
      "lax",
      "NONE",
      "",
      "Lax; Domain=evil.test",
      "Lax\r\nx: y",
      1,
      null,
      true,
      ["Lax"],
    ]) {
      if (sameSite !== null) refused(lib, { sameSite });
    }
    for (const option of ["priority", "Priority", "samesite", "expires"]) refused(lib, { [option]: "High" });
  });

  test("S28 SameSite=None over http is not sent, and an event says so", async (lib) => {
    const { browser, events } = site(lib, { cookie: { sameSite: "None" } }, HTTP);
    equal((await browser.visit((session) => session.set("n", 1))).cookies.length, 0);
    ok(events.some(({ type }) => type === "cookie-unsendable"));
  });

  test("S29 nothing can be smuggled into the line: what the grammar forbids is refused, never cut out", (lib) => {
    for (const bad of [";", "\r", "\n", "\r\n", "\0", "\x7f", "\x1b", "\u00e9", "\u2028", "\ud800", "😀"]) {
      refused(lib, { name: `a${bad}b` });
      refused(lib, { path: `/a${bad}b` });
      refused(lib, { domain: `a${bad}b.test` });
    }
    for (const bad of [
      " ",
      ",",
      "=",
      '"',
      "(",
      ")",
      "<",
      ">",
      "@",
      "[",
      "]",
      "{",
      "}",
      "/",
      ":",
      "?",
      "\\",
      "\t",
    ]) {
      refused(lib, { name: `a${bad}b` });
      refused(lib, { domain: `a${bad}b.test` });
    }
    for (const name of ["", 5, {}, [], Symbol.iterator]) refused(lib, { name });
    for (const path of ["", "a", "a/", 5, {}]) refused(lib, { path });
    for (const domain of ["", ".", "a..b", "-a.test", "a-.test", 5, {}]) refused(lib, { domain });
  });

  test("S30 name and value have 4,096 bytes at the most, an attribute 1,024", async (lib) => {
    const { sent } = await first(lib, { path: `/${"p".repeat(1023)}` });
    equal(sent.attributes.path.length, 1024);
    refused(lib, { path: `/${"p".repeat(1024)}` });
    refused(lib, { domain: `${"d.".repeat(512)}test` });
    refused(lib, { name: "n".repeat(4096) });
    refused(lib, { name: "" });
    const long = await first(lib, { name: "n".repeat(2000), secure: false });
    ok(long.sent.name.length + long.sent.value.length <= 4096);
  });

  test("S31 one line of ours, by itself, whatever a request did; the application's own stay as they are", async (lib) => {
    const { browser } = site(lib, { cookie: { maxAge: "1h" } });
    const theirs = ["a=1; Path=/", "b=2; Expires=Thu, 01 Jan 2099 00:00:00 GMT"];
    const answer = () => {
      const headers = new Headers();
      for (const line of theirs) headers.append("set-cookie", line);
      return new Response("ok", { headers });
    };
    for (const change of [
      (session) => session.set("n", 1),
      (session) => session.set("n", 2).renew(),
      (session) => session.login("ada"),
      (session) => {
        session.flash("notice", "x");
        session.login("bob");
        session.renew();
      },
      (session) => session.logout(),
    ]) {
      const { response, cookies } = await browser.visit((session) => change(session) || answer());
      const { length } = cookies.filter(({ name }) => name === "__Host-sid");
      equal(length, 1, "lines of ours");
      ok(setCookieLines(response).length === 1 || setCookieLines(response).length === 3);
    }
    const last = site(lib).browser;
    const { response } = await last.visit((session) => session.set("n", 1) && answer());
    deepEqual(setCookieLines(response).slice(0, 2), theirs);
    equal(setCookieLines(response).length, 3);
  });

  test("S31 a line of our name that the response has already gives way to ours", async (lib) => {
    const { manager, browser, table } = site(lib);
    const inner = manager.handle((_request, session) => session.set("inner", 1) && new Response("ok"));
    for (const answer of [
      () => new Response("ok", { headers: { "set-cookie": "__Host-sid=stale; Path=/; Secure" } }),
      () => inner(browser.request()),
    ]) {
      const visitor = site(lib, { table }).browser;
      const { cookies } = await visitor.visit((session) => session.set("outer", 1) && answer());
      equal(cookies.length, 1, "lines of one name");
      equal((await visitor.visit((session) => session.get("outer"))).result, 1);
    }
  });

  test("S31 also on responses whose headers can't be changed", async (lib) => {
    const { browser } = site(lib);
    const { cookies, response } = await browser.visit(
      (session) => session.set("n", 1) && Response.redirect("https://shop.test/next", 302),
    );
    equal(cookies.length, 1);
    equal(response.headers.get("location"), "https://shop.test/next");
  });

  test("S32 Max-Age is a whole number and Expires an HTTP date with four digits for the year", async (lib) => {
    for (const maxAge of [1, 1.5, "90s", 3600.75, "400d"]) {
      const { sent } = await first(lib, { maxAge });
      ok(/^[1-9]\d*$/.test(sent.attributes["max-age"]), "Max-Age");
      ok(DATE.test(sent.attributes.expires), "Expires");
    }
    for (const maxAge of [0, -1, Number.NaN, Infinity, 1e300, 0.001, "soon", "1e3s", null, {}])
      refused(lib, { maxAge });
    const far = site(lib, { cookie: { maxAge: "1d" } });
    far.time.set(8.64e15 - 1000);
    const [sent] = (await far.browser.visit((session) => session.set("n", 1))).cookies;
    ok(
      sent.attributes.expires === undefined || DATE.test(sent.attributes.expires),
      "Expires of the year 275760",
    );
    const { cookies } = await far.browser.visit((session) => session.destroy());
    ok(cookies.every(isDeletion) && cookies.every(({ attributes }) => DATE.test(attributes.expires)));
  });

  test("S33 a request that changes nothing sets no cookie and makes no row", async (lib) => {
    const { another, table } = site(lib);
    for (const use of [
      () => {},
      (session) => session.get("n"),
      (session) => session.data,
      (session) => session.delete("n"),
      (session) => session.clear(),
      (session) => session.renew(),
      (session) => session.flashed("notice"),
      (session) => session.set("n", 1).ignore(),
      (session) => session.destroy(),
    ]) {
      const { response, cookies } = await another().visit((session) => {
        use(session);
      });
      equal(cookies.length, 0);
      equal(response.headers.get("set-cookie"), null);
    }
    equal(table.size, 0);
  });

  test("S34 the cookie goes out on errors too", async (lib) => {
    for (const status of [400, 401, 403, 404, 410, 429]) {
      const { browser } = site(lib);
      const answer = () => new Response(null, { status });
      equal(
        (await browser.visit((session) => session.set("n", 1) && answer())).cookies.length,
        1,
        `on ${status}`,
      );
    }
    for (const status of [500, 503]) {
      const answer = () => new Response(null, { status });
      const saving = site(lib, { saveOnError: true }).browser;
      equal(
        (await saving.visit((session) => session.set("n", 1) && answer())).cookies.length,
        1,
        `on ${status}`,
      );
      const { browser, manager } = await secured(lib);
      const session = await manager.open(browser.request());
      session.destroy();
      equal(
        cookiesOf(await manager.commit(session, answer())).filter(isDeletion).length,
        1,
        `ended on ${status}`,
      );
    }
  });
});
