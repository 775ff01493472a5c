/** What is added to a response at its edges, and which requests count as another site's, found by mutants. */
import { site } from "./client.js";
import { request } from "./env.js";
import { deepEqual, equal, group, rejectsCode, test } from "./harness.js";

const get = (response, ...names) => names.map((name) => response.headers.get(name));

/** The answer with these headers of one who looks at a session, or who gets a cookie by it. */
async function answered(lib, headers, cookie) {
  const { browser } = site(lib);
  const act = (session) => (cookie ? session.set("n", 1) : session.has("n"));
  const { response } = await browser.visit((session) => {
    act(session);
    return new Response(null, { headers });
  });
  return response;
}

/** Pages may not set what browsers say of themselves. */
function withHeader(asked, header, value) {
  const headers = { get: (name) => (name === header ? value : null) };
  return Object.defineProperty(asked, "headers", { value: headers });
}

group("edges of responses", () => {
  test("what CDNs are told by fields of their own is taken away", async (lib) => {
    const cdn = ["", "Cloudflare-", "Netlify-", "Vercel-"].map((whose) => `${whose}CDN-Cache-Control`);
    const others = ["Surrogate-Control", "Edge-Control", "Akamai-Cache-Control", "X-Accel-Expires"];
    for (const name of [...cdn, ...others]) {
      for (const cookie of [false, true]) {
        deepEqual(get(await answered(lib, { [name]: "max-age=60" }, cookie), name), [null]);
      }
    }
  });

  test("what is only called like it stays", async (lib) => {
    const others = ["CDN-Cache-Controls", "XCDN-Cache-Control", "Surrogate-Controls", "X-Surrogate-Control"];
    const more = [
      "My-Akamai-Cache-Control",
      "Akamai-Cache-Control-2",
      "A-X-Accel-Expires",
      "X-Accel-Expires-In",
    ];
    for (const name of [...others, ...more]) {
      deepEqual(get(await answered(lib, { [name]: "max-age=60" }, true), name), ["max-age=60"]);
    }
  });

  test("Cache-Control gets what it lacks, and keeps what is stricter in its own letters", async (lib) => {
    for (const [given, looked, sent] of [
      [undefined, "private", "no-store"],
      ["", "private", "no-store"],
      ["Private", "Private", "Private, no-store"],
      ["NO-STORE", "NO-STORE", "NO-STORE"],
      ["no-store, private", "no-store, private", "no-store, private"],
      ["max-age=5", "max-age=5, private", "max-age=5, no-store"],
      ["public, max-age=5", "max-age=5, private", "max-age=5, no-store"],
      ["x-public", "x-public, private", "x-public, no-store"],
      ["public-x", "public-x, private", "public-x, no-store"],
      ["S-MaxAge=5,,must-understand , Proxy-Revalidate", "private", "no-store"],
    ]) {
      const headers = given === undefined ? {} : { "cache-control": given };
      deepEqual(get(await answered(lib, headers, false), "cache-control"), [looked]);
      deepEqual(get(await answered(lib, headers, true), "cache-control"), [sent]);
    }
  });

  test("Vary that says nothing becomes Cookie, and what says it in other letters stays", async (lib) => {
    for (const [given, told] of [
      ["", "Cookie"],
      ["  ", "Cookie"],
      ["Accept", "Accept, Cookie"],
      ["accept , COOKIE", "accept , COOKIE"],
      ["*", "*"],
      ["Cookies", "Cookies, Cookie"],
    ]) {
      deepEqual(get(await answered(lib, { vary: given }, false), "vary"), [told]);
    }
  });

  test("of earlier lines of Set-Cookie ours alone gives way", async (lib) => {
    const { manager } = site(lib);
    const given = new Response("ok");
    const others = ["__Host-si=1", "__Host-sidx=2; Path=/", "_=3", "sid=4"];
    for (const line of [...others, "__Host-sid=old"]) given.headers.append("Set-Cookie", line);
    const session = await manager.open(new Request("https://shop.test/"));
    session.set("n", 1);
    const lines = (await manager.commit(session, given)).headers.getSetCookie();
    equal(lines.length, 5);
    deepEqual(lines.slice(0, 4), others);
  });

  test("a visitor without our cookie is sent none to take it away", async (lib) => {
    const { manager } = site(lib);
    for (const cookie of [undefined, "", "other=1"]) {
      const session = await manager.open(
        request("https://shop.test/", cookie === undefined ? {} : { cookie }),
      );
      session.destroy();
      equal((await manager.commit(session, new Response("ok"))).headers.getSetCookie().length, 0);
    }
  });
});

group("edges of the csrf check", () => {
  test("a method that has a safe one in its name is not safe", async (lib) => {
    for (const [method, status] of [
      ["GET", 200],
      ["HEAD", 200],
      ["OPTIONS", 200],
      ["XGET", 403],
      ["GETX", 403],
      ["get", 403],
    ]) {
      const { manager } = site(lib, { csrf: true });
      const asked = withHeader(request("https://shop.test/"), "Sec-Fetch-Site", "cross-site");
      Object.defineProperty(asked, "method", { value: method });
      equal((await manager.handle(() => new Response("ok"))(asked)).status, status, method);
    }
  });

  test("no other origins are none", async (lib) => {
    for (const csrf of [true, {}, { origins: [] }]) {
      const { manager } = site(lib, { csrf });
      const app = manager.handle(() => new Response("ok"));
      for (const [origin, status] of [
        ["https://shop.test", 200],
        ["https://other.test", 403],
        ["null", 403],
        [undefined, 200],
      ]) {
        const asked = withHeader(request("https://shop.test/", { method: "POST" }), "Origin", origin ?? null);
        equal((await app(asked)).status, status);
      }
    }
  });

  test("a response that somebody reads already is refused before anything is stored", async (lib) => {
    const used = async () => {
      const response = new Response("ok");
      await response.text();
      return response;
    };
    const locked = () => {
      const response = new Response("ok");
      response.body.getReader();
      return response;
    };
    for (const make of [used, locked]) {
      const { manager, table } = site(lib);
      const session = await manager.open(new Request("https://shop.test/"));
      session.login("ada");
      await rejectsCode(manager.commit(session, await make()), "ERR_BAD_OPTION", {
        option: "response",
        given: "one that was read",
      });
      equal(table.size, 0);
      await manager.commit(session, new Response("ok"));
      equal((await manager.list("ada")).length, 1);
    }
  });
});
