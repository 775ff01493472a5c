// A worker in workerd, bundled as deployment tools do, with storage of its own; and the process that it is.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import { bundle } from "../runtimes/workerd/bundle.mjs";

/** Starts a worker; `ask` sends it JSON and gives what it says. */
export async function started(file, options) {
  const before = await workerds();
  const worker = new Miniflare({
    modules: await bundle(fileURLToPath(new URL(file, import.meta.url))),
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
