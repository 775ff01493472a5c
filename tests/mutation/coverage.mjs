/**
 * Which branches of what is mutated the portable suite takes, and the lines of those that it does not.
 *
 *     node tests/mutation/coverage.mjs
 */
import { createInstrumenter } from "istanbul-lib-instrument";
import run from "../suite/index.js";
import { branchReasonOf } from "./branches.mjs";
import { changedPackage } from "./build.mjs";
import { library } from "./library.mjs";

const COUNTS = "__branches__";
const sources = new Map();

/** Branches are those of the source as it was written: ifs, conditions, and what stands in where there is none. */
async function counted(given) {
  const made = new Map();
  for (const [file, text] of given) {
    sources.set(file, text.split("\n"));
    const instrumenter = createInstrumenter({
      coverageVariable: COUNTS,
      esModules: true,
      parserPlugins: ["typescript", "classPrivateProperties", "classPrivateMethods", "classStaticBlock"],
    });
    made.set(file, instrumenter.instrumentSync(text, file));
  }
  return made;
}

const { folder, remove } = await changedPackage(counted);
try {
  const lib = await library(folder);
  const failed = [];
  await run(lib, (name, error) => error !== null && failed.push(name));
  for (const name of failed) console.log(`fails with the counts alone: ${name}`);
  if (!printed(globalThis[COUNTS]) || failed.length > 5) process.exitCode = 1;
} finally {
  await remove();
}

function printed(counts) {
  let [all, taken, unknown] = [0, 0, 0];
  const missed = [];
  for (const file of sources.keys()) {
    const { b, branchMap } = counts[file];
    const branches = Object.entries(branchMap).flatMap(([id, { type, loc, locations }]) =>
      b[id].map((count, i) => ({ file, type, count, i, line: locations[i].start.line ?? loc.start.line })),
    );
    const hit = branches.filter(({ count }) => count > 0);
    [all, taken] = [all + branches.length, taken + hit.length];
    console.log(`${file.padEnd(22)}${of(hit.length, branches.length)}`);
    missed.push(...branches.filter(({ count }) => count === 0));
  }
  console.log(`${"all".padEnd(22)}${of(taken, all)}`);
  for (const { file, type, i, line } of missed) {
    const text = sources.get(file)[line - 1].trim();
    const reason = branchReasonOf(file, text);
    if (reason === undefined) unknown++;
    console.log(`pkg/src/${file}:${line}: ${type} ${i + 1}: ${text}\n    ${reason ?? "no reason known"}`);
  }
  console.log(`${missed.length} branches not taken, ${unknown} of them without a reason`);
  return unknown === 0;
}

function of(part, all) {
  const share = all === 0 ? 100 : (part * 100) / all;
  return `${String(part).padStart(5)} of ${String(all).padStart(5)} branches ${share.toFixed(1).padStart(6)}`;
}
