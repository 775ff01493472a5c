/**
 * The soak: workerd under wrk for as long as is said (`--minutes N`, 30 if nothing is), in rounds. At the end the
 * table and a model of it agree, memory is flat and so are the slowest answers.
 */
import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { undisturbed } from "../load/undisturbed.mjs";
import { started } from "../load/workerd.mjs";
import { must } from "../packaging/command.mjs";
import { verdicts } from "./verdicts.mjs";

const { values } = parseArgs({ options: { minutes: { type: "string", default: "30" } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error("--minutes takes a number above 0");

const ROUND = 10;
const CONNECTIONS = 16;
const LUA = fileURLToPath(new URL("visitors.lua", import.meta.url));
const WORKER = fileURLToPath(new URL("worker.js", import.meta.url));
const PAGE = 4096;

const resident = (pid) => Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * PAGE;

async function round(url, seed) {
  const options = ["-t1", `-c${CONNECTIONS}`, `-d${ROUND}s`, "--timeout", "10s", "--latency"];
  const text = await must("wrk", [...options, "-s", LUA, url, "--", `${seed}`], { seconds: ROUND + 30 });
  return JSON.parse(/^found (.*)$/m.exec(text)[1]);
}

const folder = realpathSync(mkdtempSync(join(tmpdir(), "ets-session-soak-")));
let worker;
try {
  worker = await started(folder, WORKER);
  const rounds = [];
  const end = performance.now() + minutes * 60_000;
  for (let seed = 1; performance.now() < end; seed++) {
    const found = await undisturbed(() => round(worker.url, seed));
    const figures = await worker.ask("figures");
    rounds.push({ ...found, ...figures, resident: resident(worker.pid) });
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    if (process.stdout.isTTY)
      process.stdout.write(`\r${rounds.length} rounds, ${left} s left, ${figures.size} rows   `);
  }
  if (process.stdout.isTTY) process.stdout.write("\r\u001b[K");
  const agreement = await worker.ask("agree");
  const results = verdicts(rounds, agreement);
  for (const { text, ok } of results) console.log(`${ok ? "ok  " : "FAIL"} ${text}`);
  const failed = results.filter(({ ok }) => !ok).length;
  console.log(`${results.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
} finally {
  await worker?.stop();
  rmSync(folder, { recursive: true, force: true });
}
