/** Tables and sites side by side: nothing of one is reached from another, whatever they are called. */
import { site } from "./client.js";
import { deepEqual, equal, group, ok, test, unique } from "./harness.js";

const ODD_NAMES = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "a:b",
  "a/b",
  "../a",
  " ",
  "\u0000",
  "Ωμέγα",
  "👍",
];

group("instances", () => {
  test("tables of odd names are tables like any other", ({ table: { createTable, table, tables } }) => {
    for (const name of ODD_NAMES) {
      const t = createTable(name);
      t.insert("k", { of: name });
      equal(t.name, name);
    }
    for (const name of ODD_NAMES) {
      deepEqual(table(name).lookup("k"), { of: name });
      equal(tables().filter((n) => n === name).length, 1);
      table(name).drop();
      ok(!tables().includes(name));
    }
  });

  test("one key in two tables is two rows", ({ table: { createTable } }) => {
    const [a, b] = [createTable(unique()), createTable(unique())];
    a.insert("k", { of: "a" });
    equal(b.lookup("k"), undefined);
    equal(b.update("k", { x: 1 }), false);
    equal(b.delete("k"), false);
    b.insert("k", { of: "b" });
    a.clear();
    deepEqual(b.lookup("k"), { of: "b" });
    b.drop();
    equal(a.size, 0);
    a.insert("k", { again: 1 });
    deepEqual(a.lookup("k"), { again: 1 });
  });

  test("a separator in a name or a key leads nowhere else", ({ table: { createTable } }) => {
    const stem = unique();
    for (const separator of [":", "/", "|", "\u0000", ".", " "]) {
      const long = createTable(`${stem}${separator}b`);
      const short = separator === ":" ? createTable(stem) : undefined;
      long.insert("c", { of: "long" });
      if (short !== undefined) equal(short.lookup(`b${separator}c`), undefined);
      equal(long.lookup(`${separator}c`), undefined);
      equal(long.lookup(`b${separator}c`), undefined);
    }
  });

  test("names that differ in little are different tables", ({ table: { createTable, table } }) => {
    const stem = unique();
    const names = [
      stem,
      `${stem} `,
      ` ${stem}`,
      stem.toUpperCase(),
      `${stem}\u0000`,
      `${stem}e\u0301`,
      `${stem}é`,
    ];
    for (const name of names) createTable(name).insert("k", { name });
    for (const name of names) deepEqual(table(name).lookup("k"), { name });
  });

  test("each table counts for itself", ({ table: { createTable } }) => {
    const [a, b] = [createTable(unique()), createTable(unique())];
    const empty = b.info();
    for (let i = 0; i < 100; i++) a.insert(`k${i}`, { i });
    a.lookup("k1");
    a.lookup("none");
    deepEqual({ ...b.info(), memoryBytes: 0 }, { ...empty, memoryBytes: 0 });
    equal(a.info().inserted, 100);
  });

  test("hundreds of tables, made and dropped, stay apart", ({ table: { createTable, table, tables } }) => {
    const before = tables().length;
    const names = Array.from({ length: 300 }, () => unique("many"));
    for (const name of names) createTable(name).insert("k", { name });
    for (const name of names.filter((_, i) => i % 2)) table(name).drop();
    for (const name of names.filter((_, i) => i % 2 === 0)) deepEqual(table(name).lookup("k"), { name });
    for (const name of names.filter((_, i) => i % 2 === 0)) table(name).drop();
    equal(tables().length, before);
  });

  test("a cookie of one site is no session on another", async (lib) => {
    const [a, b] = [site(lib), site(lib)];
    await a.browser.visit((session) => session.set("who", "ada"));
    await b.browser.visit((session) => session.set("who", "bob"));
    const stray = b.another();
    stray.jar.set("__Host-sid", a.browser.cookie);
    deepEqual((await stray.visit((session) => [session.isNew, session.get("who")])).result, [
      true,
      undefined,
    ]);
    await stray.visit((session) => session.destroy());
    equal((await a.browser.visit((session) => session.get("who"))).result, "ada");
  });

  test("two sites with cookies of their own share a visitor, not a session", async (lib) => {
    const shop = site(lib, { cookie: { name: "shop" } });
    const forum = site(lib, { cookie: { name: "forum" } });
    await shop.browser.visit((session) => session.set("cart", [1]));
    for (const [name, value] of shop.browser.jar) forum.browser.jar.set(name, value);
    const { cookies } = await forum.browser.visit((session) => session.set("nick", "ada"));
    equal(cookies[0].name, "__Host-forum");
    equal(forum.browser.jar.size, 2);
    for (const [name, value] of forum.browser.jar) shop.browser.jar.set(name, value);
    deepEqual((await shop.browser.visit((session) => session.data)).result, { cart: [1] });
    deepEqual((await forum.browser.visit((session) => session.data)).result, { nick: "ada" });
  });

  test("sites over tables of odd names work", async (lib) => {
    for (const name of ["__proto__", "a:b:c", "日本"]) {
      const { browser, table } = site(lib, { table: name });
      await browser.visit((session) => session.set("n", 1));
      equal((await browser.visit((session) => session.get("n"))).result, 1);
      equal(lib.table.table(name).count(), 1);
      table.drop();
    }
  });
});
