/** When a session is committed, when not, and that it is over afterwards. */
import { site } from "./client.js";
import { deepEqual, equal, group, ok, onlyRow, test, throwsCode } from "./harness.js";

async function stored(lib, options) {
  const s = site(lib, options);
  await s.browser.visit((session) => session.set("n", 1));
  return s;
}

async function failing(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

const setters = {
  set: (session) => session.set("n", 9),
  delete: (session) => session.delete("n"),
  clear: (session) => session.clear(),
  increment: (session) => session.increment("n"),
  update: (session) => session.update(() => ({ n: 9 })),
  renew: (session) => session.renew(),
  destroy: (session) => session.destroy(),
  ignore: (session) => session.ignore(),
};

group("commit", () => {
  test("a handler that throws commits nothing, and its error comes through", async (lib) => {
    const { browser, table } = await stored(lib);
    const boom = new Error("boom");
    const explode = (session) => {
      session.set("n", 2).set("m", 1);
      throw boom;
    };
    equal(await failing(browser.visit(explode)), boom);
    equal(await failing(browser.visit(async (session) => explode(session))), boom);
    deepEqual(onlyRow(table).row, { n: 1 });
    const fresh = site(lib);
    equal(await failing(fresh.browser.visit(explode)), boom);
    equal(fresh.table.count(), 0);
  });

  test("a handler that throws synchronously rejects, it does not throw", async (lib) => {
    const { manager, browser } = site(lib);
    const boom = new Error("boom");
    const app = manager.handle(() => {
      throw boom;
    });
    const promise = app(browser.request());
    equal(await failing(promise), boom);
  });

  test("a handler that throws destroys and renews nothing", async (lib) => {
    const { browser, table } = await stored(lib);
    for (const end of [(session) => session.destroy(), (session) => session.renew()]) {
      await failing(
        browser.visit((session) => {
          end(session);
          throw new Error("boom");
        }),
      );
    }
    equal((await browser.visit((session) => session.get("n"))).result, 1);
    equal(table.count(), 1);
  });

  for (const status of [500, 503, 599]) {
    test(`a response of ${status} commits nothing and goes out as it is`, async (lib) => {
      const { browser, table } = await stored(lib);
      const { response, cookies } = await browser.visit((session) => {
        session.set("n", 2);
        return new Response("sorry", { status });
      });
      equal(response.status, status);
      equal(await response.text(), "sorry");
      equal(cookies.length, 0);
      deepEqual(onlyRow(table).row, { n: 1 });
      const fresh = site(lib);
      const first = await fresh.browser.visit(
        (session) => session.set("n", 1) && new Response(null, { status }),
      );
      equal(first.cookies.length, 0);
      equal(fresh.table.count(), 0);
    });
  }

  for (const status of [200, 204, 301, 304, 400, 404, 499]) {
    test(`a response of ${status} commits`, async (lib) => {
      const { browser, table } = site(lib);
      const { response, cookies } = await browser.visit(
        (session) => session.set("n", 2) && new Response(null, { status }),
      );
      equal(response.status, status);
      equal(cookies.length, 1);
      deepEqual(onlyRow(table).row, { n: 2 });
    });
  }

  test("saveOnError commits a 5xx too, but never for a handler that throws", async (lib) => {
    const { browser, table } = await stored(lib, { saveOnError: true });
    await browser.visit((session) => session.set("n", 2) && new Response(null, { status: 500 }));
    deepEqual(onlyRow(table).row, { n: 2 });
    await failing(
      browser.visit((session) => {
        session.set("n", 3);
        throw new Error("boom");
      }),
    );
    deepEqual(onlyRow(table).row, { n: 2 });
  });

  test("after a 5xx an ending is still carried out, nothing else", async (lib) => {
    const { browser, table } = await stored(lib);
    const { cookies } = await browser.visit((session) => {
      session.set("n", 2);
      session.destroy();
      return new Response(null, { status: 500 });
    });
    equal(table.count(), 0);
    equal(cookies.length, 1);
    equal(cookies[0].attributes["max-age"], "0");
  });

  test("after a 5xx a renewal is not carried out", async (lib) => {
    const { browser, table } = await stored(lib);
    const { cookies } = await browser.visit((session) => {
      session.renew();
      return new Response(null, { status: 500 });
    });
    equal(cookies.length, 0);
    equal((await browser.visit((session) => session.get("n"))).result, 1);
    equal(table.count(), 1);
  });

  for (const [name, use] of Object.entries(setters)) {
    test(`${name} after the commit is ERR_COMMITTED and changes nothing`, async (lib) => {
      const { manager, browser, table } = await stored(lib);
      let kept;
      await browser.visit((session) => {
        kept = session.set("n", 2);
      });
      throwsCode(() => use(kept), "ERR_COMMITTED");
      const opened = await manager.open(browser.request());
      await manager.commit(opened, new Response("ok"));
      throwsCode(() => use(opened), "ERR_COMMITTED");
      deepEqual(onlyRow(table).row, { n: 2 });
      equal((await browser.visit((session) => session.get("n"))).result, 2);
    });
  }

  test("after the commit the session can still be read", async (lib) => {
    const { browser } = await stored(lib);
    let kept;
    await browser.visit((session) => {
      kept = session.set("m", 2);
    });
    equal(kept.get("m"), 2);
    equal(kept.get("n"), 1);
    equal(kept.has("n"), true);
    deepEqual(kept.data, { n: 1, m: 2 });
  });

  test("the commit of one session leaves another of the same visitor open", async (lib) => {
    const { manager, browser, table } = await stored(lib);
    const a = await manager.open(browser.request());
    const b = await manager.open(browser.request());
    await manager.commit(a.set("a", 1), new Response("ok"));
    await manager.commit(b.set("b", 1), new Response("ok"));
    deepEqual(onlyRow(table).row, { n: 1, a: 1, b: 1 });
  });

  test("a session that failed to commit stored nothing and says why", async (lib) => {
    const { manager, browser, table } = await stored(lib, { limits: { maxRowBytes: 2000 } });
    const session = await manager.open(browser.request());
    session.set("n", 2).set("big", "x".repeat(4000));
    const error = await failing(manager.commit(session, new Response("ok")));
    equal(error.code, "ERR_ROW_TOO_LARGE");
    deepEqual(onlyRow(table).row, { n: 1 });
  });

  test("a full table that refuses is ERR_TABLE_FULL at the commit, with numbers", async (lib) => {
    const limits = { maxBytes: 32_768, maxRowBytes: 2000, onFull: "refuse" };
    const { another, table } = site(lib, { limits });
    let full;
    for (let i = 0; full === undefined && i < 500; i++) {
      const before = table.count();
      try {
        await another().visit((session) => session.set("text", "x".repeat(500)));
      } catch (error) {
        full = error;
        equal(table.count(), before);
      }
    }
    equal(full?.code, "ERR_TABLE_FULL");
    for (const name of ["needed", "used", "limit"])
      ok(typeof full.details[name] === "number", `details.${name}`);
    equal(full.details.limit, 32_768);
  });
});
