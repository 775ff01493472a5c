/** A worker bundled as deployment tools do: condition `workerd`, .wasm as a module of its own. */
import { basename } from "node:path";

/** The modules of the worker in a file, as Miniflare takes them. */
export async function bundle(file) {
  // The benchmark measures in processes that have nothing loaded which they don't need.
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    format: "esm",
    target: "es2022",
    conditions: ["workerd"],
    external: ["cloudflare:*"],
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
  return modules.sort((a, b) => Number(b.type === "ESModule") - Number(a.type === "ESModule"));
}
