/** ets-session/express with express and fastify, beside what each has in its place. */
import cookiePlugin from "@fastify/cookie";
import fastifySession from "@fastify/session";
import { EtsError, etsStore } from "ets-session/express";
import { createTable, table } from "ets-session/table";
import express from "express";
import session from "express-session";
import fastify from "fastify";
import { clock, deepEqual, equal, group, ok, test, unique } from "../suite/harness.js";
import { moduleOf } from "./pages.mjs";

process.env.SECRET = "a secret of at least thirty-two bytes";
const secret = process.env.SECRET;
const page = moduleOf("frameworks/express.md");
const EtsStore = etsStore(session.Store);
const made = (options = {}) => new EtsStore({ table: unique("express"), ...options });

/** What a method tells its callback, which has to be later. */
const told = (store, method, ...args) =>
  new Promise((resolve) => {
    let now = true;
    store[method](...args, (error, result) => {
      ok(!now, `${method} called back at once`);
      resolve({ error: error ?? null, result });
    });
    now = false;
  });
const result = async (...call) => {
  const answer = await told(...call);
  if (answer.error) throw answer.error;
  return answer.result;
};

/** The frameworks ask Date.now alone what time it is. */
async function at(time, use) {
  const real = Date.now;
  Date.now = time.now;
  try {
    return await use();
  } finally {
    Date.now = real;
  }
}

/** An express session of so many milliseconds, or of the browser's. */
const lasting = (ms, fields = {}) => ({ ...fields, cookie: new session.Cookie({ maxAge: ms ?? null }) });

/** Each step's answer, for one store as for another. */
async function steps(store, time) {
  const seen = [];
  const step = async (...call) => seen.push([call[0], await told(store, ...call)]);
  await step("get", "nobody");
  await step("destroy", "nobody");
  await step("touch", "nobody", lasting(1000));
  await step("length");
  await step("all");
  await step("set", "a", lasting(1000, { when: new Date(0), gone: undefined, deep: [{ n: Number.NaN }] }));
  await step("set", "b", lasting(undefined, { user: "bob" }));
  await step("set", "c", lasting(5000, { user: "cleo", own: { toJSON: () => "said" } }));
  for (const sid of ["a", "b", "c"]) await step("get", sid);
  time.advance(999);
  await step("get", "a");
  await step("touch", "c", lasting(5000, { user: "somebody else" }));
  time.advance(1);
  await step("get", "a");
  await step("all");
  await step("length");
  await step("touch", "a", lasting(9000));
  await step("get", "a");
  time.advance(4998);
  await step("get", "c");
  time.advance(1);
  await step("get", "c");
  await step("set", "d", lasting(-1));
  await step("get", "d");
  await step("set", "e", { no: "cookie" });
  await step("get", "e");
  await step("set", "f", { cookie: { expires: new Date(time.now() + 10) } });
  await step("set", "g", { cookie: { expires: time.now() + 10 } });
  await step("length");
  time.advance(10);
  await step("all");
  await step("set", "b", lasting(undefined, { user: "robert" }));
  await step("get", "b");
  await step("destroy", "b");
  await step("get", "b");
  await step("clear");
  await step("length");
  return seen;
}

/** A browser that visits one server. */
function browser(url) {
  let cookie = "";
  return async (path) => {
    const response = await fetch(url + path, { headers: cookie ? { cookie } : {} });
    const sent = response.headers.getSetCookie()[0];
    if (sent) cookie = sent.split(";")[0];
    return { body: await response.text(), status: response.status, sent: Boolean(sent), cookie };
  };
}

async function listening(app, use) {
  const server = app.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  try {
    return await use(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function shop(store, options) {
  const app = express();
  app.use(session({ store, secret, resave: false, saveUninitialized: false, ...options }));
  app.get("/", (req, res) => res.send(`${req.session.user ?? "nobody"} ${req.session.n ?? 0}`));
  app.get("/count", (req, res) => {
    req.session.n = (req.session.n ?? 0) + 1;
    res.send(`${req.session.n}`);
  });
  app.get("/login", (req, res, next) =>
    req.session.regenerate((error) => {
      if (error) return next(error);
      req.session.user = "ada";
      req.session.save(() => res.send("in"));
    }),
  );
  app.get("/reload", (req, res, next) =>
    req.session.reload((error) => (error ? next(error) : res.send("re"))),
  );
  app.get("/logout", (req, res) => req.session.destroy(() => res.send("out")));
  app.get("/large", (req, res) => {
    req.session.large = "x".repeat(100_000);
    res.send("large");
  });
  // Four parameters make it a handler of errors, which may come behind the response.
  app.use((error, _req, res, _next) => {
    app.locals.failed?.(error.code);
    if (!res.headersSent) res.status(500).send("failed");
  });
  return app;
}

/** What a visitor sees of a shop, ids left out. */
async function visits(store, time, options) {
  return listening(shop(store, options), async (url) => {
    const visit = browser(url);
    const seen = [];
    const ids = new Set();
    const step = async (path) => {
      const { cookie, ...answer } = await visit(path);
      ids.add(cookie);
      seen.push({ path, ...answer, ids: ids.size });
    };
    for (const path of ["/", "/count", "/count", "/login", "/", "/reload", "/count"]) await step(path);
    time.advance(1500);
    await step("/");
    time.advance(1500);
    await step("/");
    time.advance(1999);
    await step("/count");
    await step("/logout");
    await step("/");
    await step("/login");
    time.advance(2000);
    await step("/");
    return seen;
  });
}

group("express", () => {
  test("the page's code counts visits", async () => {
    const { app } = await page("express.mjs");
    await listening(app, async (url) => {
      const visit = browser(url);
      equal((await visit("/")).body, "visit 1");
      equal((await visit("/")).body, "visit 2");
      equal((await browser(url)("/")).body, "visit 1");
    });
  });

  test("each method tells what MemoryStore's does", async () => {
    const [ours, theirs] = [clock(), clock()];
    const expected = await at(theirs, () => steps(new session.MemoryStore(), theirs));
    const actual = await at(ours, () => steps(made({ now: ours.now }), ours));
    // MemoryStore has no answer where ours has an undefined one.
    deepEqual(actual, expected, "steps");
  });

  for (const [name, options] of Object.entries({
    "a maxAge": { cookie: { maxAge: 2000 } },
    "a rolling maxAge": { cookie: { maxAge: 2000 }, rolling: true },
    "the browser's session": {},
    "resave and saveUninitialized": { resave: true, saveUninitialized: true, cookie: { maxAge: 2000 } },
  })) {
    test(`visitors see with ${name} what they see with MemoryStore`, async () => {
      const [ours, theirs] = [clock(Date.now()), clock(Date.now())];
      const expected = await at(theirs, () => visits(new session.MemoryStore(), theirs, options));
      const actual = await at(ours, () => visits(made({ now: ours.now }), ours, options));
      deepEqual(actual, expected, "visits");
    });
  }

  test("what one call got, no other has, nor who stored it", async () => {
    const store = made();
    const stored = lasting(60_000, { cart: ["a"] });
    await result(store, "set", "s", stored);
    stored.cart.push("b");
    const first = await result(store, "get", "s");
    first.cart.push("c");
    deepEqual((await result(store, "get", "s")).cart, ["a"]);
    deepEqual((await result(store, "all")).s.cart, ["a"]);
  });

  test("a session is over at its cookie's time by the table's clock, to the millisecond", async () => {
    const time = clock();
    const store = made({ now: time.now });
    const expires = new Date(time.now() + 1000);
    for (const [after, there] of Object.entries({ 999: true, 1000: false, 1001: false })) {
      await result(store, "set", after, { cookie: { expires } });
      const before = time.now();
      time.advance(Number(after));
      equal((await result(store, "get", after)) !== undefined, there, `after ${after} ms`);
      time.set(before);
    }
  });

  test("without a maxAge it is over when it was left alone for `idle`, by default a day", async () => {
    for (const [options, ms] of [
      [{ idle: "30m" }, 1_800_000],
      [{}, 86_400_000],
    ]) {
      const time = clock();
      const store = made({ now: time.now, ...options });
      await result(store, "set", "s", lasting());
      time.advance(ms - 1);
      await result(store, "touch", "s", lasting());
      time.advance(ms - 1);
      ok(await result(store, "get", "s"));
      time.advance(1);
      equal(await result(store, "get", "s"), undefined);
    }
  });

  test("`idle` does not shorten a maxAge", async () => {
    const time = clock();
    const store = made({ now: time.now, idle: "1m" });
    await result(store, "set", "s", { cookie: { expires: new Date(time.now() + 3_600_000) } });
    time.advance(3_599_999);
    ok(await result(store, "get", "s"));
  });

  test("errors are for the callback, and without one for nobody", async () => {
    const store = made({ limits: { maxRowBytes: "1KiB" } });
    const cyclic = lasting(1000);
    cyclic.self = cyclic;
    for (const [call, code] of [
      [["set", "s", lasting(1000, { large: "x".repeat(2000) })], "ERR_ROW_TOO_LARGE"],
      [["set", "", lasting(1000)], "ERR_BAD_KEY"],
      [["get", "\ud800"], "ERR_BAD_KEY"],
    ]) {
      const { error } = await told(store, ...call);
      ok(error instanceof EtsError, call[0]);
      equal(error.code, code);
    }
    ok((await told(store, "set", "s", cyclic)).error instanceof TypeError);
    store.set("s", cyclic);
    store.set("", lasting(1000));
    store.set("t", lasting(1000));
    store.destroy("t");
    store.touch("t", lasting(1000));
    store.clear();
    equal(await result(store, "length"), 0);
  });

  test("a session that can't be stored fails its request, and the server goes on", async () => {
    const name = unique("express");
    const app = shop(new EtsStore({ table: name }), {});
    await listening(app, async (url) => {
      const visit = browser(url);
      equal((await visit("/count")).body, "1");
      const failed = new Promise((resolve) => (app.locals.failed = resolve));
      equal((await visit("/large")).body, "large");
      equal(await failed, "ERR_ROW_TOO_LARGE");
      equal((await visit("/count")).body, "2");
      table(name).drop();
      equal((await visit("/")).status, 500);
      equal((await browser(url)("/")).status, 200);
    });
  });

  test("what nobody asks for any more is cleared while others are written", async () => {
    const time = clock();
    const name = unique("express");
    const store = new EtsStore({ table: name, now: time.now });
    const until = (ms) => ({ cookie: { expires: new Date(time.now() + ms) } });
    for (let i = 0; i < 500; i++) await result(store, "set", `old-${i}`, until(1000));
    time.advance(1000);
    equal(table(name).size, 500);
    for (let i = 0; i < 500; i++) await result(store, "set", "new", until(1000));
    ok(table(name).size < 10, `${table(name).size} rows are left`);
  });

  test("a full table that refuses has room again when sessions are over", async () => {
    const time = clock();
    const limits = { maxBytes: "128KiB", onFull: "refuse" };
    const name = unique("express");
    const store = new EtsStore({ table: name, now: time.now, limits });
    const row = () => ({ text: "x".repeat(4000), cookie: { expires: new Date(time.now() + 1000) } });
    let stored = 0;
    let answer = await told(store, "set", "0", row());
    for (; answer.error === null; stored++) answer = await told(store, "set", `${stored + 1}`, row());
    equal(answer.error.code, "ERR_TABLE_FULL");
    equal(await result(store, "length"), stored);
    // Looking at all rows is for once in a second.
    const own = table(name);
    const { select } = own;
    let looks = 0;
    own.select = (...page) => {
      looks++;
      return select.apply(own, page);
    };
    for (let i = 0; i < 100; i++)
      equal((await told(store, "set", "more", row())).error.code, "ERR_TABLE_FULL");
    ok(looks < 20, `${looks} looks`);
    time.advance(1000);
    await result(store, "set", "later", row());
    equal(await result(store, "length"), 1);
  });

  test("a table of one's own does, also one that hashes its keys", async () => {
    const time = clock();
    const own = createTable(unique("own"), { hashKeys: true, now: time.now });
    const store = new EtsStore({ table: own, now: time.now });
    await result(store, "set", "s", { user: "ada", cookie: { expires: new Date(time.now() + 1000) } });
    equal((await result(store, "get", "s")).user, "ada");
    deepEqual(Object.keys(await result(store, "get", "s")), ["user", "cookie"]);
    ok(!Object.keys(await result(store, "all")).includes("s"), "all() knows a key that is hashed");
    time.advance(1000);
    equal(await result(store, "length"), 0);
    equal(own.size, 0);
  });

  test("all sessions of a user end in one step", async () => {
    const name = unique("express");
    const store = new EtsStore({ table: name });
    for (const [sid, user] of Object.entries({ a: "ada", b: "bob", c: "ada" })) {
      await result(store, "set", sid, lasting(60_000, { user }));
    }
    equal(table(name).deleteWhere({ where: { user: "ada" } }), 2);
    deepEqual(Object.keys(await result(store, "all")), ["b"]);
  });

  test("options that are wrong are refused at once", () => {
    for (const [options, code] of [
      [{ idle: "soon" }, "ERR_BAD_OPTION"],
      [{ limits: { maxBytes: 0 } }, "ERR_BAD_OPTION"],
      [{ limits: { idle: 3 } }, "ERR_BAD_OPTION"],
      [{ table: {} }, "ERR_BAD_OPTION"],
      [{ table: "" }, "ERR_BAD_KEY"],
      [{ now: 3 }, "ERR_BAD_OPTION"],
      [{ size: 3 }, "ERR_BAD_OPTION"],
    ]) {
      let refused;
      try {
        made(options);
      } catch (error) {
        refused = error;
      }
      equal(refused?.code, code, JSON.stringify(options));
    }
  });
});

/** A shop under fastify, and a browser before it. */
async function fastifyShop(store, options = {}) {
  const app = fastify();
  await app.register(cookiePlugin);
  await app.register(fastifySession, {
    secret,
    store,
    saveUninitialized: false,
    cookie: { secure: false, maxAge: 2000 },
    ...options,
  });
  app.get("/", ({ session }) => `${session.user ?? "nobody"} ${session.n ?? 0}`);
  app.get("/count", ({ session }) => {
    session.n = (session.n ?? 0) + 1;
    return `${session.n}`;
  });
  app.get("/login", async ({ session }, reply) => {
    await session.regenerate(["n"]);
    return reply.redirect("/in");
  });
  app.get("/in", ({ session }) => {
    session.user = "ada";
    return "in";
  });
  app.get("/reload", async ({ session }) => {
    await session.reload();
    return "re";
  });
  app.get("/logout", async (request) => {
    await request.session.destroy();
    return "out";
  });
  return app;
}

async function injected(app, time) {
  let cookie = "";
  const seen = [];
  const ids = new Set();
  const step = async (url) => {
    const answer = await app.inject({ url, headers: cookie ? { cookie } : {} });
    const sent = answer.headers["set-cookie"];
    if (sent) cookie = `${sent}`.split(";")[0];
    ids.add(cookie);
    seen.push({ url, body: answer.body, status: answer.statusCode, sent: Boolean(sent), ids: ids.size });
  };
  for (const url of ["/", "/count", "/count", "/login", "/in", "/", "/reload", "/count"]) await step(url);
  time.advance(1500);
  await step("/");
  time.advance(1999);
  await step("/count");
  await step("/logout");
  await step("/");
  await step("/count");
  time.advance(2000);
  await step("/");
  await app.close();
  return seen;
}

group("fastify", () => {
  const FastifyStore = etsStore(fastifySession.Store);

  test("the page's code counts visits", async () => {
    const { app } = await page("fastify.mjs");
    const first = await app.inject("/");
    equal(first.body, "visit 1");
    const cookie = `${first.headers["set-cookie"]}`.split(";")[0];
    equal((await app.inject({ url: "/", headers: { cookie } })).body, "visit 2");
    await app.close();
  });

  for (const rolling of [true, false]) {
    test(`visitors see with rolling ${rolling} what they see with its own store`, async () => {
      const [ours, theirs] = [clock(Date.now()), clock(Date.now())];
      const expected = await at(theirs, async () =>
        injected(await fastifyShop(new fastifySession.MemoryStore(), { rolling }), theirs),
      );
      const store = new FastifyStore({ table: unique("fastify"), now: ours.now });
      const actual = await at(ours, async () => injected(await fastifyShop(store, { rolling }), ours));
      deepEqual(actual, expected, "visits");
    });
  }

  test("a store that fails fails the request, and the server goes on", async () => {
    const name = unique("fastify");
    const app = await fastifyShop(new FastifyStore({ table: name }));
    const first = await app.inject("/count");
    const cookie = `${first.headers["set-cookie"]}`.split(";")[0];
    table(name).drop();
    equal((await app.inject({ url: "/", headers: { cookie } })).statusCode, 500);
    equal((await app.inject("/")).statusCode, 200);
    await app.close();
  });
});
