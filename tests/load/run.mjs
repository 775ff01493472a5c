/**
 * `cargo xtask load [--quick] [PART…]`: sessions under load in plain workerd. A full run of all parts leaves its
 * report in www/bench and in www/docs/SCALE.md.
 */
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { stolen } from "./cpu.mjs";
import { machine } from "./machine.mjs";
import * as calls from "./parts/calls.mjs";
import * as commits from "./parts/commits.mjs";
import * as read from "./parts/read.mjs";
import { progress } from "./progress.mjs";
import { reported } from "./report.mjs";
import { save } from "./save.mjs";
import { started } from "./workerd.mjs";

const PARTS = { read, calls, commits };
const full = { name: "full", rounds: 6, seconds: 3, warm: 2 };
const quick = { name: "quick", rounds: 2, seconds: 1, warm: 1 };

const { values, positionals } = parseArgs({
  options: { quick: { type: "boolean", default: false } },
  allowPositionals: true,
});
const mode = values.quick ? quick : full;
const names = positionals.length > 0 ? positionals : Object.keys(PARTS);
const unknown = names.find((name) => !Object.hasOwn(PARTS, name));
if (unknown !== undefined) {
  console.error(`no such part: ${unknown}; there are ${Object.keys(PARTS).join(", ")}`);
  process.exit(1);
}
// What is cleared at the end is cleared when it comes early, too.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

const results = { machine: await machine(), mode, parts: {} };
const taken = await stolen();
for (const name of names) results.parts[name] = await inFolder(PARTS[name]);
results.machine.stolen = await taken();
const report = reported(results);
process.stdout.write(report);

const problems = Object.values(results.parts).flatMap(({ problems }) => problems);
for (const problem of problems) console.error(`FAILED  ${problem}`);
if (problems.length > 0) process.exitCode = 1;
else if (mode === full && positionals.length === 0) await save(results, report);

/** Each part has a process of its own, and nothing on the disk from others. */
async function inFolder({ title, steps, run }) {
  const folder = await mkdtemp(join(tmpdir(), "ets-session-load-"));
  const clear = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", clear);
  const bar = progress(title, steps(mode));
  let worker;
  const restarted = async () => {
    await worker?.stop();
    worker = await started(folder);
    return worker;
  };
  try {
    return await run({ worker: await restarted(), restarted, folder, mode, tell: bar.tell });
  } finally {
    await worker?.stop();
    clear();
    process.off("exit", clear);
    bar.end();
  }
}
