/**
 * Mutation testing of what cookies, sessions and their manager are made of: one fault at a time is put into the
 * package, and a test has to fail.
 *
 *     node tests/mutation/run.mjs [--again] [FILE…]
 *
 * With --again what was caught the last time is not tried once more, and tests that were there are not asked anew
 * what they reach. What comes out is in target/mutation.json, too.
 */
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { changedPackage } from "./build.mjs";
import { mutated, untold } from "./mutants.mjs";
import { Plan } from "./plan.mjs";
import { progress, summary } from "./report.mjs";
import { reasonOf } from "./survivors.mjs";
import { LONG, Thread } from "./thread.mjs";
import { tried } from "./try.mjs";

const RESULT = new URL("../../target/mutation.json", import.meta.url);
/** As many tests are run for all, before any more are for what they did not catch. */
const FEW = 60;
const SURVEY = new URL("../../target/mutation-survey.json", import.meta.url);
const read = async (file) => JSON.parse(await readFile(file, "utf8"));
const again = process.argv.includes("--again");
const wanted = process.argv.slice(2).filter((arg) => !arg.startsWith("--"));

const started = performance.now();
const seconds = () => ((performance.now() - started) / 1000).toFixed(0);

let made;
let sources;
const telling = await changedPackage(async (given) => {
  sources = given;
  made = await mutated(given);
  return made.files;
});
const tests = await surveyed(telling.folder).finally(telling.remove);
console.log(`${made.mutants.length} mutants, ${tests.length} tests, after ${seconds()} s`);

const { folder, remove } = await changedPackage(async () => untold(made.files));
const thread = new Thread(folder);
try {
  const before = again ? await read(RESULT) : undefined;
  const plan = new Plan(tests, made.mutants, sources);
  let results = made.mutants.filter(isWanted).map((mutant) => ({ ...mutant, ...resultOf(mutant, before) }));
  // By mutant, since the order of tests is another once more is known of them.
  const had = new Map(results.map(({ id }) => [id, []]));
  const first = {
    what: `${FEW} tests each`,
    some: (tests, { id }) => {
      had.set(id, tests.slice(0, FEW));
      return had.get(id);
    },
  };
  // What is known to survive has had its chance with those that are nearest.
  const others = {
    what: "all others",
    some: (tests, mutant) =>
      reasonOf(mutant) === undefined ? tests.filter((test) => !had.get(mutant.id).includes(test)) : [],
  };
  for (const stage of again ? [others] : [first, others]) results = await tryAll(plan, results, stage);
  console.log(`after ${seconds()} s:`);
  if (!summary(results, made.ignored)) process.exitCode = 1;
} finally {
  await thread.end();
  await remove();
}

/** Tries what nothing has caught so far, each with some of its tests. */
async function tryAll(plan, results, { what, some }) {
  const done = [...results];
  const left = results.filter(({ caught }) => caught === undefined).length;
  const show = progress(left, what);
  let count = 0;
  for (const [i, mutant] of results.entries()) {
    if (mutant.caught !== undefined) continue;
    const all = plan.testsFor(mutant);
    const result = await tried(thread, mutant, some(all, mutant));
    if (result.by !== undefined) plan.failed(mutant, result.by);
    done[i] = { ...mutant, ...result, tests: all.length };
    if (show(++count, result.caught)) await writeFile(RESULT, JSON.stringify(done, null, 1));
  }
  return done;
}

/** The tests, with what they reach; and to the mutants, whether they are reached when the package is loaded. */
async function surveyed(folder) {
  const before = again ? await read(SURVEY) : undefined;
  const of = createHash("sha256").update(JSON.stringify(made.mutants)).digest("hex");
  const known = before?.of === of ? before.tests : [];
  const thread = new Thread(folder);
  const answer = await thread.ask({ known: known.map(({ name }) => name) }, LONG);
  await thread.end();
  if (answer.tests === undefined) throw new Error(`the tests end badly without a mutant: ${answer}`);
  const tests = [...known, ...answer.tests];
  await writeFile(SURVEY, JSON.stringify({ of, tests }));
  for (const mutant of made.mutants) mutant.atLoad = answer.atLoad.includes(mutant.id);
  const unfit = tests.filter(({ failed }) => failed);
  for (const { name } of unfit) console.log(`left out, since it fails with the switches alone: ${name}`);
  if (unfit.length > 5) throw new Error("too many tests fail without a mutant");
  return tests.filter(({ failed }) => !failed);
}

function isWanted({ file }) {
  return wanted.length === 0 || wanted.includes(file.replace(".ts", ""));
}

function resultOf(mutant, before = []) {
  const same = before.filter((one) =>
    ["file", "text", "before", "after"].every((what) => one[what] === mutant[what]),
  );
  const [{ caught, by } = {}] = same;
  return same.every((one) => one.caught !== undefined) ? { caught, by } : { caught: undefined };
}
