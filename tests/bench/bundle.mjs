/** A worker bundled as deployment tools do: condition `workerd`, .wasm as a module of its own. */
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

/** The modules of the worker in a file of this folder, as Miniflare takes them. */
export async function bundle(file) {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
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
  return modules.sort((a, b) => Number(b.type === "ESModule") - Number(a.type === "ESModule"));
}
