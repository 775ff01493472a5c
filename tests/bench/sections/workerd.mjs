/** Ours and the Map inside workerd, bundled as deployment tools do: condition `workerd`, .wasm as a module of its own. */
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

export function jobs({ sizes, rounds, extras }) {
  return [
    {
      title: "workerd",
      params: { sizes: extras ? sizes : sizes.slice(0, 1), rounds: Math.ceil(rounds / 5) },
    },
  ];
}

export async function run({ sizes, rounds }, progress) {
  const { Miniflare } = await import("miniflare");
  const worker = new Miniflare({
    modules: await bundle(),
    compatibilityDate: "2024-09-01",
    host: "127.0.0.1",
    port: 0,
    cf: false,
  });
  try {
    const found = {};
    for (const [i, size] of sizes.entries()) {
      progress(i / sizes.length);
      const response = await worker.dispatchFetch(`http://localhost/?size=${size}&rounds=${rounds}`);
      if (!response.ok) throw new Error(await response.text());
      Object.assign(found, await response.json());
    }
    return found;
  } finally {
    await worker.dispose();
  }
}

async function bundle() {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("../worker.js", import.meta.url))],
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
