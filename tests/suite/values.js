/** Every value a row can hold comes back equal, by every way out, and shares nothing with what went in. */
import { deepEqual, equal, fail, group, makeTable, ok, sharesNothing, test } from "./harness.js";
import { terms } from "./terms.js";

group("values", () => {
  for (const [name, make] of Object.entries(terms)) {
    test(`${name}: equal by every way out, unshared`, (lib) => {
      const t = makeTable(lib);
      // A byte and a string before and after, so that nothing is aligned by luck.
      const row = () => ({ pad: "p", v: make(), tail: true });
      const given = row();
      t.insert("k", given);
      const ways = {
        lookup: t.lookup("k"),
        peek: t.peek("k"),
        select: t.select().rows[0][1],
        entries: [...t.entries()][0][1],
        field: { pad: "p", v: t.field("k", "v"), tail: true },
        take: t.take("k"),
      };
      const results = Object.entries(ways);
      for (const [way, got] of results) deepEqual(got, row(), way);
      deepEqual(given, row(), "what was given");
      for (const [, got] of results) sharesNothing(got, given);
      sharesNothing(ways.lookup, ways.peek);

      t.insert("made by update", { v: "before" });
      t.update("made by update", { v: make() });
      deepEqual(t.field("made by update", "v"), make(), "after update");
    });
  }

  test("changing what was given, or what was got, changes no row", (lib) => {
    const t = makeTable(lib);
    const make = () => ({
      list: [1, { a: 1 }],
      map: new Map([["k", [1]]]),
      set: new Set([1]),
      bytes: Uint8Array.of(1, 2, 3),
      buffer: Uint8Array.of(1, 2, 3).buffer,
      date: new Date(5),
    });
    const spoil = (row) => {
      row.list[1].a = 2;
      row.list.push(3);
      row.map.get("k").push(2);
      row.set.add(2);
      row.bytes[0] = 99;
      new Uint8Array(row.buffer)[0] = 99;
      row.date.setTime(6);
      row.more = true;
    };
    const given = make();
    t.insert("k", given);
    spoil(given);
    deepEqual(t.peek("k"), make());
    for (const read of [() => t.lookup("k"), () => t.peek("k"), () => t.select().rows[0][1]]) {
      spoil(read());
      deepEqual(t.peek("k"), make());
    }
  });

  test("what was got stays as it was when the table changes", (lib) => {
    const t = makeTable(lib);
    t.insert("k", { bytes: new Uint8Array(1000).fill(7), text: "text".repeat(100) });
    const got = t.lookup("k");
    t.insert("k", { bytes: new Uint8Array(1000).fill(8), text: "other".repeat(100) });
    for (let i = 0; i < 200; i++) t.insert(`k${i}`, { bytes: new Uint8Array(1000).fill(9) });
    deepEqual(got, { bytes: new Uint8Array(1000).fill(7), text: "text".repeat(100) });
  });

  test("bytes come back in a buffer of their own and of their size", (lib) => {
    const t = makeTable(lib);
    t.insert("k", {
      a: Uint8Array.of(1, 2),
      b: Uint16Array.of(3, 4),
      secret: "not to be seen through a buffer",
    });
    const { a, b } = t.lookup("k");
    equal(a.buffer.byteLength, 2);
    equal(b.buffer.byteLength, 4);
    equal(t.field("k", "a").buffer.byteLength, 2);
    ok(a.buffer !== b.buffer, "two fields share a buffer");
  });

  test("a subclass of Uint8Array, as Buffer is, comes back as Uint8Array", (lib) => {
    class Bytes extends Uint8Array {}
    const t = makeTable(lib);
    t.insert("k", { v: Bytes.from([1, 2, 3]) });
    deepEqual(t.lookup("k"), { v: Uint8Array.of(1, 2, 3) });
  });

  test("objects without a prototype come back as plain ones", (lib) => {
    const bare = Object.assign(Object.create(null), {
      a: 1,
      deep: Object.assign(Object.create(null), { b: 2 }),
    });
    const t = makeTable(lib);
    t.insert("k", bare);
    deepEqual(t.lookup("k"), { a: 1, deep: { b: 2 } });
  });

  test("a field of undefined is present, an absent one is not", (lib) => {
    const t = makeTable(lib);
    t.insert("k", { here: undefined });
    equal(Object.hasOwn(t.lookup("k"), "here"), true);
    equal(Object.hasOwn(t.lookup("k"), "there"), false);
    t.update("k", { there: undefined }, ["here"]);
    deepEqual(t.lookup("k"), { there: undefined });
  });

  test("lone surrogates in values and names are kept or refused, never altered", (lib) => {
    const t = makeTable(lib);
    const makers = {
      "a value": () => ({ v: "a\ud800b" }),
      "a low one": () => ({ v: "\udc00" }),
      "a nested value": () => ({ v: [{ s: "x\udfff" }] }),
      "a pair the wrong way round": () => ({ v: "\udc00\ud800" }),
      "a field name": () => ({ "n\ud800": 1 }),
      "a nested name": () => ({ v: { "n\ud800": 1 } }),
      "a map key": () => ({ v: new Map([["n\ud800", 1]]) }),
      "a long value": () => ({ v: `${"x".repeat(3000)}\ud800` }),
    };
    for (const [name, make] of Object.entries(makers)) {
      t.clear();
      try {
        t.insert("k", make());
      } catch (error) {
        ok(["ERR_UNSUPPORTED_VALUE", "ERR_BAD_KEY"].includes(error.code), `${name}: threw ${error.code}`);
        equal(t.size, 0, `${name}: rows after a refusal`);
        continue;
      }
      deepEqual(t.lookup("k"), make(), name);
    }
  });

  test("two names that differ in a lone surrogate only never become one", (lib) => {
    const t = makeTable(lib);
    const row = { "a\ud800": 1, "a\udfff": 2, "a\ufffd": 3 };
    try {
      t.insert("k", row);
    } catch (error) {
      if (error.code === undefined) fail("threw without a code");
      equal(t.size, 0);
      return;
    }
    deepEqual(t.lookup("k"), row);
  });
});
