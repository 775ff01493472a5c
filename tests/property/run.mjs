/**
 * Properties, each tried with random cases until one is found that breaks it.
 *
 *     node tests/property/run.mjs [--seconds N] [--seed S] [--path P] [--replay R] [--package FOLDER] [NAME…]
 *
 * Without --seconds each takes its share of some twenty, with a seed that stays the same.
 */
import fc from "fast-check";
import { counted } from "./check.mjs";
import { known } from "./known.mjs";
import { load } from "./package.mjs";
import { properties } from "./properties.mjs";

const QUICK_SEED = 20_241;
/** Runs of one seed; the next seed follows. */
const CHUNK = 200;
/** Milliseconds that making a failure smaller may take. */
const SHRINKING = 30_000;

const given = {};
const names = [];
for (let args = process.argv.slice(2); args.length > 0; ) {
  const [arg, value, ...rest] = args;
  if (arg.startsWith("--")) given[arg.slice(2)] = value;
  else names.push(arg);
  args = arg.startsWith("--") ? rest : args.slice(1);
}
const seconds = given.seconds === undefined ? undefined : Number(given.seconds);
const seed =
  given.seed === undefined ? (seconds === undefined ? QUICK_SEED : Date.now() % 2 ** 31) : Number(given.seed);
const lib = await load(given.package);

/** One chunk, or one case where its path is known. */
async function chunk(property, seed, runs, before) {
  const { path, replay } = given;
  const made = property.property(lib, replay === undefined ? {} : { replayPath: replay });
  const started = performance.now();
  const late = before === undefined ? undefined : Math.max(before - started, 1) + SHRINKING;
  return await fc.check(made, {
    seed,
    numRuns: path === undefined ? runs : 1,
    ...(path === undefined ? {} : { path }),
    ...(late === undefined ? {} : { interruptAfterTimeLimit: late, markInterruptAsFailure: false }),
  });
}

function told(property, result) {
  const { seed, counterexamplePath, counterexample, numShrinks, errorInstance } = result;
  const replay = /replayPath="([^"]*)"/.exec(fc.stringify(counterexample))?.[1];
  const again = [
    `--seed ${seed}`,
    `--path "${counterexamplePath}"`,
    ...(replay ? [`--replay "${replay}"`] : []),
  ];
  console.log(`${property.name}: FAILED, smaller ${numShrinks} times`);
  console.log(`  node tests/property/run.mjs ${property.name} ${again.join(" ")}`);
  for (const part of counterexample ?? []) console.log(`  ${fc.stringify(part)}`);
  console.log(`  ${errorInstance?.stack?.split("\n").slice(0, 6).join("\n  ")}`);
}

/** What a property tries in full, behind what is random. */
async function once(property) {
  try {
    await property.once?.(lib, seconds !== undefined);
    return true;
  } catch (error) {
    console.log(`${property.name}: FAILED\n  ${error.stack}`);
    return false;
  }
}

async function tried(property) {
  const started = performance.now();
  const end = seconds === undefined ? undefined : started + seconds * 1000;
  counted.operations = 0;
  let runs = 0;
  let failed = false;
  for (let at = seed; !failed; at++) {
    const result = await chunk(property, at, end === undefined ? property.runs : CHUNK, end);
    runs += result.numRuns;
    failed = result.failed;
    if (failed) told(property, result);
    if (end === undefined || performance.now() >= end || given.path !== undefined) break;
  }
  if (!failed && given.path === undefined && given.once !== "no") failed = !(await once(property));
  const took = (performance.now() - started) / 1000;
  const operations = counted.operations > 0 ? `, ${counted.operations} operations` : "";
  console.log(`${property.name}: ${runs} runs${operations} in ${took.toFixed(1)} s from seed ${seed}`);
  return !failed;
}

const results = [];
const wanted = properties.filter(({ name }) => names.length === 0 || names.includes(name));
if (names.length === 0 || names.includes("known")) results.push(...(await known(lib)));
for (const property of wanted) results.push(await tried(property));
const passed = results.filter(Boolean).length;
console.log(`${passed} passed, ${results.length - passed} failed`);
if (passed < results.length || results.length === 0) process.exitCode = 1;
