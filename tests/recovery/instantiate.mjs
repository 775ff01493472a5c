/** instantiate(): the package's module, brought by somebody else. */
import { equal, group, test } from "../suite/harness.js";
import { refused } from "./points.mjs";

/** `fresh` gives the package anew, each time without an instance. */
export function testInstantiate(fresh, bytes) {
  const works = (pack) => {
    const t = pack.table.createTable("t");
    t.insert("k", { n: 1 });
    equal(t.lookup("k").n, 1);
  };

  group("instantiate", () => {
    for (const [what, source] of [
      ["a compiled module", () => new WebAssembly.Module(bytes)],
      ["bytes", () => new Uint8Array(bytes)],
      ["an ArrayBuffer", () => new Uint8Array(bytes).buffer],
    ]) {
      test(`takes ${what}, and the package compiles nothing itself`, async () => {
        const pack = await fresh();
        pack.instantiate(source());
        works(pack);
        equal(pack.compiled.times, 0);
      });
    }

    test("what is not this package's module is refused, and the package goes on with its own", async () => {
      const pack = await fresh();
      const changed = new Uint8Array(bytes);
      changed[changed.length - 1] ^= 1;
      const empty = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
      for (const source of [
        changed,
        empty,
        new Uint8Array(0),
        bytes.subarray(9),
        {},
        [],
        "",
        5,
        null,
        undefined,
      ]) {
        const { details } = refused(pack, "ERR_BAD_OPTION", () => pack.instantiate(source));
        equal(details.option, "module");
      }
      works(pack);
      equal(pack.compiled.times, 1);
    });

    test("after the first use it is too late, and nothing is lost", async () => {
      const pack = await fresh();
      works(pack);
      refused(pack, "ERR_BAD_OPTION", () => pack.instantiate(new WebAssembly.Module(bytes)));
      equal(pack.table.table("t").lookup("k").n, 1);
      const twice = await fresh();
      twice.instantiate(bytes);
      refused(twice, "ERR_BAD_OPTION", () => twice.instantiate(bytes));
    });
  });
}
