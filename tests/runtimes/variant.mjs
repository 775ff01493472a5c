/** The built package with another module, in a folder of its own under target. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";

const root = new URL("../../", import.meta.url);

/** Its files, to be imported by their names; `prepare` is JavaScript that runs before the module is compiled. */
export function variant(name, bytes, prepare = "") {
  const folder = new URL(`target/variants/${name}/`, root);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(new URL("pkg/package.json", root), new URL("package.json", folder));
  cpSync(new URL("pkg/dist", root), new URL("dist", folder), { recursive: true });
  writeFileSync(new URL("dist/wasm/store.wasm", folder), bytes);
  writeFileSync(new URL("dist/wasm/inline.js", folder), prepare + LOADER);
  return (file) => import(new URL(`dist/${file}`, folder).href);
}

const LOADER = `import { readFileSync } from "node:fs";
export const compiled = { times: 0 };
export default () => {
  compiled.times++;
  return new WebAssembly.Module(readFileSync(new URL("store.wasm", import.meta.url)));
};
`;
