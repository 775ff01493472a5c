import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { end } from "../command.mjs";
import { program } from "../programs.mjs";

const PATIENCE = 120_000;

/**
 * What a worker answers in plain workerd.
 *
 * @param {{name: string, file?: string, code?: string}[]} modules the first is the worker's own
 * @param {string} date of compatibility
 */
export async function serve(modules, date, { folder }) {
  const config = join(folder, `workerd-${date}.capnp`);
  writeFileSync(config, describe(modules, date, folder));
  // As its control it tells which port it was given.
  const child = spawn(program("workerd"), ["serve", "--control-fd=3", config], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  // Read on to the end, or it would wait; what is said later may have ids in it.
  child.stdout.resume();
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const response = await fetch(`http://127.0.0.1:${await port(child, signal)}/`, { signal });
    if (!response.ok) throw new Error(await response.text());
    return await response.json();
  } finally {
    end(child);
  }
}

function describe(modules, date, folder) {
  const list = modules.map(({ name, file, code }) => {
    const kind = file?.endsWith(".wasm") ? "wasm" : "esModule";
    const content = file ? `embed ${JSON.stringify(relative(folder, file))}` : JSON.stringify(code);
    return `    (name = ${JSON.stringify(name)}, ${kind} = ${content}),`;
  });
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  compatibilityDate = "${date}",
  modules = [
${list.join("\n")}
  ],
);
`;
}

function port(child, signal) {
  return new Promise((resolve, reject) => {
    let control = "";
    let complaint = "";
    child.stderr.on("data", (text) => {
      complaint += text;
    });
    child.stdio[3].on("data", (text) => {
      control += text;
      const listening = control.match(/"event":"listen".*?"port":(\d+)/);
      if (listening) resolve(listening[1]);
    });
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(`workerd ended with ${code}\n${complaint}`)));
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}
