/** ets-session/react-router under React Router's request handler, and beside its own storage. */
import { sessions } from "ets-session";
import { sessionContext, sessionMiddleware, sessionStorage } from "ets-session/react-router";
import { storeOver } from "ets-session/stores";
import { createMemorySessionStorage, createStaticHandler, data, RouterContextProvider } from "react-router";
import { deepEqual, equal, group, ok, test } from "../suite/harness.js";
import { Toy } from "../suite/toy.js";
import { moduleOf } from "./pages.mjs";
import { served } from "./react-router-build.mjs";
import { answer, behaves, PATHS } from "./site.mjs";
import { Visitor } from "./visitor.mjs";

const manager = sessions({ table: "react-router", csrf: true });
const context = sessionContext(manager);

const routes = Object.entries(PATHS).map(([path, act]) => {
  const loader = (args) => {
    const given = act(args.context.get(context));
    if (given.refuse) throw data(null, { status: given.refuse });
    return answer(given);
  };
  return [path, { loader, action: loader }];
});
const root = { middleware: [sessionMiddleware(manager)] };
const send = served({ "": root, ...Object.fromEntries(routes) });

behaves("react-router", () => send, { refusalStores: true });

group("react-router middleware", () => {
  test("a document, and the data of a navigation, come with the session", async () => {
    const own = sessions({ table: "react-router documents" });
    const visits = sessionContext(own);
    const loader = (args) => args.context.get(visits).increment("visits");
    const action = (args) => {
      args.context.get(visits).set("visits", 99);
      throw new Error("broken");
    };
    const site = {
      "": { middleware: [sessionMiddleware(own)], default() {} },
      "/page": { loader, action, default() {} },
    };
    const visitor = new Visitor(served(site));
    const first = await visitor.visit("/page");
    equal(first.text, "a document");
    equal(first.lines.length, 1);
    equal(first.headers.get("cache-control"), "no-store");
    ok((await visitor.visit("/page.data")).text.includes("2"));
    for (const path of ["/page", "/page.data"]) {
      const posted = await visitor.visit(path, { method: "POST", body: new URLSearchParams({ a: "1" }) });
      equal(posted.status, 500);
    }
    equal(own.table.select().rows[0][1].visits, 2);
  });

  test("it runs in a static handler too", async () => {
    const own = sessions({ table: "react-router static" });
    const loader = (args) => args.context.get(sessionContext(own)).increment("visits");
    const handler = createStaticHandler([{ path: "/", middleware: [sessionMiddleware(own)], loader }]);
    const response = await handler.query(new Request("https://app.test/"), {
      requestContext: new RouterContextProvider(),
      generateMiddlewareResponse: async (query) =>
        Response.json((await query(new Request("https://app.test/"))).loaderData),
    });
    deepEqual(await response.json(), { 0: 1 });
    equal(response.headers.getSetCookie().length, 1);
  });

  test("a store is made from the env", async () => {
    const given = [];
    const store = (env) => {
      given.push(env);
      throw new Error("asked");
    };
    const env = { NAME: "value" };
    const middleware = [sessionMiddleware(sessions({ table: "react-router env", store }), { env })];
    equal(
      (await served({ "": { middleware }, "/a": { loader: () => new Response() } })("/a", {})).status,
      500,
    );
    equal(given[0], env);
  });

  test("the page's code runs", async () => {
    const { loader, middleware } = await moduleOf("frameworks/react-router.md")("app/root.js");
    const say = async (args) => new Response(await loader(args));
    const visitor = new Visitor(served({ "": { middleware }, "/a": { loader: say } }));
    equal((await visitor.visit("/a")).text, "visit 1");
    equal((await visitor.visit("/a")).text, "visit 2");
  });
});

const SIGNED = { cookie: { secrets: ["a secret"] } };

let tables = 0;
/** A storage, its manager, and what a browser would send after a commit. */
function kept(options) {
  const owner = sessions({ table: `react-router storage ${++tables}` });
  const storage = sessionStorage(owner, options);
  let cookie = null;
  const took = (line) => {
    if (line !== "") cookie = line.slice(0, line.indexOf(";"));
    return line;
  };
  return {
    owner,
    storage,
    get: () => storage.getSession(cookie),
    commit: async (session) => took(await storage.commitSession(session)),
    destroy: async (session) => took(await storage.destroySession(session)),
  };
}

group("react-router storage", () => {
  test("what it answers is what React Router's own answers", async () => {
    const answers = [];
    for (const storage of [
      sessionStorage(sessions({ table: "react-router own" })),
      createMemorySessionStorage(SIGNED),
    ]) {
      const said = [];
      const tell = (session) => {
        const flashes = ["note", "other"].map((name) => session.has(name));
        said.push(session.data, session.has("a"), session.get("a"), session.get("none"), ...flashes);
      };
      const first = await storage.getSession();
      said.push(first.id);
      first.set("a", { deep: [1] });
      first.set("gone", 1);
      first.flash("note", "saved");
      first.flash("other", "later");
      tell(first);
      first.unset("gone");
      tell(first);
      const line = await storage.commitSession(first);
      tell(first);
      const cookie = line.split(";")[0];
      const second = await storage.getSession(cookie);
      tell(second);
      said.push(second.get("note"), second.get("note"), second.has("note"), second.id !== "");
      tell(second);
      await storage.commitSession(second);
      const third = await storage.getSession(cookie);
      tell(third);
      third.set("a", 2);
      await storage.commitSession(third);
      third.set("b", 3);
      tell(third);
      await storage.commitSession(third);
      tell(await storage.getSession(cookie));
      await storage.destroySession(third);
      tell(await storage.getSession(cookie));
      answers.push(said);
    }
    deepEqual(answers[0], answers[1]);
  });

  test("nothing is stored, and nothing sent, where nothing was written", async () => {
    const { owner, get, commit } = kept();
    equal(await commit(await get()), "");
    equal(owner.table.size, 0);
    const session = await get();
    session.set("a", 1);
    ok((await commit(session)).startsWith("__Host-sid="));
    equal(await commit(await get()), "");
    equal((await get()).get("a"), 1);
  });

  test("each commit of a session says what the browser has to keep", async () => {
    const { owner, get, commit } = kept();
    const session = await get();
    session.set("a", 1);
    const line = await commit(session);
    session.set("b", 2);
    equal(await commit(session), line);
    deepEqual({ ...(await get()).data }, { a: 1, b: 2 });
    equal(owner.table.size, 1);
  });

  test("a commit that failed is tried again with all that was written, before and behind it", async () => {
    const how = {};
    const kept = storeOver(new Toy());
    const store = {
      ...kept,
      commit: (...args) => (how.away ? Promise.reject(new Error("away")) : kept.commit(...args)),
    };
    const storage = sessionStorage(sessions({ table: "react-router again", store }));
    const session = await storage.getSession();
    session.set("a", 1);
    session.flash("said", "once");
    session.login("ada");
    how.away = true;
    equal(await storage.commitSession(session).catch(({ code }) => code), "ERR_STORE");
    session.set("b", 2);
    how.away = false;
    const [cookie] = (await storage.commitSession(session)).split(";");
    const again = await storage.getSession(cookie);
    deepEqual([again.subject, again.get("a"), again.get("b"), again.get("said")], ["ada", 1, 2, "once"]);
    session.set("a", 3);
    how.away = true;
    equal(await storage.commitSession(session).catch(({ code }) => code), "ERR_STORE");
    how.away = false;
    await storage.commitSession(session);
    equal((await storage.getSession(cookie)).get("a"), 3);
  });

  test("two requests that write different fields keep both", async () => {
    const { get, commit } = kept();
    const begun = await get();
    begun.set("n", 0);
    await commit(begun);
    const [one, other] = [await get(), await get()];
    one.set("a", 1);
    other.set("b", 2);
    await commit(one);
    await commit(other);
    deepEqual({ ...(await get()).data }, { n: 0, a: 1, b: 2 });
  });

  test("what was destroyed is not revived by a slow request", async () => {
    const { owner, get, commit, destroy } = kept();
    const begun = await get();
    begun.set("a", 1);
    await commit(begun);
    const slow = await get();
    ok((await destroy(await get())).includes("Max-Age=0"));
    slow.set("a", 2);
    await commit(slow);
    equal(owner.table.size, 0);
    equal((await get()).has("a"), false);
  });

  test("a login and a renewal change the cookie, and the user's sessions are listed", async () => {
    const { owner, get, commit } = kept();
    const session = await get();
    session.set("a", 1);
    const lines = [await commit(session)];
    session.login("ada", { device: "laptop" });
    lines.push(await commit(session));
    session.renew();
    lines.push(await commit(session));
    equal(new Set(lines).size, 3);
    equal((await get()).subject, "ada");
    equal((await get()).get("a"), 1);
    const [listed] = await owner.list("ada");
    equal(listed.id, (await get()).id);
    equal(await owner.revoke("ada"), 1);
    equal((await get()).get("a"), undefined);
  });

  test("over http the cookie is one that http can have", async () => {
    const { get, commit } = kept({ scheme: "http" });
    const session = await get();
    session.set("a", 1);
    const line = await commit(session);
    ok(line.startsWith("sid=") && !line.includes("Secure"));
    equal((await get()).get("a"), 1);
  });

  test("an id that nobody gave out is not taken on", async () => {
    const { owner, storage } = kept();
    const planted = `__Host-sid=${"A".repeat(128)}`;
    const session = await storage.getSession(planted);
    session.set("a", 1);
    ok(!(await storage.commitSession(session)).startsWith(planted));
    equal(owner.table.size, 1);
  });

  test("what can't be stored is refused, and a session of another storage", async () => {
    const { storage, get } = kept();
    const session = await get();
    session.set("a", () => {});
    equal(await storage.commitSession(session).catch(({ code }) => code), "ERR_UNSUPPORTED_VALUE");
    const foreign = await createMemorySessionStorage(SIGNED).getSession();
    for (const none of [foreign, {}]) {
      equal(await storage.commitSession(none).catch(({ code }) => code), "ERR_BAD_OPTION");
    }
  });

  test("an action that throws stores nothing", async () => {
    const { owner, storage } = kept();
    const action = async ({ request }) => {
      const session = await storage.getSession(request.headers.get("Cookie"));
      session.set("a", 1);
      throw new Error("broken");
    };
    equal((await served({ "": {}, "/a": { action } })("/a", { method: "POST" })).status, 500);
    equal(owner.table.size, 0);
  });

  test("the page's code runs", async () => {
    const { loader, action } = await moduleOf("frameworks/react-router.md")("app/routes/cart.js");
    const say = async (args) => new Response(await loader(args));
    const visitor = new Visitor(served({ "": {}, "/cart": { loader: say, action } }));
    equal((await visitor.visit("/cart")).text, "0 items");
    const posted = await visitor.visit("/cart", { method: "POST" });
    equal(posted.status, 302);
    equal(posted.lines.length, 1);
    equal((await visitor.visit("/cart")).text, "1 items");
  });
});
