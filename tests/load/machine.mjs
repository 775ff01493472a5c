/** What the figures were found on. */
import { readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { version } from "./wrk.mjs";

export async function machine() {
  const { version: workerd } = JSON.parse(
    readFileSync(new URL("../../node_modules/workerd/package.json", import.meta.url), "utf8"),
  );
  return {
    cpu: cpus()[0].model,
    cores: cpus().length,
    workerd,
    wrk: await version(),
    node: process.versions.node,
    date: new Date().toISOString().slice(0, 10),
    load: loadavg()[0].toFixed(2),
  };
}
