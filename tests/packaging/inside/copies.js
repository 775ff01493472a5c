// Two copies of the package in one program, as the dependency of a dependency brings them.

import * as once from "ets-session";
import * as onceTable from "ets-session/table";
import * as again from "ets-session-again";
import * as againTable from "ets-session-again/table";
import { collect } from "../../runtimes/report.mjs";
import { client } from "../../suite/client.js";
import { deepEqual, equal, group, ok, runAll, test, unique } from "../../suite/harness.js";

const copies = [
  { ...once, table: onceTable },
  { ...again, table: againTable },
];

function thrown(call) {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

group("two copies", () => {
  test("a name is a table in each: rows, names and dropping are its own", () => {
    const name = unique("both");
    const [a, b] = copies.map(({ table }) => table.createTable(name));
    a.insert("k", { of: "a" });
    equal(b.lookup("k"), undefined);
    equal(b.size, 0);
    b.insert("k", { of: "b" });
    deepEqual(a.lookup("k"), { of: "a" });
    a.drop();
    deepEqual(
      copies.map(({ table }) => table.tables().includes(name)),
      [false, true],
    );
    deepEqual(b.lookup("k"), { of: "b" });
  });

  test("each has memory of its own", () => {
    const [a, b] = copies.map(({ table }) => table.createTable(unique("memory")));
    const before = b.info();
    for (let i = 0; i < 1000; i++) a.insert(`k${i}`, { text: "x".repeat(4000) });
    ok(a.info().memoryBytes > before.memoryBytes, "a's memory did not grow");
    deepEqual(b.info(), before);
    a.drop();
  });

  test("an error has its copy's class; what tells errors apart everywhere is their code", () => {
    for (const [own, other] of [copies, [...copies].reverse()]) {
      const error = thrown(() => own.table.table("of nobody"));
      equal(error instanceof own.EtsError, true);
      equal(error instanceof other.EtsError, false);
      equal(error.code, "ERR_NO_TABLE");
    }
  });

  test("sessions over the other's table are refused, not mixed up", () => {
    const table = again.sessions({ table: unique("foreign") }).table;
    const error = thrown(() => once.sessions({ table }));
    equal(error instanceof once.EtsError, true);
    equal(error.code, "ERR_BAD_OPTION");
  });

  test("a snapshot goes from one to the other", () => {
    const [a, b] = copies.map(({ table }) => table.createTable(unique("moved")));
    a.insert("k", { when: new Date(5), list: [1, "two"] });
    equal(b.restore(a.snapshot()), 1);
    deepEqual(b.lookup("k"), a.lookup("k"));
  });

  test("an id of the one is a stranger's to the other", async () => {
    const name = unique("site");
    const [a, b] = copies.map(({ sessions }) => client(sessions({ table: name })));
    await a.visit((session) => session.set("who", "ada"));
    b.jar.set("__Host-sid", a.cookie);
    const seen = await b.visit((session) => [session.isNew, session.get("who")]);
    deepEqual(seen.result, [true, undefined]);
    equal((await a.visit((session) => session.get("who"))).result, "ada");
  });

  test("one handler around the other: both sessions, both cookies", async () => {
    const [outer, inner] = copies.map(({ sessions }, i) =>
      sessions({ table: unique("nested"), cookie: { name: `nested${i}` } }),
    );
    const counting = inner.handle((_request, session) => Response.json(session.increment("n")));
    const both = {
      handle: (handler) =>
        outer.handle((request, session) => {
          session.increment("n", 10);
          return handler(request, session);
        }),
    };
    const browser = client(both);
    for (const count of [1, 2]) {
      const { response } = await browser.visit(() => counting(browser.request()));
      equal(await response.json(), count);
    }
    deepEqual([...browser.jar.keys()].sort(), ["__Host-nested0", "__Host-nested1"]);
    equal(outer.table.size, 1);
    equal(inner.table.size, 1);
  });
});

export default () => collect(runAll, once);
