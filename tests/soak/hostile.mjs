/**
 * Hostile cookies, as many as wrk can send, while somebody uses their session: nothing is made of them, and the
 * session goes on. `--seconds N`, 20 if nothing is said.
 */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { started } from "../load/workerd.mjs";
import { must } from "../packaging/command.mjs";

const { values } = parseArgs({ options: { seconds: { type: "string", default: "20" } } });
const seconds = Number(values.seconds);

/** Of a write: the session is opened, its counter is read, and the commit merges. */
const LOOKS = 3;

const LUA = fileURLToPath(new URL("hostile.lua", import.meta.url));
const WORKER = fileURLToPath(new URL("worker.js", import.meta.url));

async function flood(url, genuine) {
  const options = ["-t1", "-c32", `-d${seconds}s`, "--timeout", "10s"];
  const text = await must("wrk", [...options, "-s", LUA, url, "--", "1", genuine], { seconds: seconds + 30 });
  return JSON.parse(/^found (.*)$/m.exec(text)[1]);
}

const folder = realpathSync(mkdtempSync(join(tmpdir(), "ets-session-hostile-")));
let worker;
try {
  worker = await started(folder, WORKER);
  // Others have rows, too, that might be hit.
  let cookie;
  for (let i = 0; i < 200; i++) {
    const response = await fetch(`${worker.url}/write`);
    [cookie] = response.headers.getSetCookie()[0].split(";");
  }
  const before = await worker.ask("figures");

  const waits = [];
  let refused = 0;
  let flooding = true;
  const storm = flood(worker.url, cookie.slice(cookie.indexOf("=") + 1)).finally(() => {
    flooding = false;
  });
  while (flooding) {
    const began = performance.now();
    const response = await fetch(`${worker.url}/write`, { headers: { cookie } });
    await response.arrayBuffer();
    waits.push(performance.now() - began);
    // A cookie that is set would be another session's.
    if (response.status !== 200 || response.headers.getSetCookie().length > 0) refused += 1;
  }
  const found = await storm;
  const after = await worker.ask("figures");
  const agreement = await worker.ask("agree");
  waits.sort((a, b) => a - b);

  const results = [
    [
      found.requests > 0 && found.sockets + found.statuses + found.timeouts === 0,
      `${found.requests.toLocaleString("en")} hostile requests, ${Math.round(found.requests / found.seconds).toLocaleString("en")} a second, each answered`,
    ],
    [after.inserted === before.inserted, "none of them made a row"],
    [
      after.misses === before.misses && after.hits - before.hits === LOOKS * waits.length,
      "none of them was looked up: all hits are the visitor's own",
    ],
    [
      waits.length > 10 && refused === 0,
      `${waits.length} writes of one visitor meanwhile, all in the session; median ${waits[waits.length >> 1].toFixed(1)} ms`,
    ],
    [agreement.wrong === 0, "the table has what was written, and nothing else"],
    [after.memoryBytes === before.memoryBytes, "linear memory did not grow"],
  ];
  for (const [ok, text] of results) console.log(`${ok ? "ok  " : "FAIL"} ${text}`);
  const failed = results.filter(([ok]) => !ok).length;
  console.log(`${results.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
} finally {
  await worker?.stop();
  rmSync(folder, { recursive: true, force: true });
}
