/** Named tables: made, found, listed, dropped. */
import { deepEqual, equal, group, ok, test, throwsCode, unique } from "./harness.js";

group("tables", () => {
  test("a table has the name it was made with and starts empty", ({ table: { createTable } }) => {
    const name = unique();
    const t = createTable(name);
    equal(t.name, name);
    equal(t.size, 0);
    equal(t.count(), 0);
    deepEqual([...t.keys()], []);
    equal(t.select().rows.length, 0);
    equal(t.select().after, undefined);
  });

  test("table(name) leads to the same rows", ({ table: { createTable, table } }) => {
    const name = unique();
    createTable(name).insert("k", { a: 1 });
    deepEqual(table(name).lookup("k"), { a: 1 });
    equal(table(name).name, name);
  });

  test("table(name) of nothing is ERR_NO_TABLE", ({ table: { table } }) => {
    throwsCode(() => table(unique("never-made")), "ERR_NO_TABLE");
  });

  test("asking for a missing table does not make it", ({ table: { table, tables } }) => {
    const name = unique("never-made");
    throwsCode(() => table(name), "ERR_NO_TABLE");
    ok(!tables().includes(name));
  });

  test("a taken name is ERR_TABLE_EXISTS and the first table stays", ({ table: { createTable } }) => {
    const name = unique();
    const first = createTable(name);
    first.insert("k", { a: 1 });
    throwsCode(() => createTable(name), "ERR_TABLE_EXISTS");
    deepEqual(first.lookup("k"), { a: 1 });
  });

  test("tables() lists each name once", ({ table: { createTable, tables } }) => {
    const names = [unique(), unique(), unique("ünï")];
    for (const name of names) createTable(name);
    for (const name of names) equal(tables().filter((n) => n === name).length, 1);
  });

  test("the list that tables() gives is the caller's own", ({ table: { createTable, tables } }) => {
    const name = unique();
    createTable(name);
    tables().length = 0;
    ok(tables().includes(name));
  });

  test("names are 1 to 255 bytes, counted as UTF-8", ({ table: { createTable, tables } }) => {
    const long = unique("n").padEnd(255, "x");
    equal(createTable(long).name, long);
    const euros = "€".repeat(85);
    if (!tables().includes(euros)) equal(createTable(euros).name, euros);
    const refused = ["", `${long}x`, "€".repeat(86)];
    for (const name of refused) throwsCode(() => createTable(name), ["ERR_BAD_OPTION", "ERR_BAD_KEY"]);
  });

  test("names that are no well-formed strings are refused", ({ table: { createTable } }) => {
    for (const name of [undefined, null, 5, {}, ["t"], "a\ud800", "\udc00b"]) {
      throwsCode(() => createTable(name), ["ERR_BAD_OPTION", "ERR_MISSING_OPTION", "ERR_BAD_KEY"]);
    }
  });

  test("dropping frees the name", ({ table: { createTable, table, tables } }) => {
    const name = unique();
    const t = createTable(name);
    t.insert("k", { a: 1 });
    t.drop();
    ok(!tables().includes(name));
    throwsCode(() => table(name), "ERR_NO_TABLE");
    equal(createTable(name).lookup("k"), undefined);
  });

  test("a dropped table answers ERR_NO_TABLE to everything", ({ table: { createTable } }) => {
    const t = createTable(unique());
    t.insert("k", { n: 1 });
    t.drop();
    const uses = {
      lookup: () => t.lookup("k"),
      peek: () => t.peek("k"),
      field: () => t.field("k", "n"),
      member: () => t.member("k"),
      insert: () => t.insert("k", {}),
      insertNew: () => t.insertNew("k", {}),
      update: () => t.update("k", {}),
      updateCounter: () => t.updateCounter("k", "n"),
      touch: () => t.touch("k"),
      take: () => t.take("k"),
      delete: () => t.delete("k"),
      clear: () => t.clear(),
      drop: () => t.drop(),
      select: () => t.select(),
      count: () => t.count(),
      deleteWhere: () => t.deleteWhere({ where: { n: 1 } }),
      keys: () => [...t.keys()],
      entries: () => [...t.entries()],
      sweep: () => t.sweep(),
      info: () => t.info(),
    };
    for (const [name, use] of Object.entries(uses)) {
      try {
        throwsCode(use, "ERR_NO_TABLE");
      } catch (error) {
        error.message = `${name}: ${error.message}`;
        throw error;
      }
    }
  });

  test("a dropped table's handle stays dead when the name is taken again", ({ table: { createTable } }) => {
    const name = unique();
    const old = createTable(name);
    old.drop();
    createTable(name).insert("k", { secret: 1 });
    throwsCode(() => old.lookup("k"), "ERR_NO_TABLE");
    throwsCode(() => old.insert("k", {}), "ERR_NO_TABLE");
  });
});
