/** www/docs/moving.md: logged in with the old library, and still so with ours. */
import { createServer } from "node:http";
import { table } from "ets-session/table";
import express from "express";
import expressSession from "express-session";
import { MemoryStore } from "hono-sessions";
import { deepEqual, equal, group, ok, test } from "../suite/harness.js";
import { moduleOf } from "./pages.mjs";

process.env.OLD_SECRET = "an old secret of at least thirty-two bytes";
const page = moduleOf("moving.md");

/** A browser that visits one place after the other with one jar. */
class Browser {
  jar = new Map();

  async visit(fetch, path = "/") {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const request = new Request(`http://localhost${path}`, { headers: cookie ? { cookie } : {} });
    const response = await fetch(request);
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (/max-age=0/i.test(line)) this.jar.delete(name);
      else this.jar.set(name, value);
    }
    return response.text();
  }

  copy() {
    const other = new Browser();
    other.jar = new Map(this.jar);
    return other;
  }
}

/** What serves Node's requests, as something that takes a Request. */
async function served(listener, use) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const visit = (request) => fetch(origin + new URL(request.url).pathname, { headers: request.headers });
  try {
    return await use(visit, origin);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Moves one browser, and looks at what a copy of its old cookie is still good for. */
async function moves(theirs, ours, cookie) {
  const browser = new Browser();
  equal(await browser.visit(theirs), "hello stranger");
  equal(await browser.visit(theirs, "/login"), "hello ada");
  equal(await browser.visit(theirs), "hello ada");
  const copied = browser.copy();
  equal(await browser.visit(ours), "hello ada");
  deepEqual([...browser.jar.keys()], ["sid"], "cookies");
  equal(await browser.visit(ours), "hello ada");
  equal(await copied.visit(ours), "hello stranger");
  ok(!copied.jar.has("sid"), "a copy got a session");
  const stranger = new Browser();
  stranger.jar.set(cookie, "garbage%2");
  equal(await stranger.visit(ours), "hello stranger");
  stranger.jar.set(cookie, "s%3Agarbage.signature");
  equal(await stranger.visit(ours), "hello stranger");
  ok(!stranger.jar.has(cookie), "what is not good for anything stays");
  const fresh = new Browser();
  equal(await fresh.visit(ours), "hello stranger");
  equal(fresh.jar.size, 0);
  equal(await fresh.visit(ours, "/login"), "hello ada");
  equal(await fresh.visit(ours), "hello ada");
}

group("moving", () => {
  test("from express-session to another store: the same cookie, the same session", async () => {
    const theirs = await page("express-session/theirs.mjs");
    const { store } = await page("express-session/store.mjs");
    const app = express();
    app.use(
      expressSession({ secret: process.env.OLD_SECRET, store, resave: false, saveUninitialized: false }),
    );
    app.get("/logout", (req, res) => req.session.destroy(() => res.send("bye")));
    app.get("/", (req, res) => res.send(`hello ${req.session.user ?? "stranger"}`));
    const browser = new Browser();
    await served(theirs.app, (visit) => browser.visit(visit, "/login"));
    const before = new Map(browser.jar);
    const count = () => new Promise((resolve) => theirs.old.length((_error, length) => resolve(length)));
    equal(await count(), 1);
    await served(app, async (visit) => {
      equal(await browser.visit(visit), "hello ada");
      equal(await count(), 0);
      equal(await browser.visit(visit), "hello ada");
      deepEqual(browser.jar, before);
      equal(await new Browser().visit(visit), "hello stranger");
      await browser.visit(visit, "/logout");
      equal(await browser.visit(visit), "hello stranger");
    });
  });

  test("from express-session to a Request and a Response", async () => {
    const theirs = await page("express-session/theirs.mjs");
    const ours = await page("express-session/ours.mjs");
    await served(theirs.app, (visit) => moves(visit, ours.fetch, "connect.sid"));
    deepEqual(Object.keys(theirs.old.sessions), []);
  });

  test("from iron-session", async () => {
    const theirs = await page("iron-session/theirs.mjs");
    const ours = await page("iron-session/ours.mjs");
    await moves(theirs.fetch, ours.fetch, "app");
  });

  test("from hono-sessions", async () => {
    const theirs = await page("hono-sessions/theirs.mjs");
    const ours = await page("hono-sessions/ours.mjs");
    const [old, fresh] = [theirs, ours].map(
      ({ app }) =>
        (request) =>
          app.fetch(request),
    );
    await moves(old, fresh, "session");
  });

  test("from Plug, with somebody in its place who is asked", async () => {
    const asked = [];
    const plug = ({ headers, url }, response) => {
      asked.push(url);
      const known =
        headers.cookie === "_my_app_key=an-id" && headers.authorization?.endsWith(process.env.OLD_SECRET);
      response.writeHead(known ? 200 : 404, { "content-type": "application/json" });
      response.end(known ? '{"user":"ada"}' : "");
    };
    const { fetch } = await page("plug/bridged.mjs");
    await served(plug, async (_visit, origin) => {
      process.env.OLD_APP = origin;
      const browser = new Browser();
      browser.jar.set("_my_app_key", "an-id");
      const copied = browser.copy();
      equal(await browser.visit(fetch), "hello ada");
      deepEqual([...browser.jar.keys()], ["sid"]);
      equal(await browser.visit(fetch), "hello ada");
      equal(await copied.visit(fetch), "hello stranger");
      const stranger = new Browser();
      stranger.jar.set("_my_app_key", "another");
      equal(await stranger.visit(fetch), "hello stranger");
      deepEqual(asked, ["/session-fields", "/session-fields", "/session-fields"]);
    });
    const plain = await page("plug/ours.mjs");
    const browser = new Browser();
    await browser.visit(plain.fetch, "/login");
    equal(await browser.visit(plain.fetch), "hello ada");
  });

  test("who met a failure moves with the next request, and of two at once one moves", async () => {
    const { bridge } = await page("bridge.mjs");
    const { sessions } = await import("ets-session");
    const answers = [503, "thrown", 200];
    const ended = [];
    const old = {
      cookie: "old",
      read: async (value) => (value.startsWith("good") ? { user: "ada", theme: "dark" } : undefined),
      take(session, { user, theme }) {
        session.login(user);
        session.set("theme", theme);
      },
      end: async (value) => ended.push(value),
    };
    const manager = sessions({ table: "from-old" });
    let answer = () => new Response("");
    const fetch = manager.handle(bridge(old, (_request, session) => answer(session)));
    const browser = new Browser();
    browser.jar.set("old", "good");
    for (const status of answers) {
      answer = (session) => {
        if (status === "thrown") throw new Error("thrown");
        return new Response(`${session.subject} ${session.get("theme")}`, { status });
      };
      const text = await browser.visit(fetch).catch((error) => error.message);
      equal(text, status === "thrown" ? "thrown" : "ada dark");
      equal(browser.jar.has("old"), status !== 200, `old cookie after ${status}`);
      equal(manager.table.size, status === 200 ? 1 : 0);
    }
    deepEqual(ended, ["good"]);
    equal(table("moved").member("good"), true);

    const [one, two] = [new Browser(), new Browser()];
    for (const { jar } of [one, two]) jar.set("old", "good-too");
    answer = (session) => new Response(session.subject ?? "stranger");
    deepEqual((await Promise.all([one.visit(fetch), two.visit(fetch)])).sort(), ["ada", "stranger"]);
    deepEqual(ended, ["good", "good-too"]);
    // The loser may answer last, and must not take away what the winner's failure would leave.
    deepEqual([one, two].map(({ jar }) => [...jar.keys()].join()).sort(), ["old", "sid"]);
  });

  test("hono-sessions' stores have the methods that the page names", () => {
    for (const name of ["getSessionById", "deleteSession"]) equal(typeof new MemoryStore()[name], "function");
  });
});
