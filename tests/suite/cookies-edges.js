/** What is sent and refused at the edges of the cookie's options, found by mutants that nobody caught. */
import { site } from "./client.js";
import { request } from "./env.js";
import { deepEqual, equal, group, ok, test, throwsCode, unique } from "./harness.js";

const options = (lib, cookie) => lib.sessions({ table: unique("site"), cookie });

group("edges of cookies", () => {
  test("Partitioned without Secure is refused when configured, and not sent over http", async (lib) => {
    throwsCode(() => options(lib, { secure: false, partitioned: true }), "ERR_BAD_OPTION", {
      option: "cookie.partitioned",
    });
    const { browser, events, table } = site(lib, { cookie: { partitioned: true } }, "http://shop.test");
    const { cookies } = await browser.visit((session) => session.set("n", 1));
    equal(cookies.length, 0);
    equal(table.count(), 1);
    const [told] = events.filter(({ type }) => type === "cookie-unsendable");
    ok(told.reason.includes("Partitioned"), "the reason is another one");
  });

  test("a name has 2048 characters at the most, a domain 255, and neither is a list of one", async (lib) => {
    const long = "n".repeat(2048);
    const { browser } = site(lib, { cookie: { name: long } });
    const { cookies } = await browser.visit((session) => session.set("n", 1));
    equal(cookies[0].name, `__Host-${long}`);
    const label = "a".repeat(63);
    const domain = [label, label, label, label].join(".");
    equal(domain.length, 255);
    for (const right of [domain, "a.b", "x", ".x-1.test"]) options(lib, { domain: right });
    for (const [option, given] of [
      ["name", `${long}n`],
      ["domain", `.${domain}`],
      ["domain", `${label}a`],
      ["domain", "a..b"],
      ["domain", "a-.b"],
      ["name", ["sid"]],
      ["path", ["/"]],
      ["domain", ["shop.test"]],
    ]) {
      const told = { option: `cookie.${option}` };
      throwsCode(() => options(lib, { [option]: given }), "ERR_BAD_OPTION", told);
    }
  });

  test("a refusal names the option and what was given", (lib) => {
    for (const [cookie, option, given] of [
      [5, "cookie", 5],
      [null, "cookie", "null"],
      [{ name: "" }, "cookie.name", ""],
      [{ path: "x" }, "cookie.path", "x"],
      [{ domain: "-" }, "cookie.domain", "-"],
      [{ secure: "no" }, "cookie.secure", "no"],
      [{ httpOnly: 1 }, "cookie.httpOnly", 1],
      [{ sameSite: "lax" }, "cookie.sameSite", "lax"],
      [{ partitioned: 0 }, "cookie.partitioned", 0],
      [{ maxAge: "1y" }, "cookie.maxAge", "1y"],
      [{ maxAge: "401d" }, "cookie.maxAge", "401d"],
      [{ secure: false, sameSite: "None" }, "cookie.sameSite", "None"],
      [{ secure: false, partitioned: true }, "cookie.partitioned", "true"],
      [{ secure: false, name: "__Secure-a" }, "cookie.name", "__Secure-a"],
      [{ path: "/a", name: "__Host-a" }, "cookie.name", "__Host-a"],
      [{ httpOnly: false, name: "__Http-a" }, "cookie.name", "__Http-a"],
    ]) {
      throwsCode(() => options(lib, cookie), "ERR_BAD_OPTION", { option, given });
    }
  });

  test("our cookie is found behind empty pairs, spaces and names as long as its own", async (lib) => {
    const { browser, manager } = site(lib);
    await browser.visit((session) => session.set("n", 1));
    const id = browser.cookie;
    const name = "__Host-sid";
    const other = name.replace("sid", "sie");
    for (const [header, n] of [
      [`;${name}=${id}`, 1],
      [`;;; ;${name}=${id};`, 1],
      [`\t ${name}\t =\t ${id}\t ; a=b`, 1],
      [`${name} ;${name}=${id}`, 1],
      [`${other}=${id}`, undefined],
      [`${name}x=${id}`, undefined],
      [`${name};=${id}`, undefined],
      [`${name}=; ${id}`, undefined],
      [`${name}`, undefined],
    ]) {
      const session = await manager.open(request("https://shop.test/", { cookie: header }));
      equal(session.get("n"), n, `n behind ${header.length} characters`);
    }
  });

  test("a name with a prefix in the middle is no name with a prefix", async (lib) => {
    const { browser } = site(lib, { cookie: { name: "a__Secure-b" } }, "http://shop.test");
    equal((await browser.visit((session) => session.set("n", 1))).cookies[0].name, "a__Secure-b");
    for (const told of [{ path: "/app" }, { domain: "shop.test" }]) {
      const { browser: other } = site(lib, { cookie: told });
      equal((await other.visit((session) => session.set("n", 1))).cookies[0].name, "sid");
    }
  });

  test("an end in the year 10000 has no Expires, one a second before has", async (lib) => {
    const year = 253_402_300_800_000;
    for (const [end, expires] of [
      [year, undefined],
      [year - 1000, "Fri, 31 Dec 9999 23:59:59 GMT"],
    ]) {
      const { browser } = site(lib, { now: () => end - 3_600_000, cookie: { maxAge: "1h" } });
      const { cookies } = await browser.visit((session) => session.set("n", 1));
      deepEqual([cookies[0].attributes.expires, cookies[0].attributes["max-age"]], [expires, "3600"]);
    }
  });

  test("a response keeps the socket of an upgrade", async (lib) => {
    const { manager } = site(lib);
    const socket = {};
    const given = Object.defineProperty(new Response("ok"), "webSocket", { value: socket });
    const session = await manager.open(new Request("https://shop.test/"));
    session.set("n", 1);
    const Native = globalThis.Response;
    const inits = [];
    globalThis.Response = class extends Native {
      constructor(body, { webSocket, ...init } = {}) {
        super(body, init);
        inits.push(webSocket);
      }
    };
    try {
      await manager.commit(session, given);
    } finally {
      globalThis.Response = Native;
    }
    deepEqual(inits.length, 1);
    equal(inits[0], socket);
  });
});
