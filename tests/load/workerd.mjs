/** The worker in plain workerd: one process, a free port of loopback, and objects in SQLite on this machine's disk. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { program } from "../packaging/programs.mjs";
import { bundle } from "../runtimes/workerd/bundle.mjs";

const PATIENCE = 30_000;
const WORKER = fileURLToPath(new URL("worker.js", import.meta.url));
const KINDS = { ESModule: "esModule", CompiledWasm: "wasm" };

const running = new Set();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Starts it, or another worker that exports the same objects, over what is in the folder. */
export async function started(folder, worker = WORKER) {
  const modules = await bundle(worker);
  for (const { path, contents } of modules) await writeFile(join(folder, path), contents);
  await mkdir(join(folder, "objects"), { recursive: true });
  const config = join(folder, "config.capnp");
  await writeFile(config, described(modules, join(folder, "objects")));
  // As its control it tells which port it was given.
  const child = spawn(program("workerd"), ["serve", "--control-fd=3", config], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  running.add(child);
  const ended = once(child, "close").then(() => running.delete(child));
  // Read on to the end, or it would wait; what is said may have ids in it.
  child.stdout.resume();
  const url = `http://127.0.0.1:${await port(child)}`;
  return {
    url,
    pid: child.pid,
    async stop() {
      child.kill("SIGKILL");
      await ended;
    },
    async ask(path, body) {
      const init = { method: "POST", body: JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE) };
      const response = await fetch(`${url}/${path}`, body === undefined ? {} : init);
      const text = await response.text();
      if (!response.ok) throw new Error(`/${path} answered ${response.status}`);
      return JSON.parse(text);
    },
  };
}

function described(modules, objects) {
  const list = modules.map(
    ({ type, path }) =>
      `    (name = ${JSON.stringify(path)}, ${KINDS[type]} = embed ${JSON.stringify(path)}),`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "objects", disk = (path = ${JSON.stringify(objects)}, writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  compatibilityDate = "2026-04-01",
  modules = [
${list.join("\n")}
  ],
  bindings = [
    (name = "SESSIONS", durableObjectNamespace = "SessionShard"),
    (name = "COUNTED", durableObjectNamespace = "CountedShard"),
  ],
  durableObjectNamespaces = [
    (className = "SessionShard", uniqueKey = "sessions", enableSql = true),
    (className = "CountedShard", uniqueKey = "counted", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "objects"),
);
`;
}

function port(child) {
  return new Promise((resolve, reject) => {
    let control = "";
    let complaint = "";
    const timer = setTimeout(() => reject(new Error("workerd did not begin to listen")), PATIENCE);
    child.stderr.on("data", (text) => {
      complaint = `${complaint}${text}`.slice(0, 4000);
    });
    child.stdio[3].on("data", (text) => {
      control += text;
      const listening = control.match(/"event":"listen".*?"port":(\d+)/);
      if (listening === null) return;
      clearTimeout(timer);
      resolve(listening[1]);
    });
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(timer);
      reject(new Error(`workerd ended with ${code}\n${complaint}`));
    });
  });
}
