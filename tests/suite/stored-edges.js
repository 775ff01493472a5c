/** Sessions before stores that do what contracts allow and few do, found by counting branches and by mutants. */
import { cookiesOf } from "./client.js";
import { deepEqual, equal, group, ok, rejectsCode, test } from "./harness.js";
import { isolates } from "./isolates.js";

const answer = () => new Response("ok");

/** An isolate before a store with some methods of its own; `methods` are given the store, and make them. */
async function before(lib, methods, options = {}) {
  const world = isolates(lib, { store: (given) => ({ ...given, ...methods(given) }), options });
  const here = world.isolate();
  await here.browser.visit((session) => session.set("n", 1));
  return { ...world, here, there: world.isolate };
}

const data = (visitor) => visitor.visit((session) => session.data).then(({ result }) => result);

group("edges of stores", () => {
  test("a store's place is where ids begin, and a renewed one stays there", async (lib) => {
    const places = ["aa", "zz"];
    const { here } = await before(lib, () => ({ place: () => places.shift() ?? "--" }));
    equal(here.browser.cookie.slice(0, 2), "aa");
    const old = here.browser.cookie;
    await here.browser.visit((session) => session.renew());
    ok(here.browser.cookie !== old, "the id is the old one");
    equal(here.browser.cookie.slice(0, 2), "aa");
    equal(here.browser.cookie.length, 24);
    equal((await data(here.browser)).n, 1);
  });

  test("where a store has no places, a renewed id begins as any other", async (lib) => {
    const { here } = await before(lib, () => ({}));
    const begun = new Set([here.browser.cookie.slice(0, 2)]);
    for (let i = 0; i < 6; i++) {
      await here.browser.visit((session) => session.renew());
      begun.add(here.browser.cookie.slice(0, 2));
    }
    ok(begun.size > 1, "all begin as the first did");
  });

  test("an id that is taken is left alone: another is minted, for a new session and for a renewed one", async (lib) => {
    const keys = [];
    let taken = 2;
    const { here } = await before(lib, (store) => ({
      commit: async (key, change) => {
        if (change.create) keys.push(key);
        return change.create && taken-- > 0 ? "exists" : store.commit(key, change);
      },
    }));
    equal(new Set(keys).size, 3);
    taken = 1;
    await here.browser.visit((session) => session.renew());
    equal(new Set(keys).size, 5);
    deepEqual(await data(here.browser), { n: 1 });
  });

  test("a store in which every id is taken is given up: ERR_ID_EXHAUSTED, and ids that differ", async (lib) => {
    const keys = [];
    const full = { on: false };
    const { here } = await before(lib, (store) => ({
      commit: async (key, change) => {
        if (full.on) keys.push(key);
        return full.on ? "exists" : store.commit(key, change);
      },
    }));
    full.on = true;
    const session = await here.manager.open(new Request("https://shop.test/"));
    session.set("n", 1);
    await rejectsCode(here.manager.commit(session, answer()), "ERR_ID_EXHAUSTED");
    deepEqual([keys.length, new Set(keys).size], [8, 8]);
  });

  test("a store that answers without the row is asked for it", async (lib) => {
    const { here, time } = await before(lib, (store) => ({
      commit: async (key, change) => {
        const done = await store.commit(key, change);
        return typeof done === "string" ? done : { version: done.version };
      },
    }));
    await here.browser.visit((session) => session.set("m", 2));
    deepEqual(await data(here.browser), { n: 1, m: 2 });
    await here.browser.visit((session) => session.renew());
    deepEqual(await data(here.browser), { n: 1, m: 2 });
    time.advance(5 * 60_000);
    deepEqual(await data(here.browser), { n: 1, m: 2 });
    time.advance(29 * 60_000);
    deepEqual(await data(here.browser), { n: 1, m: 2 });
  });

  test("a row that is gone when it is to be prolonged has been read all the same", async (lib) => {
    const { here, time } = await before(lib, (store) => ({
      commit: async (key, change) => (change.token === undefined ? "gone" : store.commit(key, change)),
    }));
    time.advance(5 * 60_000);
    deepEqual(await data(here.browser), { n: 1 });
  });

  test("who logs out while another isolate renews the session ends the renewed one", async (lib) => {
    const { here, there, moved, toy } = await before(lib, () => ({}));
    const late = await here.manager.open(here.browser.request());
    const { id } = late;
    late.destroy();
    const visitor = moved(here.browser, there());
    await visitor.visit((session) => session.renew());
    here.events.length = 0;
    await here.manager.commit(late, answer());
    equal((await visitor.visit((session) => session.isNew)).result, true);
    deepEqual(
      here.events.map(({ type, id: told }) => [type, told === id]),
      [["destroyed", false]],
    );
    ok(toy.rows.size > 0, "nothing is known of the end");
  });

  test("an end that the store did not have is told to nobody, and asked for again", async (lib) => {
    const { here } = await before(lib, () => ({ destroy: async () => false }), { maxStale: "1h" });
    const late = await here.manager.open(here.browser.request());
    late.destroy();
    here.events.length = 0;
    await here.manager.commit(late, answer());
    deepEqual(here.events, []);
    // The store has the row still.
    deepEqual(await data(here.browser), { n: 1 });
  });

  test("a store without an account of subjects refuses what needs one", async (lib) => {
    const { here } = await before(lib, () => ({ bySubject: undefined }));
    for (const asked of [here.manager.list("ada"), here.manager.revoke("ada")]) {
      const error = await asked.catch((thrown) => thrown);
      deepEqual([error.code, error.message], ["ERR_STORE", "this store keeps no account of subjects"]);
    }
  });

  test("all of a user's sessions end but the one that is named", async (lib) => {
    const { here, there } = await before(lib, () => ({}));
    const visitors = [here.browser, there().browser, there().browser, there().browser];
    for (const visitor of visitors) await visitor.visit((session) => session.login("ada"));
    const listed = await here.manager.list("ada");
    equal(listed.length, 4);
    const mine = await here.manager.open(here.browser.request());
    equal(await here.manager.revoke("ada", { except: mine }), 3);
    deepEqual(
      (await here.manager.list("ada")).map(({ id }) => id),
      [mine.id],
    );
    equal((await visitors[1].visit((session) => session.isNew)).result, true);
    equal((await here.browser.visit((session) => session.subject)).result, "ada");
  });

  test("a session that somebody else ends first is not counted", async (lib) => {
    const { here, there } = await before(lib, () => ({ destroy: async () => false }));
    for (const visitor of [here.browser, there().browser])
      await visitor.visit((session) => session.login("ada"));
    equal(await here.manager.revoke("ada"), 0);
    const [one] = await here.manager.list("ada");
    equal(await here.manager.revoke("ada", { id: one.id }), 0);
    const mine = cookiesOf(
      await here.manager.commit(await here.manager.open(here.browser.request()), answer()),
    );
    deepEqual(mine, []);
  });

  test("a commit before which others always are is given up after 32 times", async (lib) => {
    for (const said of ["conflict", "gone"]) {
      let tries = 0;
      const { here } = await before(lib, (store) => ({
        commit: async (key, change) => {
          if (change.create) return store.commit(key, change);
          tries++;
          return said;
        },
      }));
      const session = await here.manager.open(here.browser.request());
      session.update(({ n }) => ({ n: n + 1 }));
      await rejectsCode(here.manager.commit(session, answer()), "ERR_STORE");
      equal(tries, 32);
    }
  });

  test("a user's sessions are listed oldest first, in whatever order the store has them", async (lib) => {
    const orders = [(rows) => rows, (rows) => [...rows].reverse()];
    let order = orders[0];
    const { here, there, time } = await before(lib, (store) => ({
      bySubject: async (subject) => {
        const rows = await store.bySubject(subject);
        rows.sort((a, b) => a.row.createdAt - b.row.createdAt);
        return order(rows);
      },
    }));
    for (const visitor of [here.browser, there().browser, there().browser]) {
      await visitor.visit((session) => session.login("ada"));
      time.advance(1000);
    }
    for (order of orders) {
      const times = (await here.manager.list("ada")).map(({ createdAt }) => createdAt);
      deepEqual(times, [...times].sort());
      equal(new Set(times).size, 3);
    }
  });
});
