/** What a request was told stays true for it, found by mutants of the reading of single fields. */
import { site } from "./client.js";
import { deepEqual, equal, group, rejectsCode, test, throwsCode } from "./harness.js";

const answer = () => new Response("ok");

/** A stored session; `late` is a request that is under way while `meanwhile` does another. */
async function meeting(lib, options, data = { n: 1, m: 1, list: [1] }) {
  const s = site(lib, options);
  await s.browser.visit((session) => session.update(() => data));
  const late = await s.manager.open(s.browser.request());
  const meanwhile = (fn) => s.browser.visit(fn);
  return { ...s, late, meanwhile, commit: () => s.manager.commit(late, answer()) };
}

group("reads of one request", () => {
  test("a field that was read is the same when it is read again, whatever was read or written between", async (lib) => {
    const { late, meanwhile } = await meeting(lib);
    equal(late.get("n"), 1);
    await meanwhile((session) => session.set("n", 2).set("m", 2).set("new", 2));
    equal(late.get("n"), 1);
    equal(late.get("m"), 2);
    equal(late.get("n"), 1);
    await meanwhile((session) => session.set("n", 3).set("m", 3));
    deepEqual([late.get("n"), late.get("m"), late.get("new")], [1, 2, 2]);
  });

  test("a row that others moved, ended or took the place of is read as it is now", async (lib) => {
    const { late, meanwhile } = await meeting(lib);
    await meanwhile((session) => session.set("n", "x".repeat(500)));
    equal(late.get("n"), "x".repeat(500));
    const ended = await meeting(lib);
    await ended.meanwhile((session) => session.destroy());
    for (let i = 0; i < 8; i++)
      await ended.another().visit((session) => session.update(() => ({ n: 7, m: 1, list: [1] })));
    equal(ended.late.get("n"), undefined);
    deepEqual(ended.late.data, {});
    const renewed = await meeting(lib);
    await renewed.meanwhile((session) => session.set("m", 9).renew());
    deepEqual([renewed.late.get("m"), renewed.late.data], [9, { n: 1, m: 9, list: [1] }]);
  });

  test("what expires while a request is under way is gone for it, whichever field was asked for", async (lib) => {
    const { late, time } = await meeting(lib, { idle: 60 });
    equal(late.get("n"), 1);
    time.advance(59_999);
    equal(late.get("m"), 1);
    const later = await meeting(lib, { idle: 60 });
    later.time.advance(60_000);
    equal(later.late.get("n"), undefined);
  });

  test("one field after the other, each has its own value", async (lib) => {
    const { late } = await meeting(lib, {}, { n: 1, m: 5 });
    deepEqual([late.get("n"), late.get("m"), late.get("n"), late.get("nothing")], [1, 5, 1, undefined]);
  });

  test("once all were read, each is as it was then", async (lib) => {
    const { late, meanwhile } = await meeting(lib);
    deepEqual(late.data, { n: 1, m: 1, list: [1] });
    await meanwhile((session) => session.set("n", 2));
    equal(late.get("n"), 1);
  });

  test("an object is handed out as a copy, every time", async (lib) => {
    const { late, meanwhile } = await meeting(lib);
    const first = late.get("list");
    first.push(2);
    deepEqual(late.get("list"), [1]);
    await meanwhile((session) => session.set("list", [9]));
    late.get("list").push(3);
    deepEqual(late.get("list"), [1]);
    equal(late.get("n"), 1);
    deepEqual(late.get("list"), [1]);
  });

  test("what was cleared is gone for this request, before anything was read", async (lib) => {
    const { late } = await meeting(lib);
    late.clear();
    equal(late.get("n"), undefined);
    equal(late.has("m"), false);
  });

  test("a session that was renewed meanwhile is read under its new id", async (lib) => {
    for (const read of [(session) => session.get("n"), (session) => session.data.n]) {
      const { late, meanwhile } = await meeting(lib);
      await meanwhile((session) => session.renew());
      equal(read(late), 1);
    }
  });

  test("a refused increment names the field", async (lib) => {
    const { late } = await meeting(lib);
    throwsCode(() => late.increment("list"), "ERR_NOT_A_NUMBER", { path: "list" });
  });
});

group("updates", () => {
  test("a new visitor's is done once", async (lib) => {
    const { browser } = site(lib);
    let calls = 0;
    const count = () => {
      calls++;
      return { n: 1 };
    };
    await browser.visit((session) => session.update(count));
    equal(calls, 1);
  });

  test("throw: a field that was set before an update writes it conflicts still", async (lib) => {
    const { late, meanwhile, commit } = await meeting(lib, { onConflict: "throw" });
    late.set("n", 5);
    late.update(({ n }) => ({ n: n + 1 }));
    await meanwhile((session) => session.set("n", 2));
    await rejectsCode(commit(), "ERR_CONFLICT");
  });

  test("throw: a field that is there and undefined is another than one that is not there", async (lib) => {
    for (const [mine, theirs] of [
      [(s) => s.set("u", 1), (s) => s.set("u", undefined)],
      [(s) => s.delete("v"), (s) => s.delete("v")],
    ]) {
      const { late, meanwhile, commit } = await meeting(lib, { onConflict: "throw" }, { v: undefined });
      mine(late);
      await meanwhile(theirs);
      await rejectsCode(commit(), "ERR_CONFLICT");
    }
  });
});

group("the second of two logins", () => {
  test("has what was set last, be it set and removed, or set to another value before", async (lib) => {
    for (const [act, data] of [
      [(s) => s.set("n", 9).delete("n"), {}],
      [(s) => s.set("n", 9).set("n", 1), { n: 1 }],
      [(s) => s.set("n", 1).set("n", 9), { n: 9 }],
      [(s) => s.set("n", 1).increment("n", 2), { n: 3 }],
      [(s) => s.set("n", 9).increment("n", 2), { n: 11 }],
      [(s) => s.set("n", 1).delete("n"), {}],
    ]) {
      const { late, meanwhile, commit, another } = await meeting(lib);
      act(late);
      late.login("bob");
      await meanwhile((session) => session.login("ada"));
      const [line] = (await commit()).headers.getSetCookie();
      const visitor = another();
      visitor.jar.set("__Host-sid", /=([^;]*)/.exec(line)[1]);
      deepEqual((await visitor.visit((session) => session.data)).result, data);
    }
  });
});

group("logins that are taken back", () => {
  test("a session that is made all the same is nobody's", async (lib) => {
    const { browser, manager, table } = site(lib);
    await browser.visit((session) => {
      session.set("n", 1);
      session.login("eve");
      session.ignore();
      session.renew();
    });
    equal(table.count(), 1);
    deepEqual(await manager.list("eve"), []);
    deepEqual((await browser.visit((session) => [session.subject, session.data])).result, [
      undefined,
      { n: 1 },
    ]);
  });

  test("a token of a request that renews its session verifies in the next", async (lib) => {
    const { browser } = site(lib);
    await browser.visit((session) => session.set("n", 1));
    const { result: token } = await browser.visit((session) => {
      const made = lib.csrf(session).token();
      session.renew();
      return made;
    });
    equal((await browser.visit((session) => lib.csrf(session).verify(token))).result, true);
  });
});
