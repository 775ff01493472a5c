/** From what the sections found to the rows and facts that are printed, kept and drawn. */
import { mkdir, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { firstRows } from "./rows/first.mjs";
import { memoryRows } from "./rows/memory.mjs";
import { operationRows } from "./rows/operations.mjs";
import { pauseRows } from "./rows/pauses.mjs";

export function collect(found, mode) {
  const parts = [
    operationRows(found, mode),
    firstRows(found),
    pauseRows(found, mode),
    memoryRows(found, mode),
  ];
  const [{ model }] = cpus();
  return {
    machine: {
      cpu: model,
      cores: cpus().length,
      node: process.versions.node,
      v8: process.versions.v8,
      date: new Date().toISOString().slice(0, 10),
    },
    mode: mode.name,
    rows: parts.flatMap(({ rows }) => rows),
    facts: parts.flatMap(({ facts }) => facts),
    data: Object.assign({ sizes: mode.sizes }, ...parts.map(({ data }) => data)),
  };
}

export async function save(results, report) {
  const folder = new URL("../../www/bench/", import.meta.url);
  await mkdir(folder, { recursive: true });
  await writeFile(new URL("results.json", folder), `${JSON.stringify(results, null, 1)}\n`);
  await writeFile(new URL("report.txt", folder), report);
}
