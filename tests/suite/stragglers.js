/** Requests that come with an id that was renewed, or that take longer than what happens meanwhile. */
import { cookiesOf, site } from "./client.js";
import { deepEqual, equal, group, ok, test } from "./harness.js";
import { isolates } from "./isolates.js";

const answer = () => new Response("ok");

/** A renewed session in a table, or in a store between two isolates; `old` gives a visitor with the old id. */
async function renewed(lib, kind, options = {}) {
  const world = kind === "table" ? undefined : isolates(lib, { options });
  const here = world?.isolate() ?? site(lib, options);
  const there = world?.isolate() ?? here;
  const at = (place, from) => {
    const visitor = world ? world.moved(from, place) : here.another();
    for (const [name, value] of from.jar) visitor.jar.set(name, value);
    return visitor;
  };
  await here.browser.visit((session) => session.set("n", 1));
  const before = at(here, here.browser);
  await here.browser.visit((session) => session.renew());
  return { here, there, at, time: world?.time ?? here.time, old: (place = here) => at(place, before) };
}

for (const kind of ["table", "store"]) {
  group(`stragglers, with a ${kind}`, () => {
    test("have the id that the session has now", async (lib) => {
      const { here, old } = await renewed(lib, kind);
      const { result: id } = await here.browser.visit((session) => session.id);
      equal((await old().visit((session) => session.id)).result, id);
    });

    test("get the new cookie as long as there is a session for it", async (lib) => {
      const { here, there, at, old } = await renewed(lib, kind);
      const [alive, dead] = [
        await there.manager.open(old().request()),
        await there.manager.open(old().request()),
      ];
      deepEqual([alive.get("n"), dead.get("n")], [1, 1]);
      const [cookie] = cookiesOf(await there.manager.commit(alive, answer()));
      equal(cookie.value, here.browser.cookie);
      await at(here, here.browser).visit((session) => session.destroy());
      equal(cookiesOf(await there.manager.commit(dead, answer())).length, 0);
    });

    test("that began before the renewal commit to the renewed row, be the grace long over", async (lib) => {
      const { here, there, at, time } = await renewed(lib, kind);
      const late = await there.manager.open(at(there, here.browser).request());
      late.set("late", true);
      await here.browser.visit((session) => session.renew());
      time.advance(60_000);
      await there.manager.commit(late, answer());
      deepEqual((await here.browser.visit((session) => session.data)).result, { n: 1, late: true });
    });
  });
}

group("stragglers before a slow store", () => {
  test("who asked before an end that was told here is not let in by the answer that comes behind it", async (lib) => {
    let [gate, read] = [];
    const store = (given) => ({
      ...given,
      load: async (key) => {
        const found = await given.load(key);
        read?.();
        await gate;
        return found;
      },
    });
    const { browser, manager } = isolates(lib, { store }).isolate();
    await browser.visit((session) => session.set("n", 1));
    const ending = await manager.open(browser.request());
    ending.destroy();
    let open;
    gate = new Promise((resolve) => {
      open = resolve;
    });
    const asked = new Promise((resolve) => {
      read = resolve;
    });
    const late = manager.open(browser.request());
    await asked;
    await manager.commit(ending, answer());
    open();
    ok((await late).isNew, "an ended session was given to a request");
  });

  test("a row that is gone when it is to be prolonged is read as long as it may be remembered", async (lib) => {
    const store = (given) => ({
      ...given,
      commit: async (key, change) => (change.token === undefined ? "gone" : given.commit(key, change)),
    });
    const world = isolates(lib, { store, options: { maxStale: "1h", idle: "20m" } });
    const { browser } = world.isolate();
    await browser.visit((session) => session.set("n", 1));
    for (let i = 0; i < 2; i++) {
      world.time.advance(5 * 60_000);
      equal((await browser.visit((session) => session.get("n"))).result, 1);
    }
  });
});
