/** Runs jobs one after another, each in a process of its own, and shows on standard error how far it is. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

const CHILD = fileURLToPath(new URL("child.mjs", import.meta.url));
const WIDTH = 24;

/** Gives each job's result to `done`. */
export async function work(jobs, done) {
  for (const [index, job] of jobs.entries()) {
    const began = performance.now();
    const shown = { title: job.title, place: `${String(index + 1).padStart(2)}/${jobs.length}`, began };
    show(shown, 0);
    done(job, await run(job, (share) => show(shown, share)));
    show(shown, 1);
    process.stderr.write("\n");
  }
}

function run({ section, params, title }, progress) {
  return new Promise((resolve, reject) => {
    const child = fork(CHILD, { execArgv: ["--expose-gc"] });
    let result;
    child.on("message", (message) => {
      if (message.result === undefined) progress(message.progress);
      else result = message.result;
    });
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (result === undefined || code !== 0) reject(new Error(`${title}: ended with ${signal ?? code}`));
      else resolve(result);
    });
    child.send({ section, params });
  });
}

function show({ title, place, began }, share) {
  // A file gets one line for each job, a terminal the bar as it fills.
  if (!process.stderr.isTTY && share < 1) return;
  const full = Math.round(share * WIDTH);
  const bar = "█".repeat(full) + "░".repeat(WIDTH - full);
  const seconds = ((performance.now() - began) / 1000).toFixed(0).padStart(3);
  process.stderr.write(`${process.stderr.isTTY ? "\r" : ""}${place} ${bar} ${seconds} s  ${title}`);
}
