/** renew, destroy and ignore: what each does, and which one counts when several are called (Plug's rules 23–28). */
import { isDeletion, site } from "./client.js";
import { deepEqual, equal, group, ok, onlyRow, T0, test } from "./harness.js";

// Longer than any grace that a renewed id may have by default.
const GRACE = 10_000;

async function stored(lib) {
  const s = site(lib);
  await s.browser.visit((session) => session.set("n", 1));
  const old = s.browser.cookie;
  /** What a request with the first cookie finds, once nothing is under way any more. */
  const replay = async () => {
    s.time.advance(GRACE);
    const thief = s.another();
    thief.jar.set("__Host-sid", old);
    return (await thief.visit((session) => [session.isNew, session.data])).result;
  };
  return { ...s, old, replay };
}

const NONE = [true, {}];

group("renew, destroy, ignore", () => {
  test("renew: a new id, the same data, the old id dead", async (lib) => {
    const { browser, table, old, replay } = await stored(lib);
    const { cookies } = await browser.visit((session) => session.renew());
    equal(cookies.length, 1);
    ok(browser.cookie !== old, "the id is still the old one");
    deepEqual(onlyRow(table).row, { n: 1 });
    deepEqual(await replay(), NONE);
    equal((await browser.visit((session) => session.get("n"))).result, 1);
  });

  test("renew changes the public id as well, and keeps createdAt", async (lib) => {
    const { browser, time } = await stored(lib);
    const { result: before } = await browser.visit((session) => session.id);
    time.advance(60_000);
    await browser.visit((session) => session.renew());
    const { result: after } = await browser.visit((session) => [session.id, session.createdAt]);
    ok(after[0] !== before, "the public id is still the old one");
    equal(after[1], T0);
  });

  test("renew of a session without a row is nothing", async (lib) => {
    const { browser, table } = site(lib);
    const { cookies } = await browser.visit((session) => session.renew());
    equal(cookies.length, 0);
    equal(table.count(), 0);
  });

  test("renew and set in a new session: stored once", async (lib) => {
    const { browser, table } = site(lib);
    await browser.visit((session) => {
      session.renew();
      session.set("n", 1);
    });
    deepEqual(onlyRow(table).row, { n: 1 });
    equal((await browser.visit((session) => session.get("n"))).result, 1);
  });

  for (const [name, fn] of Object.entries({
    "set after renew": (session) => {
      session.renew();
      session.set("m", 2);
    },
    "set before renew": (session) => {
      session.set("m", 2);
      session.renew();
    },
  })) {
    test(`${name}: renewed, with the change`, async (lib) => {
      const { browser, table, old, replay } = await stored(lib);
      await browser.visit(fn);
      ok(browser.cookie !== old);
      deepEqual(onlyRow(table).row, { n: 1, m: 2 });
      deepEqual(await replay(), NONE);
    });
  }

  test("renew and clear, the idiom of login and logout pages: a new id and an empty row", async (lib) => {
    const { browser, table, old, replay } = await stored(lib);
    await browser.visit((session) => {
      session.renew();
      session.clear();
    });
    ok(browser.cookie !== old);
    deepEqual(onlyRow(table).row, {});
    deepEqual(await replay(), NONE);
  });

  test("destroy: the row is gone, the cookie deleted, the old id dead", async (lib) => {
    const { browser, table, replay } = await stored(lib);
    const { cookies } = await browser.visit((session) => session.destroy());
    equal(cookies.length, 1);
    ok(isDeletion(cookies[0]), "not a deletion cookie");
    equal(table.count(), 0);
    deepEqual(await replay(), NONE);
  });

  test("after destroy the data can still be read in this request", async (lib) => {
    const { browser } = await stored(lib);
    const { result } = await browser.visit((session) => {
      session.get("n");
      session.destroy();
      return session.get("n");
    });
    equal(result, 1);
  });

  test("set after destroy stays destroyed", async (lib) => {
    const { browser, table } = await stored(lib);
    const { cookies } = await browser.visit((session) => {
      session.destroy();
      session.set("m", 2);
    });
    equal(table.count(), 0);
    equal(cookies.length, 1);
    ok(isDeletion(cookies[0]));
  });

  test("destroy of a session that nobody looked at", async (lib) => {
    const { browser, table } = await stored(lib);
    await browser.visit((session) => session.destroy());
    equal(table.count(), 0);
    equal(browser.jar.size, 0);
  });

  test("destroy sends the deletion cookie even for an unknown id", async (lib) => {
    const { browser, table } = site(lib);
    browser.jar.set("__Host-sid", "A".repeat(24));
    const { cookies } = await browser.visit((session) => session.destroy());
    equal(cookies.length, 1);
    ok(isDeletion(cookies[0]));
    equal(table.count(), 0);
    equal(browser.jar.size, 0);
  });

  test("destroy without any cookie is nothing, whatever was set", async (lib) => {
    const { browser, table } = site(lib);
    const { cookies } = await browser.visit((session) => session.destroy());
    equal(cookies.length, 0);
    const again = await browser.visit((session) => session.set("n", 1).destroy());
    equal(again.cookies.length, 0);
    equal(table.count(), 0);
  });

  test("ignore: nothing of this request is stored", async (lib) => {
    const { browser, table, old } = await stored(lib);
    const { cookies } = await browser.visit((session) => {
      session.set("n", 2);
      session.ignore();
      session.set("m", 3);
      session.increment("n");
    });
    equal(cookies.length, 0);
    equal(browser.cookie, old);
    deepEqual(onlyRow(table).row, { n: 1 });
    const fresh = site(lib);
    const first = await fresh.browser.visit((session) => session.set("n", 1).ignore());
    equal(first.cookies.length, 0);
    equal(fresh.table.count(), 0);
  });

  // The last of them wins, and none of them can be taken back.
  for (const [calls, expected] of Object.entries({
    "renew destroy": "destroyed",
    "renew ignore": "ignored",
    "destroy renew": "renewed",
    "destroy ignore": "ignored",
    "ignore renew": "renewed",
    "ignore destroy": "destroyed",
    "renew destroy set": "destroyed",
    "destroy renew set": "renewed with the change",
    "renew ignore set": "ignored",
    "set renew destroy ignore": "ignored",
  })) {
    test(`${calls.replaceAll(" ", ", then ")}: ${expected}`, async (lib) => {
      const { browser, table, old, replay } = await stored(lib);
      const { cookies } = await browser.visit((session) => {
        for (const call of calls.split(" ")) session[call]("m", 2);
      });
      if (expected === "destroyed") {
        equal(table.count(), 0);
        ok(cookies.length === 1 && isDeletion(cookies[0]), "no deletion cookie");
      } else if (expected === "ignored") {
        equal(cookies.length, 0);
        deepEqual(onlyRow(table).row, { n: 1 });
        deepEqual(await replay(), [false, { n: 1 }]);
      } else {
        ok(browser.cookie !== old, "the id is still the old one");
        deepEqual(onlyRow(table).row, expected === "renewed" ? { n: 1 } : { n: 1, m: 2 });
        deepEqual(await replay(), NONE);
      }
    });
  }

  test("a cookie of any earlier life is dead after destroy", async (lib) => {
    const { browser, another, time } = await stored(lib);
    const issued = [browser.cookie];
    for (let i = 0; i < 5; i++) {
      await browser.visit((session) => session.renew());
      issued.push(browser.cookie);
    }
    equal(new Set(issued).size, 6);
    await browser.visit((session) => session.destroy());
    time.advance(GRACE);
    for (const cookie of issued) {
      const thief = another();
      thief.jar.set("__Host-sid", cookie);
      deepEqual((await thief.visit((session) => [session.isNew, session.data])).result, NONE);
    }
  });
});
