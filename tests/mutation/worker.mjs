/** Runs tests on the package with its mutants, in a thread that can be ended when a mutant makes it run for ever. */
import { parentPort, workerData } from "node:worker_threads";

const { folder, mutant, beat } = workerData;
// What happens when the package is loaded is done by the mutant already.
globalThis.__stryker__ = { activeMutant: mutant };
const ours = globalThis.__stryker__;
const { library } = await import("./library.mjs");
const { all, play } = await import("./tests.mjs");
const lib = await library(folder);

const spent = () => process.cpuUsage().user / 1000;

class Enough extends Error {}

/** The first of the tests that fails, and whether that was for going on for ever; undefined where none does. */
async function first(names, { mutant, hitLimit }) {
  Object.assign(ours, { activeMutant: mutant, hitCount: 0, hitLimit, currentTestId: "-" });
  let found;
  const report = (name, error) => {
    if (error === null) return;
    found = { name, why: ours.hitCount > hitLimit ? "time" : "test" };
    throw new Enough();
  };
  try {
    await play(lib, names, report, () => Atomics.add(beat, 0, 1));
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  Object.assign(ours, { activeMutant: undefined, hitCount: undefined });
  return found;
}

/** Each test with what it takes and which mutants it reaches; and what was reached when the package was loaded. */
async function survey(known) {
  const atLoad = Object.keys(ours.mutantCoverage.static);
  const tests = [];
  const names = all().filter((name) => !known.includes(name));
  const ids = new Map(names.map((name, i) => [name, `t${i}`]));
  let began;
  const report = (name, error) => {
    const reached = ours.mutantCoverage.perTest[ids.get(name)] ?? {};
    tests.push({ name, ms: spent() - began, failed: error !== null, reached });
  };
  await play(lib, names, report, (name) => {
    Atomics.add(beat, 0, 1);
    ours.currentTestId = ids.get(name);
    began = spent();
  });
  ours.currentTestId = "-";
  return { atLoad, tests };
}

parentPort.on("message", async ({ known, names, ...how }) => {
  parentPort.postMessage(known !== undefined ? await survey(known) : { found: await first(names, how) });
});
parentPort.postMessage("ready");
