/** ets-session/h3 under h3 2: in Node with and without its server, in Bun and in Deno; and the page about it. */
import { sessions } from "ets-session";
import { sessionMiddleware } from "ets-session/h3";
import { H3, HTTPError, onError } from "h3";
import { equal, group, test } from "../suite/harness.js";
import { inside } from "./elsewhere.mjs";
import app from "./h3-site.mjs";
import { moduleOf } from "./pages.mjs";
import { behaves } from "./site.mjs";
import { Visitor } from "./visitor.mjs";

const to =
  (site, under = "") =>
  (path, init) =>
    site.request(`https://app.test${under}${path}`, init);

behaves("h3", () => to(app));
behaves("h3, handlers that give a Response", () => to(app, "/as-response"));
behaves("h3, handlers that give an HTTPResponse", () => to(app, "/as-http-response"));
for (const runtime of ["bun", "deno"]) inside(runtime, "h3");

group("h3", () => {
  test("an error that is given is one that was thrown", async () => {
    const visitor = new Visitor(to(app));
    await visitor.visit("/count");
    equal((await visitor.visit("/given")).status, 404);
    equal((await visitor.visit("/peek")).text, "1");
  });

  test("what was not found is not found, and private where it was looked for", async () => {
    const manager = sessions({ table: "h3 not found" });
    const site = new H3().use(sessionMiddleware(manager)).use((event, next) => {
      event.context.session.increment("visits");
      return next();
    });
    const missing = await site.request("/nowhere");
    equal(missing.status, 404);
    equal(missing.headers.getSetCookie().length, 1);
    equal(missing.headers.get("cache-control"), "no-store");
    equal((await app.request("/nowhere")).status, 404);
  });

  test("hooks for errors see the error", async () => {
    const seen = [];
    const site = new H3({ silent: true })
      .use(onError((error) => seen.push(error.status) && undefined))
      .use(sessionMiddleware(sessions({ table: "h3 errors" })))
      .get("/", (event) => {
        event.context.session.set("broken", true);
        throw new HTTPError({ status: 418, headers: { "x-kept": "1" } });
      });
    const response = await site.request("/");
    equal(response.status, 418);
    equal(seen.join(), "418");
    equal(response.headers.get("x-kept"), "1");
    equal(response.headers.get("vary"), "Cookie");
    equal(response.headers.getSetCookie().length, 0);
  });

  test("what upgrades a connection is handed on as it is", async () => {
    const site = new H3().use(sessionMiddleware(sessions({ table: "h3 upgrade" }))).get("/", (event) => {
      event.context.session.increment("visits");
      return Object.assign(new Response(null, { status: 426 }), { crossws: "hooks" });
    });
    equal((await site.request("/")).crossws, "hooks");
  });

  test("a store is made from the worker's env", async () => {
    const given = [];
    const store = (env) => {
      given.push(env);
      throw new HTTPError({ status: 503 });
    };
    const site = new H3({ silent: true }).use(sessionMiddleware(sessions({ table: "h3 env", store })));
    const env = { NAME: "value" };
    const request = Object.assign(new Request("https://app.test/"), {
      runtime: { name: "cloudflare", cloudflare: { env } },
    });
    equal((await site.fetch(request)).status, 503);
    equal(given[0], env);
  });

  test("the page's code runs", async () => {
    const { default: site } = await moduleOf("frameworks/h3.md")("server.js");
    const visitor = new Visitor(to(site));
    equal((await visitor.visit("/")).text, "visit 1");
    equal((await visitor.visit("/")).text, "visit 2");
  });
});
