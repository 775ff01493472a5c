/** What becomes of the response: caches kept out, immutable headers, bodies untouched. */
import { site } from "./client.js";
import { deepEqual, equal, group, ok, onlyRow, test } from "./harness.js";

async function stored(lib, options) {
  const s = site(lib, options);
  await s.browser.visit((session) => session.set("n", 1));
  return s;
}

const directives = (response) =>
  (response.headers.get("cache-control") ?? "")
    .toLowerCase()
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .sort();

const varies = (response) =>
  (response.headers.get("vary") ?? "")
    .toLowerCase()
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

const looks = {
  get: (session) => session.get("n"),
  "get of an absent field": (session) => session.get("absent"),
  "get with a fallback": (session) => session.get("absent", 1),
  has: (session) => session.has("n"),
  data: (session) => session.data,
  keys: (session) => [...session.keys()],
  id: (session) => session.id,
  isNew: (session) => session.isNew,
  createdAt: (session) => session.createdAt,
  expiresAt: (session) => session.expiresAt,
  "set of an equal value": (session) => session.set("n", 1),
  "delete of an absent field": (session) => session.delete("absent"),
  subject: (session) => session.subject,
  flashed: (session) => session.flashed("notice"),
  "update that changes nothing": (session) => session.update(() => ({})),
};

const plain = (headers, status = 200) => new Response(null, { status, headers });

/** A response whose headers can't be changed, as those that fetch gives. */
function immutable(body, init) {
  const response = new Response(body, init);
  const { headers } = response;
  for (const method of ["append", "set", "delete"]) {
    Object.defineProperty(headers, method, {
      value: () => {
        throw new TypeError("immutable");
      },
    });
  }
  return response;
}

group("responses", () => {
  for (const [name, look] of Object.entries(looks)) {
    test(`a look by ${name} makes the response private, with Vary: Cookie`, async (lib) => {
      const { browser, another } = await stored(lib);
      for (const visitor of [browser, another()]) {
        if (visitor !== browser && name.startsWith("set")) continue;
        const { response } = await visitor.visit((session) => {
          look(session);
        });
        ok(varies(response).includes("cookie"), "no Vary: Cookie");
        deepEqual(directives(response), ["private"]);
      }
    });
  }

  test("also on a 5xx and a 404", async (lib) => {
    const { browser } = await stored(lib);
    for (const status of [500, 404]) {
      const { response } = await browser.visit((session) => session.get("n") && plain({}, status));
      ok(varies(response).includes("cookie"));
      deepEqual(directives(response), ["private"]);
    }
  });

  test("no look, no headers, even with a cookie in the request", async (lib) => {
    const { browser } = await stored(lib);
    const { response } = await browser.visit(() =>
      plain({ "cache-control": "public, max-age=60", vary: "Accept" }),
    );
    equal(response.headers.get("cache-control"), "public, max-age=60");
    equal(response.headers.get("vary"), "Accept");
  });

  test("a Set-Cookie of ours makes the response no-store", async (lib) => {
    const { browser } = site(lib);
    const { response } = await browser.visit((session) => session.set("n", 1));
    ok(directives(response).includes("no-store"));
    ok(varies(response).includes("cookie"));
    const { response: last } = await browser.visit((session) => session.destroy());
    ok(directives(last).includes("no-store"));
  });

  test("Vary is merged, * kept, Cookie not repeated", async (lib) => {
    const { browser } = await stored(lib);
    const vary = async (given) =>
      varies((await browser.visit((session) => session.get("n") && plain({ vary: given }))).response);
    deepEqual((await vary("Accept-Encoding, Accept")).sort(), ["accept", "accept-encoding", "cookie"]);
    ok((await vary("*")).includes("*"));
    equal((await vary("cookie")).length, 1);
    equal((await vary("Accept, COOKIE")).length, 2);
    deepEqual((await vary("X-Cookie")).sort(), ["cookie", "x-cookie"]);
  });

  test("what is laxer than private is made private, what is stricter stays", async (lib) => {
    const { browser } = await stored(lib);
    const cache = async (given) =>
      directives(
        (await browser.visit((session) => session.get("n") && plain({ "cache-control": given }))).response,
      );
    for (const lax of [
      "public",
      "public, max-age=60",
      "max-age=60",
      "s-maxage=60",
      "Public, S-MaxAge=10, immutable",
    ]) {
      const result = await cache(lax);
      ok(result.includes("private") || result.includes("no-store"), `${lax} stays shared`);
      ok(!result.some((part) => part === "public" || part.startsWith("s-maxage")), `${lax} stays public`);
    }
    ok((await cache("no-store")).includes("no-store"));
    ok((await cache("private, max-age=60")).includes("max-age=60"));
    ok((await cache("private, no-cache")).includes("no-cache"));
    ok((await cache("no-cache")).includes("no-cache"));
  });

  test("with a Set-Cookie of ours, no-store whatever the application said", async (lib) => {
    for (const given of ["public, max-age=60", "private", "no-cache", "immutable"]) {
      const { browser } = site(lib);
      const headers = { "cache-control": given };
      const result = directives(
        (await browser.visit((session) => session.set("n", 1) && plain(headers))).response,
      );
      ok(result.includes("no-store"), `${given} is not made no-store`);
      ok(!result.includes("public"), `${given} stays public`);
    }
  });

  test("a redirect, whose headers are immutable, gets its cookie", async (lib) => {
    const { browser, table } = site(lib);
    const { response, cookies } = await browser.visit((session) => {
      session.set("n", 1);
      return Response.redirect("https://shop.test/cart", 303);
    });
    equal(response.status, 303);
    equal(response.headers.get("location"), "https://shop.test/cart");
    equal(cookies.length, 1);
    deepEqual(onlyRow(table).row, { n: 1 });
  });

  test("any response with immutable headers gets its cookie and keeps the rest", async (lib) => {
    const { browser } = site(lib);
    const init = { status: 207, statusText: "Several", headers: { "content-type": "text/x", etag: '"1"' } };
    const { response, cookies } = await browser.visit(
      (session) => session.set("n", 1) && immutable("body", init),
    );
    equal(cookies.length, 1);
    equal(response.status, 207);
    equal(response.statusText, "Several");
    equal(response.headers.get("content-type"), "text/x");
    equal(response.headers.get("etag"), '"1"');
    equal(await response.text(), "body");
  });

  test("immutable headers are fine where only a look is to be told", async (lib) => {
    const { browser } = await stored(lib);
    const { response } = await browser.visit((session) => session.get("n") && immutable("body"));
    ok(varies(response).includes("cookie"));
    equal(await response.text(), "body");
  });

  for (const status of [204, 205, 304]) {
    test(`a response of ${status}, which can have no body, gets its cookie`, async (lib) => {
      const { browser } = site(lib);
      const { response, cookies } = await browser.visit(
        (session) => session.set("n", 1) && plain({ etag: '"1"' }, status),
      );
      equal(cookies.length, 1);
      equal(response.status, status);
      equal(response.body, null);
      equal(response.headers.get("etag"), '"1"');
    });
  }

  test("a body is passed on as a stream, not read", async (lib) => {
    const { browser } = site(lib);
    let pulled = 0;
    const stream = new ReadableStream(
      {
        pull(controller) {
          if (++pulled > 3) controller.close();
          else controller.enqueue(new TextEncoder().encode(`part ${pulled} `));
        },
      },
      { highWaterMark: 0 },
    );
    const { response, cookies } = await browser.visit(
      (session) => session.set("n", 1) && new Response(stream),
    );
    ok(pulled < 3, "the body was read before the response went out");
    equal(cookies.length, 1);
    equal(await response.text(), "part 1 part 2 part 3 ");
  });

  test("bytes of a body arrive as they were", async (lib) => {
    const { browser } = site(lib);
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 256);
    const { response } = await browser.visit((session) => session.set("n", 1) && new Response(bytes));
    deepEqual(new Uint8Array(await response.arrayBuffer()), bytes);
  });

  test("the answer to a HEAD request gets its cookie", async (lib) => {
    const { browser } = site(lib);
    const { cookies } = await browser.visit((session) => session.set("n", 1) && plain({}), {
      method: "HEAD",
    });
    equal(cookies.length, 1);
  });

  test("the id is in no header but Set-Cookie", async (lib) => {
    const { browser } = site(lib);
    const { response } = await browser.visit((session) => session.set("n", 1));
    for (const [name, value] of response.headers) {
      if (name !== "set-cookie") ok(!value.includes(browser.cookie), `${name} holds the id`);
    }
  });
});
