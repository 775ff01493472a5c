/** ets-session/hono under Hono, in Node and inside workerd, and the page about it. */
import { fileURLToPath } from "node:url";
import { sessions } from "ets-session";
import { sessionMiddleware } from "ets-session/hono";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { Miniflare } from "miniflare";
import { bundle } from "../runtimes/workerd/bundle.mjs";
import { equal, group, ok, test } from "../suite/harness.js";
import app from "./hono-site.mjs";
import { moduleOf } from "./pages.mjs";
import { behaves } from "./site.mjs";
import { Visitor } from "./visitor.mjs";

const to =
  (site, scheme = "https") =>
  (path, init) =>
    site.request(`${scheme}://app.test${path}`, init);

behaves("hono in Node", () => to(app));
behaves("hono in Node, over http", () => to(app, "http"));

let worker;
behaves("hono in workerd", () => {
  return async (path, init) => {
    worker ??= await start();
    return worker.dispatchFetch(`https://app.test${path}`, init);
  };
});

async function start() {
  const modules = await bundle(fileURLToPath(new URL("hono-site.mjs", import.meta.url)));
  return new Miniflare({ modules, compatibilityDate: "2024-09-01", host: "127.0.0.1", port: 0, cf: false });
}

group("hono", () => {
  test("an upgrade in workerd keeps its socket and its session", async () => {
    worker ??= await start();
    const visitor = new Visitor((path, init) => worker.dispatchFetch(`https://app.test${path}`, init));
    await visitor.visit("/count");
    const headers = { upgrade: "websocket", cookie: `__Host-sid=${visitor.id}` };
    const { status, webSocket } = await worker.dispatchFetch("https://app.test/socket", { headers });
    equal(status, 101);
    const message = new Promise((resolve) =>
      webSocket.addEventListener("message", ({ data }) => resolve(data)),
    );
    webSocket.accept();
    equal(await message, "visit 2");
    webSocket.close();
    await worker.dispose();
  });

  test("a store is made from the worker's env", async () => {
    const given = [];
    const store = (env) => {
      given.push(env);
      throw new HTTPException(503);
    };
    const site = new Hono().use(sessionMiddleware(sessions({ table: "hono env", store })));
    const env = { NAME: "value" };
    equal((await site.request("/", {}, env)).status, 503);
    equal(given[0], env);
  });

  test("an error that onError() answers well stores nothing either", async () => {
    const manager = sessions({ table: "hono errors" });
    const site = new Hono().use(sessionMiddleware(manager)).get("/", (c) => {
      c.var.session.set("broken", true);
      throw new Error("broken");
    });
    site.onError((_error, c) => c.text("all is well"));
    const response = await site.request("/");
    equal(response.status, 200);
    equal(response.headers.getSetCookie().length, 0);
    equal(response.headers.get("vary"), "Cookie");
    equal(manager.table.size, 0);
  });

  test("a middleware outside of it may change the response afterwards", async () => {
    const site = new Hono()
      .use(async (c, next) => {
        await next();
        c.header("x-late", "1");
      })
      .use(sessionMiddleware(sessions({ table: "hono late" })))
      .get("/", (c) => c.text(`${c.var.session.increment("n")}`));
    const response = await site.request("/");
    equal(response.headers.get("x-late"), "1");
    equal(response.headers.getSetCookie().length, 1);
  });

  test("the page's code runs", async () => {
    const { default: site } = await moduleOf("frameworks/hono.md")("worker.js");
    const visitor = new Visitor(to(site));
    equal((await visitor.visit("/")).text, "visit 1");
    equal((await visitor.visit("/")).text, "visit 2");
    await visitor.visit("/login", { method: "POST" });
    const own = await visitor.visit("/sessions");
    equal(JSON.parse(own.text).length, 1);
    ok(/no-store|private/.test(own.headers.get("cache-control")));
  });
});
