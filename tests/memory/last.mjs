/** Memory of which nothing is left, and memory that is too small from the beginning. */
import { equal, fail, ok, test } from "../suite/harness.js";
import { isRefused, makeTable, row } from "./tables.mjs";

/** Takes memory by pieces that get smaller, until not even the smallest is granted. */
function useUp(pack) {
  const tables = Array.from({ length: 8 }, () => makeTable(pack));
  for (const bytes of [30_000, 3_000, 300, 30, 1]) {
    for (let n = 0, refused = 0; refused < 3; n++) {
      if (isRefused(pack, () => tables[0].insert(`${bytes}-${n}`, row(n, bytes)))) refused++;
    }
  }
  for (const bytes of [120, 60, 30, 14, 6]) {
    // Names that a filter brings are numbered, where there is room.
    for (const table of tables) {
      for (let n = 0; n < 200; n++)
        isRefused(pack, () => table.count({ where: { [`${n}`.padEnd(bytes)]: 1 } }));
    }
  }
  return tables;
}

export function testLastBytes(pack) {
  test("memory used up to its last bytes: every operation is refused or done, and no row is lost", () => {
    const tables = useUp(pack);
    const { size } = tables[0];
    const operations = {
      info: () => tables[0].info(),
      size: () => tables[0].size,
      peek: () => tables[0].peek("30000-0"),
      lookup: () => tables[0].lookup("none"),
      select: () => tables[0].select(),
      snapshot: () => tables[0].snapshot(),
      update: () => tables[0].update("30000-0", { tags: [] }),
      counter: () => tables[1].updateCounter("counter", "hits"),
      another: () => tables.push(makeTable(pack)),
    };
    for (const [what, operation] of Object.entries(operations)) {
      try {
        isRefused(pack, operation);
        equal(tables[0].size, size, "rows");
      } catch (error) {
        fail(`${what}: ${error?.stack ?? error}`);
      }
    }
    for (const table of tables) table.drop();
  });
}

export function testTooSmall(pack) {
  test("whatever needs the instance is refused", () => {
    for (let n = 0; n < 3; n++) {
      ok(
        isRefused(pack, () => makeTable(pack, { maxBytes: 10_000 })),
        "a table was made",
      );
    }
  });
}
