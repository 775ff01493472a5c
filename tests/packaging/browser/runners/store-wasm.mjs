/** The shipped module as the one .wasm of a build, fetched by the page. */
import { vite, webpack } from "../bundlers.mjs";
import { named, wasmFiles } from "../lab.mjs";

export const storeWasm = async (lab) => [
  ...(await fetched(lab, "vite", vite)),
  ...(await fetched(lab, "webpack", webpack)),
];

async function fetched(lab, name, bundler) {
  const out = await lab.build(bundler, { page: "fetched.js" });
  return named(name, [wasmFiles(out, 1), ...(await lab.visit(out))]);
}
