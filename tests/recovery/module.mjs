/** What the shipped module asks of its host and offers to it. */
import { deepEqual, group, ok, test } from "../suite/harness.js";

/** Operations, where they find their bytes, and what the glue needs. */
const OWN = [
  "^(?:table|row|tag|key)_[a-z_]+$",
  "^(?:area|numbers|reserve|release|memory)$",
  "^__(?:wbindgen|externref)_",
  "^__(?:wbindgen_externrefs|abort_handler|instance_terminated)$",
].join("|");

export function testModule(bytes) {
  const module = new WebAssembly.Module(bytes);

  group("the shipped module", () => {
    test("imports randomness and the glue's table, and nothing else", () => {
      const imports = WebAssembly.Module.imports(module).map(({ kind, name }) => [
        kind,
        name.replace(/_[0-9a-f]{16}$/, ""),
      ]);
      deepEqual(imports.sort(), [
        ["function", "__wbg_getRandomValues"],
        ["function", "__wbindgen_init_externref_table"],
      ]);
    });

    test("exports operations on tables and rows, and no way to make it trap", () => {
      const own = new RegExp(OWN);
      const names = WebAssembly.Module.exports(module).map(({ name }) => name);
      deepEqual(
        names.filter((name) => !own.test(name)),
        [],
      );
      ok(names.length > 30, "hardly anything is exported");
    });
  });
}
