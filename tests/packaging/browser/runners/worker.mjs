/** A module Web Worker: Vite and webpack find it by its URL, for esbuild it is an entry of its own. */
import { esbuild, vite, webpack } from "../bundlers.mjs";
import { named, wasmFiles } from "../lab.mjs";

export const workers = async (lab) => [
  ...(await worker(lab)),
  ...(await built(lab, "vite", vite)),
  ...(await built(lab, "webpack", webpack)),
];

export const worker = (lab, browser) => built(lab, "esbuild", esbuild, { worker: "worker.js" }, browser);

async function built(lab, name, bundler, others, browser) {
  const out = await lab.build(bundler, { page: "in-worker.js", ...others });
  return named(name, [wasmFiles(out, 0), ...(await lab.visit(out, {}, browser))]);
}
