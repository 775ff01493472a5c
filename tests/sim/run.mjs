/**
 * The simulation: the whole product in worlds that a seed makes, each under one scheduler with its own clock and chance.
 *
 *     node tests/sim/run.mjs --seeds 100000 --from 1 --jobs 2   # so many, from this one on, in so many threads
 *     node tests/sim/run.mjs --seed 4711                        # one, with all its steps
 *     node tests/sim/run.mjs --quick                            # a few small ones
 *     node tests/sim/run.mjs --mutants                          # whether faults are found that are put in
 */
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { collect, print } from "../runtimes/report.mjs";
import { deepEqual, equal, fail, group, ok, runAll, test } from "../suite/harness.js";
import { packages } from "./packages.mjs";
import { shrink } from "./shrink.mjs";
import { one, survey } from "./survey.mjs";

const { values: given } = parseArgs({
  options: {
    seeds: { type: "string" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    jobs: { type: "string", default: "1" },
    quick: { type: "boolean", default: false },
    mutants: { type: "boolean", default: false },
  },
});
const { quick } = given;
const from = Number(given.from);
const count = Number(given.seeds ?? (quick ? 500 : 3000));
const jobs = Number(given.jobs);
const options = { quick };
const packs = await packages(3);

async function told({ seed, rule, message }) {
  const small = await shrink(packs, { seed, rule }, options);
  const changed = Object.entries(small.given).map(([name, value]) => `${name} ${value}`);
  const how = changed.length > 0 ? ` (made smaller: ${changed.join(", ")})` : "";
  return [`seed ${seed}: ${message}`, `in ${small.steps} steps${how}`, ...small.trace.slice(-40)].join(
    "\n  ",
  );
}

/** One example of each promise that was not kept. */
async function all(found) {
  const rules = new Map(found.map((one) => [one.rule, one]).reverse());
  const examples = [];
  for (const example of rules.values()) examples.push(await told(example));
  return `${found.length} of the seeds: ${found.map(({ seed }) => seed).join(", ")}\n${examples.join("\n\n")}`;
}

function inThread(workerData, tell) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("worker.mjs", import.meta.url), { workerData });
    worker.on("message", ({ told, result }) => (result ? resolve(result) : tell(...told)));
    worker.on("error", reject);
  });
}

async function everySeed() {
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  let done = 0;
  const tell = (played, broken) => {
    done += played;
    const rate = `${(done / seconds()).toFixed(0)} a second`;
    if (broken > 0 || done % 5000 === 0) console.log(`${done} of ${count} seeds, ${rate}, ${broken} found`);
  };
  const part = (at) => ({ ...options, from: from + at, every: jobs, count: Math.ceil((count - at) / jobs) });
  const parts =
    jobs === 1
      ? [await survey(packs, { ...part(0), tell })]
      : await Promise.all(Array.from({ length: jobs }, (_, at) => inThread(part(at), tell)));
  const sum = (name) => parts.reduce((total, one) => total + one[name], 0);
  const found = parts.flatMap((one) => one.found);
  const rate = (sum("played") / seconds()).toFixed(0);
  console.log(
    `${sum("played")} seeds from ${from} on, ${sum("steps")} steps, ${seconds().toFixed(1)} s, ${rate} a second`,
  );
  if (found.length > 0) fail(await all(found));
}

if (given.seed !== undefined) {
  const { trace, digest, broken } = await one(packs, Number(given.seed), { ...options, trace: true });
  console.log(`${trace.join("\n")}\n${digest} ${broken?.message ?? "nothing found"}`);
  if (broken !== undefined) process.exitCode = 1;
} else if (given.mutants) {
  const { mutants } = await import("./mutants.mjs");
  print("sim", await mutants(packs));
} else {
  group("simulation", () => {
    test("a seed is one world, whatever was played before it", async () => {
      const digests = async (seeds) => {
        const all = [];
        for (const seed of seeds) all.push((await one(packs, seed, options)).digest);
        return all;
      };
      const there = await digests([1, 2, 3, 4, 5, 6, 7, 8]);
      const back = await digests([8, 7, 6, 5, 4, 3, 2, 1]);
      deepEqual(back.reverse(), there);
      equal(new Set(there).size, there.length, "different worlds");
      ok(there.every((digest) => /^[0-9a-f]{16}$/.test(digest)));
    });
    test("every promise is kept in every world", everySeed);
  });
  print("sim", await collect(runAll, {}));
}
