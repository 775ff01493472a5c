/** Each refusal names its option and what was given, as ERR_BAD_OPTION promises. */
import { site } from "./client.js";
import { equal, group, rejectsCode, test, throwsCode, unique } from "./harness.js";
import { Toy } from "./toy.js";

const answer = () => new Response("ok");

group("refusals name what is wrong", () => {
  test("options of sessions()", (lib) => {
    const { load, commit, destroy, guarantees } = lib.stores.storeOver(new Toy(), () => 0);
    for (const [options, option, given] of [
      [5, "options", 5],
      [null, "options", "null"],
      [{ nothing: 1 }, "nothing", "nothing"],
      [{ skip: 1 }, "skip", 1],
      [{ onEvent: "log" }, "onEvent", "log"],
      [{ now: 0 }, "now", 0],
      [{ store: 5 }, "store", 5],
      [{ store: null }, "store", "null"],
      [{ store: { commit, destroy, guarantees } }, "store", "object"],
      [{ store: { load, destroy, guarantees } }, "store", "object"],
      [{ store: { load, commit, guarantees } }, "store", "object"],
      [{ store: { load, commit, destroy: 1, guarantees } }, "store", "object"],
      [{ store: { load, commit, destroy } }, "store", "object"],
      [{ acceptEventual: 1 }, "acceptEventual", 1],
      [{ onConflict: "retry" }, "onConflict", "retry"],
      [{ saveOnError: 0 }, "saveOnError", 0],
      [{ limits: 5 }, "limits", 5],
      [{ limits: { rows: 1 } }, "rows", "rows"],
      [{ limits: { maxBytes: 0 } }, "limits.maxBytes", 0],
      [{ limits: { maxRowBytes: "1x" } }, "limits.maxRowBytes", "1x"],
      [{ limits: { onFull: "drop" } }, "limits.onFull", "drop"],
      [{ limits: { reserve: "yes" } }, "limits.reserve", "yes"],
      [{ table: "" }, "table", ""],
      [{ table: 5 }, "table", 5],
      [{ table: ["sessions"] }, "table", "object"],
      [{ table: {} }, "table", "object"],
      [{ idle: 0 }, "idle", 0],
      [{ absolute: 0 }, "absolute", 0],
      [{ renewGrace: -1 }, "renewGrace", -1],
      [{ maxStale: -1 }, "maxStale", -1],
      [{ storeTimeout: 0 }, "storeTimeout", 0],
      [{ csrf: "yes" }, "csrf", "yes"],
      [{ csrf: { origins: "https://a.test" } }, "csrf.origins", "https://a.test"],
      [{ csrf: { origins: ["https://a.test/"] } }, "csrf.origins", "https://a.test/"],
      [{ csrf: { origins: ["a.test"] } }, "csrf.origins", "a.test"],
      [{ idle: null }, "idle", "null"],
      [{ absolute: null }, "absolute", "null"],
      [{ renewGrace: null }, "renewGrace", "null"],
      [{ maxStale: null }, "maxStale", "null"],
      [{ storeTimeout: null }, "storeTimeout", "null"],
      [{ secrets: "" }, "secrets", "string"],
      [{ secrets: [] }, "secrets", "object"],
    ]) {
      throwsCode(() => lib.sessions(options), "ERR_BAD_OPTION", { option, given });
    }
  });

  test("what is right at the edge is taken", (lib) => {
    for (const options of [
      { renewGrace: 0, maxStale: 0 },
      { limits: { onFull: "evict" } },
      { limits: { onFull: "refuse" } },
      { limits: { reserve: false } },
      { saveOnError: false, acceptEventual: false, onConflict: "merge", csrf: false },
      { csrf: { origins: [] } },
      { csrf: {} },
      { store: lib.stores.storeOver(new Toy(), () => 0) },
      { store: () => undefined },
    ]) {
      equal(lib.sessions({ table: unique("right"), ...options }).table.size, 0);
    }
  });

  test("what is asked of sessions()", async (lib) => {
    const { manager } = site(lib);
    throwsCode(() => manager.handle(5), "ERR_BAD_OPTION", { option: "handler", given: 5 });
    const mine = await manager.open(new Request("https://shop.test/"));
    for (const [asked, option, given] of [
      [() => manager.list(""), "subject", "string"],
      [() => manager.list(5), "subject", "number"],
      [() => manager.revoke(5), "subject", "number"],
      [() => manager.revoke("ada", 5), "options", 5],
      [() => manager.revoke("ada", { all: true }), "all", "all"],
      [() => manager.revoke("ada", { id: 5 }), "id", "number"],
      [() => manager.revoke("ada", { id: "one", except: mine }), "except", "a session beside id"],
      [() => manager.revoke("ada", { except: {} }), "except", "object"],
      [() => manager.commit(mine, "ok"), "response", "ok"],
      [() => manager.commit({}, answer()), "session", "object"],
      [() => manager.commit(mine, new Request("https://shop.test/")), "response", "object"],
      [() => manager.commit(mine, { headers: new Headers() }), "response", "object"],
      [() => manager.open(undefined), "request", "undefined"],
      [() => manager.open({}), "request", "object"],
      [() => manager.open("https://shop.test/"), "request", "https://shop.test/"],
      [() => manager.handle(answer)(undefined), "request", "undefined"],
    ]) {
      await rejectsCode(asked(), "ERR_BAD_OPTION", { option, given });
    }
  });

  test("what is asked of a store that is none", async (lib) => {
    for (const [none, given] of [
      [{}, "object"],
      [undefined, "undefined"],
      [null, "null"],
      [5, 5],
    ]) {
      const manager = lib.sessions({ table: unique("none"), store: () => none });
      const told = { option: "store", given };
      await rejectsCode(manager.open(new Request("https://shop.test/")), "ERR_BAD_OPTION", told);
    }
  });

  test("what is asked of a session", async (lib) => {
    const { browser } = site(lib);
    await browser.visit((session) => {
      for (const [asked, option, given] of [
        [() => session.login(5), "subject", "number"],
        [() => session.login("ada", undefined, 5), "options", 5],
        [() => session.login("ada", undefined, { keeps: [] }), "keeps", "keeps"],
        [() => session.login("ada", []), "meta", "object"],
        [() => session.login("ada", 5), "meta", 5],
        [() => session.logout(5), "options", 5],
        [() => session.logout({ everywhere: 1 }), "everywhere", 1],
        [() => session.logout({ all: true }), "all", "all"],
        [() => session.increment("n", "1"), "by", "1"],
        [() => lib.csrf({}).token(), "session", "object"],
        [() => lib.csrf(undefined).token(), "session", "undefined"],
        [() => lib.csrf(null).verify("x"), "session", "null"],
        [() => session.update(undefined), "fn", "undefined"],
        [() => session.update(() => null), "fn", "null"],
        [() => session.update(() => {}), "fn", "undefined"],
        [() => session.update(() => "ab"), "fn", "ab"],
        [() => session.update(() => [1]), "fn", "object"],
        [() => session.update(() => new Map([["n", 1]])), "fn", "object"],
        [() => session.update(async () => ({ n: 1 })), "fn", "object"],
      ]) {
        throwsCode(asked, "ERR_BAD_OPTION", { option, given });
      }
      for (const key of [5, null, undefined, ["n"], Symbol("n"), {}, "", "\ud800", "\0n"]) {
        for (const asked of [() => session.get(key), () => session.set(key, 1), () => session.flashed(key)]) {
          throwsCode(asked, "ERR_BAD_KEY");
        }
      }
    });
  });

  test("a login over a store that is only eventually consistent", async (lib) => {
    const store = { ...lib.stores.storeOver(new Toy(), () => 0) };
    store.guarantees = { ...store.guarantees, consistency: "eventual" };
    const { browser } = site(lib, { store });
    const told = { option: "acceptEventual", given: "false" };
    await browser.visit((session) => throwsCode(() => session.login("ada"), "ERR_BAD_OPTION", told));
  });
});
