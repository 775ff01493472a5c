// A worker in workerd, bundled as deployment tools do, with storage of its own; and the process that it is.
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";

async function bundled(file) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    bundle: true,
    format: "esm",
    target: "es2022",
    conditions: ["workerd"],
    external: ["cloudflare:*"],
    loader: { ".wasm": "copy" },
    outdir: "/",
    write: false,
    logLevel: "error",
  });
  const modules = outputFiles.map(({ path, contents }) => ({
    type: path.endsWith(".wasm") ? "CompiledWasm" : "ESModule",
    path: basename(path),
    contents,
  }));
  // The entry comes first.
  return modules.sort((a, b) => Number(b.type === "ESModule") - Number(a.type === "ESModule"));
}

/** Starts a worker; `ask` sends it JSON and gives what it says. */
export async function started(file, options) {
  const before = await workerds();
  const worker = new Miniflare({
    modules: await bundled(file),
    compatibilityDate: "2024-09-01",
    host: "127.0.0.1",
    port: 0,
    cf: false,
    ...options,
  });
  await worker.ready;
  const pids = (await workerds()).filter((pid) => !before.includes(pid));
  return {
    pids,
    dispose: () => worker.dispose(),
    async ask(ask, about = {}) {
      const body = JSON.stringify({ ask, ...about });
      const response = await worker.dispatchFetch("http://localhost/", { method: "POST", body });
      const text = await response.text();
      if (!response.ok) throw new Error(text);
      return JSON.parse(text);
    },
  };
}

/** Those that this process has started. */
async function workerds() {
  const children = await readFile(`/proc/${process.pid}/task/${process.pid}/children`, "utf8");
  const pids = children.trim().split(/\s+/).filter(Boolean).map(Number);
  const names = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/comm`, "utf8").catch(() => "")));
  return pids.filter((_, i) => names[i]?.startsWith("workerd"));
}
