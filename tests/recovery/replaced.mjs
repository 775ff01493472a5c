/** After a trap anywhere: a typed error, an instance in the other's place, and tables as they were made. */
import { deepEqual, equal, group, ok, test } from "../suite/harness.js";
import { arm, CALL, POINTS, refused, T0, unique } from "./points.mjs";

const LOST = "ERR_INSTANCE_LOST";

export function testReplaced(pack) {
  const { createTable, tables } = pack.table;
  const filled = (options) => {
    const t = createTable(unique(), { maxBytes: "64KiB", now: () => T0, ...options });
    for (let n = 1; n < 10; n++) t.insert(`k${n}`, { n });
    return t;
  };

  group("a trap", () => {
    for (const [where, [point, run]] of Object.entries(POINTS)) {
      test(`${where}: the caller is told, and the next call is right`, () => {
        const t = filled();
        const { made } = pack.watched;
        arm(pack, point);
        const error = refused(pack, LOST, () => run(t));
        ok(error.cause instanceof WebAssembly.RuntimeError, "the trap is not the error's cause");
        equal(pack.watched.made, made + 1, "instances made");
        equal(t.lookup("k1"), undefined);
        equal(t.size, 0);
        t.insert("k1", { n: 1 });
        deepEqual(t.lookup("k1"), { n: 1 });
        t.drop();
      });
    }

    test("every table comes back empty, under its name and with its options", () => {
      const before = tables();
      const small = filled({ maxBytes: 2000, onFull: "refuse" });
      const hashed = filled({ hashKeys: true });
      const short = filled({ idle: 1 });
      const dropped = filled();
      dropped.drop();
      arm(pack, CALL);
      refused(pack, LOST, () => short.touch("k1"));
      deepEqual(tables(), [...before, small.name, hashed.name, short.name]);
      for (const t of [small, hashed, short]) deepEqual([t.size, t.info().inserted], [0, 0]);
      refused(pack, "ERR_TABLE_FULL", () => {
        for (let n = 0; n < 100; n++) small.insert(`k${n}`, { n });
      });
      hashed.insert("k", { n: 1 });
      ok(![...hashed.keys()].includes("k"), "a key is kept as it is");
      short.insert("k", { n: 1 });
      equal(short.select().rows[0][2].expiresAt, T0 + 1000);
      refused(pack, "ERR_NO_TABLE", () => dropped.size);
      refused(pack, "ERR_TABLE_EXISTS", () => createTable(small.name));
      for (const t of [small, hashed, short]) t.drop();
    });

    test("what was reserved is reserved again", () => {
      const maxBytes = 8 * 2 ** 20;
      const t = filled({ maxBytes, reserve: true });
      arm(pack, CALL);
      refused(pack, LOST, () => t.touch("k1"));
      ok(t.info().memoryBytes >= maxBytes, `${t.info().memoryBytes} bytes of memory`);
      t.drop();
    });

    test("what was begun before it ends without harm", () => {
      const t = filled();
      const entries = t.entries();
      entries.next();
      const bytes = t.snapshot();
      arm(pack, CALL);
      refused(pack, LOST, () => t.size);
      for (const [key] of entries) ok(/^k\d$/.test(key), "a row that was never there");
      equal(t.restore(bytes), 9);
      deepEqual(t.lookup("k9"), { n: 9 });
      t.drop();
    });

    test("in the new instance ids and hashes are drawn anew", () => {
      const t = filled();
      const seen = new Set();
      for (let round = 0; round < 3; round++) {
        seen.add(pack.watched.last.exports.memory);
        arm(pack, CALL);
        refused(pack, LOST, () => t.size);
      }
      equal(seen.size, 3);
      t.drop();
    });

    test("while there is no memory for another instance each call says so; then it goes on", () => {
      const t = filled();
      pack.watched.refuse = true;
      arm(pack, CALL);
      for (let i = 0; i < 3; i++) {
        refused(pack, LOST, () => t.lookup("k1"));
        refused(pack, LOST, () => t.insert("k1", { n: "x".repeat(70_000) }));
        refused(pack, LOST, () => t.info());
      }
      pack.watched.refuse = false;
      equal(t.lookup("k1"), undefined);
      t.insert("k1", { n: 2 });
      deepEqual(t.lookup("k1"), { n: 2 });
      t.drop();
    });
  });
}
