/** Flash: said in one request, read in the next, and then gone. */
import { site } from "./client.js";
import { deepEqual, equal, group, ok, onlyRow, rejectsCode, test, throwsCode } from "./harness.js";

group("flash", () => {
  test("readable in the next request, once", async (lib) => {
    const { browser } = site(lib);
    await browser.visit((session) => session.flash("notice", "saved"));
    equal((await browser.visit((session) => session.flashed("notice"))).result, "saved");
    equal((await browser.visit((session) => session.flashed("notice"))).result, undefined);
  });

  test("in the request that sets it, it can't be read", async (lib) => {
    const { browser } = site(lib);
    const { result } = await browser.visit((session) => {
      session.flash("notice", "saved");
      return session.flashed("notice");
    });
    equal(result, undefined);
  });

  test("read twice in one request it is there twice", async (lib) => {
    const { browser } = site(lib);
    await browser.visit((session) => session.flash("notice", { n: 1 }));
    const { result } = await browser.visit((session) => [
      session.flashed("notice"),
      session.flashed("notice"),
    ]);
    deepEqual(result, [{ n: 1 }, { n: 1 }]);
  });

  test("not read in the next request, it is gone", async (lib) => {
    const { browser } = site(lib);
    await browser.visit((session) => session.flash("notice", "saved"));
    await browser.visit((session) => session.get("n"));
    equal((await browser.visit((session) => session.flashed("notice"))).result, undefined);
  });

  test("a new flash while the old one is read", async (lib) => {
    const { browser } = site(lib);
    await browser.visit((session) => session.flash("notice", 1));
    const { result } = await browser.visit((session) => {
      session.flash("notice", 2);
      return session.flashed("notice");
    });
    equal(result, 1);
    equal((await browser.visit((session) => session.flashed("notice"))).result, 2);
  });

  test("flash is no field of the session", async (lib) => {
    const { browser } = site(lib);
    await browser.visit((session) => session.set("a", 1).flash("notice", "saved"));
    const { result } = await browser.visit((session) => [
      session.data,
      [...session.keys()],
      session.has("notice"),
    ]);
    deepEqual(result, [{ a: 1 }, ["a"], false]);
  });

  test("a field and a flash of one name do not meet", async (lib) => {
    const { browser } = site(lib);
    await browser.visit((session) => session.set("x", "field").flash("x", "flash"));
    const { result } = await browser.visit((session) => [session.get("x"), session.flashed("x")]);
    deepEqual(result, ["field", "flash"]);
    equal((await browser.visit((session) => session.get("x"))).result, "field");
  });

  test("reading flash that is not there stores nothing and sends no cookie", async (lib) => {
    const { browser, table } = site(lib);
    const { cookies, result } = await browser.visit((session) => session.flashed("notice"));
    equal(result, undefined);
    equal(cookies.length, 0);
    equal(table.count(), 0);
    for (const name of ["__proto__", "constructor", "toString"]) {
      equal((await browser.visit((session) => session.flashed(name))).result, undefined);
    }
  });

  test("flash survives renewal and login", async (lib) => {
    for (const change of [(session) => session.renew(), (session) => session.login("user-1")]) {
      const { browser } = site(lib, { renewGrace: 0 });
      await browser.visit((session) => session.set("a", 1));
      await browser.visit((session) => {
        session.flash("notice", "welcome");
        change(session);
      });
      equal((await browser.visit((session) => session.flashed("notice"))).result, "welcome");
    }
  });

  test("flash keeps types, and refuses what can't be stored", async (lib) => {
    const { browser } = site(lib);
    await browser.visit((session) => {
      throwsCode(() => session.flash("notice", () => {}), "ERR_UNSUPPORTED_VALUE");
      session.flash("notice", new Map([[1n, new Date(5)]]));
    });
    deepEqual(
      (await browser.visit((session) => session.flashed("notice"))).result,
      new Map([[1n, new Date(5)]]),
    );
  });

  test("flash after the commit is ERR_COMMITTED", async (lib) => {
    const { browser } = site(lib);
    let kept;
    await browser.visit((session) => {
      kept = session.set("a", 1);
    });
    throwsCode(() => kept.flash("notice", 1), "ERR_COMMITTED");
    throwsCode(() => kept.login("user-1"), "ERR_COMMITTED");
    throwsCode(() => kept.logout(), "ERR_COMMITTED");
  });

  test("a look at flash makes the response private", async (lib) => {
    const { browser } = site(lib);
    const { response } = await browser.visit((session) => session.flashed("notice"));
    equal(response.headers.get("vary")?.toLowerCase(), "cookie");
    equal(response.headers.get("cache-control"), "private");
  });

  test("what a concurrent request says after this one was opened is for the next, whoever commits first", async (lib) => {
    for (const readerFirst of [false, true]) {
      const { browser, manager } = site(lib);
      await browser.visit((session) => session.flash("notice", "old"));
      const [reader, writer] = [await manager.open(browser.request()), await manager.open(browser.request())];
      writer.flash("notice", "new");
      writer.flash("more", 1);
      const commit = (session) => manager.commit(session, new Response("ok"));
      for (const session of readerFirst ? [reader, writer] : [writer, reader]) await commit(session);
      const { result } = await browser.visit((session) => [
        session.flashed("notice"),
        session.flashed("more"),
      ]);
      deepEqual(result, ["new", 1]);
      equal((await browser.visit((session) => session.flashed("notice"))).result, undefined);
    }
  });

  test("a request opened before it was said can't read it, and takes nothing away", async (lib) => {
    const { browser, manager } = site(lib);
    await browser.visit((session) => session.set("n", 1));
    const early = await manager.open(browser.request());
    await browser.visit((session) => session.flash("notice", "saved"));
    equal(early.flashed("notice"), undefined);
    await manager.commit(early.set("n", 2), new Response("ok"));
    equal((await browser.visit((session) => session.flashed("notice"))).result, "saved");
  });

  test("two requests that say something at once: both are read", async (lib) => {
    const { browser, manager } = site(lib);
    await browser.visit((session) => session.set("n", 1));
    const [a, b] = [await manager.open(browser.request()), await manager.open(browser.request())];
    a.flash("a", 1);
    b.flash("b", 2);
    await manager.commit(a, new Response("ok"));
    await manager.commit(b, new Response("ok"));
    const { result } = await browser.visit((session) => [session.flashed("a"), session.flashed("b")]);
    deepEqual(result, [1, 2]);
  });

  test("a request that is ignored, skipped or failed leaves it for the next", async (lib) => {
    const { browser } = site(lib, { skip: (request) => request.url.endsWith("/asset") });
    await browser.visit((session) => session.flash("notice", "saved"));
    await browser.visit((session) => session.ignore());
    await browser.visit(() => new Response(null, { status: 500 }));
    equal((await browser.visit((session) => session.flashed("notice"))).result, "saved");
    equal((await browser.visit((session) => session.flashed("notice"))).result, undefined);
  });

  test("gone once it was to be read, nothing of it is left in the row", async (lib) => {
    const { browser, table } = site(lib);
    await browser.visit((session) => session.set("n", 1).flash("notice", "saved"));
    ok(Object.keys(onlyRow(table).row).length === 2, "no flash was stored");
    await browser.visit(() => {});
    deepEqual(onlyRow(table).row, { n: 1 });
  });

  test("a request with nothing to read or say writes nothing", async (lib) => {
    const { browser, table } = site(lib);
    await browser.visit((session) => session.set("n", 1));
    const { version } = onlyRow(table).meta;
    await browser.visit((session) => session.flashed("notice"));
    await browser.visit(() => {});
    equal(onlyRow(table).meta.version, version);
  });

  test("names are any, undefined is a value, and the later of one name counts", async (lib) => {
    const { browser } = site(lib);
    await browser.visit((session) => {
      session.flash("__proto__", 1);
      session.flash("constructor", [2]);
      session.flash("u", undefined);
      session.flash("twice", 1);
      session.flash("twice", 2);
    });
    const { result } = await browser.visit((session) =>
      ["__proto__", "constructor", "u", "twice", "toString"].map((name) => session.flashed(name)),
    );
    deepEqual(result, [1, [2], undefined, 2, undefined]);
    equal(Object.prototype[0], undefined);
  });

  test("in a table that numbers no more names, it is said once all the same", async (lib) => {
    const { browser, table } = site(lib);
    for (let i = 0; i < 1100; i++) table.insert(`k${i}`, { [`field-${i}`]: 1 });
    table.deleteWhere({});
    await browser.visit((session) => session.flash("notice", "hello"));
    const read = async () => (await browser.visit((session) => session.flashed("notice"))).result;
    deepEqual([await read(), await read()], ["hello", undefined]);
    const { version } = onlyRow(table).meta;
    await browser.visit((session) => session.get("n"));
    equal(onlyRow(table).meta.version, version);
  });

  test("what is handed out is a copy", async (lib) => {
    const { browser } = site(lib);
    const said = { list: [1] };
    await browser.visit((session) => {
      session.flash("notice", said);
      said.list.push(2);
    });
    await browser.visit((session) => {
      session.flashed("notice").list.push(3);
      deepEqual(session.flashed("notice"), { list: [1] });
    });
  });

  test("too large, it is ERR_ROW_TOO_LARGE at the commit, and the commit can be done again without", async (lib) => {
    const { browser, manager, table } = site(lib, { limits: { maxRowBytes: 2000 } });
    await browser.visit((session) => session.set("n", 1));
    const session = await manager.open(browser.request());
    session.set("n", 2).flash("notice", "x".repeat(3000));
    await rejectsCode(manager.commit(session, new Response("ok")), "ERR_ROW_TOO_LARGE");
    deepEqual(onlyRow(table).row, { n: 1 });
    session.flash("notice", "short");
    await manager.commit(session, new Response("ok"));
    equal(onlyRow(table).row.n, 2);
    equal((await browser.visit((session) => session.flashed("notice"))).result, "short");
  });

  test("flash nests as deep as a field, and no deeper", async (lib) => {
    const nested = (depth) => (depth === 0 ? 1 : [nested(depth - 1)]);
    const { browser } = site(lib);
    await browser.visit((session) => {
      session.flash("notice", nested(200));
      throwsCode(() => session.flash("notice", nested(201)), "ERR_UNSUPPORTED_VALUE");
    });
    deepEqual((await browser.visit((session) => session.flashed("notice"))).result, nested(200));
  });
});
