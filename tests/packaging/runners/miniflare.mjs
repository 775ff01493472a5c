import { readFileSync } from "node:fs";
import { join } from "node:path";
import { emitted, wasmFiles } from "./emitted.mjs";
import { OLDEST } from "./workerd.mjs";

const PATIENCE = 120_000;

/** As by hand: esbuild with the condition `workerd`, and what comes out of it in miniflare. */
export async function miniflare({ folder }) {
  const out = join(folder, "miniflare");
  const { build } = await import("esbuild");
  await build({
    absWorkingDir: folder,
    entryPoints: ["tests/runtimes/workerd/worker.js"],
    bundle: true,
    format: "esm",
    target: "es2022",
    conditions: ["workerd"],
    loader: { ".wasm": "copy" },
    outdir: out,
    logLevel: "silent",
  });
  const modules = emitted(out);
  return [wasmFiles(modules, 1), ...(await dispatch(modules))];
}

async function dispatch(modules) {
  const { Miniflare } = await import("miniflare");
  const worker = new Miniflare({
    modules: modules.map(({ name, file }) => ({
      type: name.endsWith(".wasm") ? "CompiledWasm" : "ESModule",
      path: name,
      contents: readFileSync(file),
    })),
    compatibilityDate: OLDEST,
    host: "127.0.0.1",
    port: 0,
    cf: false,
  });
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const response = await worker.dispatchFetch("http://localhost/", { signal });
    if (!response.ok) throw new Error(await response.text());
    return await response.json();
  } finally {
    await worker.dispose();
  }
}
