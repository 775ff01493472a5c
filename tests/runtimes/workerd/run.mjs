// The portable suite in real workerd, bundled as deployment tools do: condition `workerd`, .wasm as a module of its own.
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { print } from "../report.mjs";

const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL("worker.js", import.meta.url))],
  bundle: true,
  format: "esm",
  target: "es2022",
  conditions: ["workerd"],
  loader: { ".wasm": "copy" },
  outdir: "/",
  write: false,
});
const modules = outputFiles.map(({ path, contents }) => ({
  type: path.endsWith(".wasm") ? "CompiledWasm" : "ESModule",
  path: basename(path),
  contents,
}));
// The entry comes first.
modules.sort((a, b) => Number(b.type === "ESModule") - Number(a.type === "ESModule"));

// An old date: what works there works for every worker deployed since.
const worker = new Miniflare({
  modules,
  compatibilityDate: "2024-09-01",
  host: "127.0.0.1",
  port: 0,
  cf: false,
});
try {
  const response = await worker.dispatchFetch("http://localhost/");
  if (!response.ok) throw new Error(await response.text());
  print("workerd", await response.json());
} finally {
  await worker.dispose();
}
