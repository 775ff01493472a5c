/**
 * One small site for every framework, and what is asked of it. What a path does with the session is said here;
 * each framework answers in its own way what these give: `{ body, status, headers, cookies, refuse, stream }`,
 * where `refuse` is the status of an error to throw.
 */
import { equal, group, ok, test } from "../suite/harness.js";
import { Visitor } from "./visitor.mjs";

const PUBLIC = { "Cache-Control": "public, max-age=60", Vary: "Accept" };

export const PATHS = {
  "/untouched": () => ({ body: "the same for all", headers: PUBLIC }),
  "/count": (session) => ({ body: `visit ${session.increment("visits")}` }),
  "/peek": (session) => ({ body: `${session.get("visits", 0)}`, headers: PUBLIC }),
  "/who": (session) => ({ body: `${session.subject}` }),
  "/login": (session) => {
    session.login("ada");
    return { body: "in" };
  },
  "/renew": (session) => {
    session.renew();
    return { body: "renewed" };
  },
  "/logout": (session) => {
    session.logout();
    return { body: "out" };
  },
  "/cookies": (session) => {
    session.increment("visits");
    return { body: "three cookies", cookies: ["a=1; Path=/", "b=2; Path=/"] };
  },
  "/redirect": (session) => {
    session.set("visits", 7);
    return { status: 303, headers: { Location: "/peek" } };
  },
  "/stream": (session) => {
    session.increment("visits");
    return { body: "in pieces", stream: true };
  },
  "/throw": (session) => {
    session.set("visits", 99);
    throw new Error("broken");
  },
  "/refuse": (session) => {
    session.set("visits", 99);
    return { refuse: 403 };
  },
  "/failed": (session) => {
    session.set("visits", 99);
    return { status: 503, body: "later" };
  },
};

/** A body that comes in pieces. */
export function pieces(text) {
  return new ReadableStream({
    start(controller) {
      for (const letter of text) controller.enqueue(new TextEncoder().encode(letter));
      controller.close();
    },
  });
}

/** A Response as a path wants it, for frameworks whose handlers give one. */
export function answer({ body = null, status = 200, headers = {}, cookies = [], stream = false }) {
  const response = new Response(stream ? pieces(body) : body, { status, headers });
  for (const cookie of cookies) response.headers.append("Set-Cookie", cookie);
  return response;
}

const cached = ({ headers }) => headers.get("cache-control") ?? "";
const varies = ({ headers }) => headers.get("vary") ?? "";

/**
 * @param {string} name the tests' group
 * @param {() => (path: string, init: RequestInit) => Promise<Response>} site sends a request to a site whose
 *   sessions() has `csrf: true`
 * @param {{ refusalStores?: boolean, errorsPrivate?: boolean }} how it is: whether an error below 500 is an
 *   answer like any other; whether an error's answer can be told to be private
 */
export function behaves(name, site, { refusalStores = false, errorsPrivate = true } = {}) {
  const visitor = () => new Visitor(site());
  const counted = async () => {
    const one = visitor();
    equal((await one.visit("/count")).text, "visit 1");
    return one;
  };

  group(name, () => {
    test("a session lasts from visit to visit, each visitor has one", async () => {
      const [one, other] = [await counted(), visitor()];
      equal((await one.visit("/count")).text, "visit 2");
      equal((await other.visit("/peek")).text, "0");
      equal((await one.visit("/peek")).text, "2");
    });

    test("nothing is sent where nothing changed, nothing said where nothing was looked at", async () => {
      const one = visitor();
      for (const path of ["/untouched", "/peek", "/logout"]) equal((await one.visit(path)).lines.length, 0);
      equal((await one.visit("/count")).lines.length, 1);
      for (const path of ["/untouched", "/peek", "/count"]) equal((await one.visit(path)).lines.length, 0);
      const untouched = await one.visit("/untouched");
      equal(cached(untouched), "public, max-age=60");
      equal(varies(untouched), "Accept");
    });

    test("who looks gets an answer of their own, who gets a cookie one that nobody keeps", async () => {
      const one = visitor();
      const written = await one.visit("/count");
      ok(/no-store/.test(cached(written)), `Cache-Control: ${cached(written)}`);
      ok(/Cookie/i.test(varies(written)), `Vary: ${varies(written)}`);
      const read = await one.visit("/peek");
      ok(/private/.test(cached(read)) && !/public/.test(cached(read)), `Cache-Control: ${cached(read)}`);
      ok(/max-age=60/.test(cached(read)), `Cache-Control: ${cached(read)}`);
      equal(varies(read), "Accept, Cookie");
    });

    test("a login, a renewal and a logout change the cookie", async () => {
      const one = await counted();
      const ids = [one.id];
      for (const path of ["/login", "/renew"]) {
        equal((await one.visit(path)).lines.length, 1);
        ids.push(one.id);
      }
      equal(new Set(ids).size, 3);
      equal((await one.visit("/who")).text, "ada");
      equal((await one.visit("/count")).text, "visit 2");
      equal((await one.visit("/logout")).lines.length, 1);
      equal(one.id, undefined);
      equal((await one.visit("/who")).text, "undefined");
    });

    test("a handler that throws stores nothing", async () => {
      const one = await counted();
      for (const path of ["/throw", "/failed", ...(refusalStores ? [] : ["/refuse"])]) {
        const failed = await one.visit(path);
        ok(failed.status >= 400, `status ${failed.status}`);
        equal(failed.lines.length, 0);
        if (errorsPrivate || path === "/failed") {
          ok(/private|no-store/.test(cached(failed)), `Cache-Control: ${cached(failed)}`);
          ok(/Cookie/i.test(varies(failed)), `Vary: ${varies(failed)}`);
        }
        equal((await one.visit("/peek")).text, "1");
        equal((await visitor().visit(path)).lines.length, 0);
      }
    });

    test("a refusal is answered as such", async () => {
      const one = await counted();
      equal((await one.visit("/refuse")).status, 403);
      equal((await one.visit("/peek")).text, refusalStores ? "99" : "1");
    });

    test("cookies of the application stay", async () => {
      const one = visitor();
      equal((await one.visit("/cookies")).lines.length, 3);
      equal(one.jar.get("a") + one.jar.get("b"), "12");
      equal((await one.visit("/cookies")).lines.length, 2);
      equal((await one.visit("/peek")).text, "2");
    });

    test("a redirect stores and sends", async () => {
      const one = visitor();
      const away = await one.visit("/redirect");
      equal(away.status, 303);
      equal(away.headers.get("location"), "/peek");
      equal(away.lines.length, 1);
      equal((await one.visit("/peek")).text, "7");
    });

    test("a body that streams comes through", async () => {
      const one = visitor();
      const streamed = await one.visit("/stream");
      equal(streamed.text, "in pieces");
      equal(streamed.lines.length, 1);
      equal((await one.visit("/count")).text, "visit 2");
    });

    test("HEAD is GET without a body", async () => {
      const one = visitor();
      const head = await one.visit("/count", { method: "HEAD" });
      equal(head.text, "");
      equal(head.lines.length, 1);
      equal((await one.visit("/peek")).text, "1");
    });

    test("what other sites have the browser send is refused", async () => {
      const one = await counted();
      const headers = { "sec-fetch-site": "cross-site", origin: "https://evil.example" };
      const refused = await one.visit("/count", { method: "POST", headers });
      equal(refused.status, 403);
      equal((await one.visit("/peek")).text, "1");
    });
  });
}
