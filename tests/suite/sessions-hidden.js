/** What a session's row holds beside the application's fields is neither seen nor set by it. */
import { site } from "./client.js";
import { deepEqual, equal, group, ok, onlyRow, test, throwsCode } from "./harness.js";

const NAMES = ["", "\0", "\0flash", "\0meta", "\0csrf", "\0anything"];

/** A visitor whose row has one of each. */
async function full(lib) {
  const s = site(lib, { cookie: { maxAge: "7d" } });
  await s.browser.visit((session) => {
    session.set("n", 1);
    session.login("user-1", { device: "phone" });
    session.flash("notice", "saved");
    lib.csrf(session).token();
  });
  return s;
}

group("hidden fields", () => {
  test("no read shows them", async (lib) => {
    const { browser } = await full(lib);
    await browser.visit((session) => {
      deepEqual(session.data, { n: 1 });
      deepEqual([...session.keys()], ["n"]);
      session.update((data) => {
        deepEqual(data, { n: 1 });
        return {};
      });
      for (const name of NAMES) {
        throwsCode(() => session.get(name), "ERR_BAD_KEY");
        throwsCode(() => session.has(name), "ERR_BAD_KEY");
      }
    });
  });

  test("no write reaches them", async (lib) => {
    const { browser, table } = await full(lib);
    const { row } = onlyRow(table);
    await browser.visit((session) => {
      for (const name of NAMES) {
        throwsCode(() => session.set(name, 1), "ERR_BAD_KEY");
        throwsCode(() => session.delete(name), "ERR_BAD_KEY");
        throwsCode(() => session.increment(name), "ERR_BAD_KEY");
        throwsCode(() => session.update(() => ({ [name]: 1 })), "ERR_BAD_KEY");
        throwsCode(() => session.flash(name, 1), "ERR_BAD_KEY");
      }
      session.ignore();
    });
    deepEqual(onlyRow(table).row, row);
  });

  test("clear() leaves them: the list still tells of the session, its tokens and its cookie go on", async (lib) => {
    const { browser, manager, table } = await full(lib);
    const { result: token } = await browser.visit((session) => {
      session.clear();
      return lib.csrf(session).token();
    });
    deepEqual((await manager.list("user-1"))[0].meta, { device: "phone" });
    ok("" in onlyRow(table).row, "nothing tells when the cookie was sent");
    const { result } = await browser.visit((session) => [session.data, lib.csrf(session).verify(token)]);
    deepEqual(result, [{}, true]);
  });

  test("a clear() takes no flash away that another request left meanwhile", async (lib) => {
    const { browser, manager } = site(lib);
    await browser.visit((session) => session.set("n", 1));
    const late = await manager.open(browser.request());
    late.clear();
    await browser.visit((session) => session.flash("notice", "saved"));
    await manager.commit(late, new Response("ok"));
    deepEqual((await browser.visit((session) => [session.data, session.flashed("notice")])).result, [
      {},
      "saved",
    ]);
  });

  test("onConflict: throw minds none of them", async (lib) => {
    const { browser, manager, table } = site(lib, { onConflict: "throw", cookie: { maxAge: "7d" } });
    await browser.visit((session) => session.set("n", 1));
    const [a, b] = [await manager.open(browser.request()), await manager.open(browser.request())];
    a.set("a", 1).flash("notice", "by a");
    b.set("b", 1).flash("notice", "by b");
    await manager.commit(a, new Response("ok"));
    await manager.commit(b, new Response("ok"));
    const { a: ofA, b: ofB } = onlyRow(table).row;
    deepEqual([ofA, ofB], [1, 1]);
    equal((await browser.visit((session) => session.flashed("notice"))).result, "by b");
  });
});
