/**
 * The core's mutants, by cargo-mutants: each is built into the core's tests and has to make one fail. Twice: first
 * against the tests that take no time, which catch most, then what is left against all of them.
 *
 * Arguments go to cargo-mutants: `--file src/slab.rs` tries one file alone.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { SURVIVORS } from "./core-survivors.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FOLDER = `${ROOT}target/mutants`;
/** What is to be caught at the least, of a hundred. */
const LEAST = 90;

/** The tests of random runs and of many rows: of the core's time they take nine tenths. */
const LONG = [
  "evict::the_budget",
  "index::",
  "key::every_key",
  "oom::",
  "record::bytes_changed",
  "record::changes_cut",
  "record::hundreds",
  "security::",
  "select::rows_that",
  "session::ghosts",
  "session::random",
  "session::subjects_are",
  "slab::",
  "store::an_id_is",
  "tables::tables_that",
  "term::random_values",
  "term::the_order",
  "term::what_is",
];

/** Debug information is most of the linking; backtraces are most of a failing run. */
const QUICK = {
  CARGO_INCREMENTAL: "1",
  CARGO_PROFILE_DEV_DEBUG: "0",
  CARGO_PROFILE_TEST_DEBUG: "0",
  RUST_BACKTRACE: "0",
};
const UNOPTIMISED = { CARGO_PROFILE_DEV_OPT_LEVEL: "0", CARGO_PROFILE_TEST_OPT_LEVEL: "0", MODEL_RUNS: "5" };

function run(env, args, tests) {
  const jobs = Math.max(1, Math.floor(availableParallelism() / 2));
  const own = ["--output", FOLDER, "--jobs", `${jobs}`, "--timeout", "60", "--build-timeout", "180"];
  const { status, error } = spawnSync("cargo", ["mutants", ...own, ...args, "--", ...tests], {
    cwd: ROOT,
    env: { ...process.env, ...QUICK, ...env },
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (error) throw error;
  // 2: some were missed, 3: some took too long. Anything else is none of the mutants'.
  if (![0, 2, 3].includes(status)) throw new Error(`cargo mutants ended with ${status}`);
}

const OUTCOMES = ["caught", "timeout", "missed", "unviable"];

function outcomes() {
  const lines = (name) =>
    readFileSync(`${FOLDER}/mutants.out/${name}.txt`, "utf8").split("\n").filter(Boolean);
  return Object.fromEntries(OUTCOMES.map((name) => [name, lines(name)]));
}

/** `src/slab.rs:70:5: replace …` without the place in the file, which moves. */
function parted(line) {
  const [, file, at, what] = /^(src\/[\w.]+):(\d+):\d+: (.*)$/.exec(line);
  return { file, at, what };
}

const quick = process.argv.slice(2);
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
run(UNOPTIMISED, quick, ["--"].concat(LONG.flatMap((name) => ["--skip", name])));
const first = outcomes();
if (first.missed.length > 0) run({}, ["--iterate", ...quick], []);
const second =
  first.missed.length > 0 ? outcomes() : { ...first, missed: [], caught: [], timeout: [], unviable: [] };

// Of the second run, those that the first one left; of the first, all others.
const { missed } = second;
const settled = new Set(first.missed);
const caught = [...first.caught, ...second.caught.filter((line) => settled.has(line))];
const slow = [...first.timeout, ...second.timeout.filter((line) => settled.has(line))];

const all = [...caught, ...slow, ...missed].map(parted);
const files = [...new Set(all.map(({ file }) => file))].sort();
console.log("file               mutants   caught   of these by time   survived   score");
for (const file of [...files, "all"]) {
  const of = (lines) => lines.filter((line) => file === "all" || line.startsWith(`${file}:`)).length;
  const [ours, survived] = [of(caught) + of(slow) + of(missed), of(missed)];
  const score = (((ours - survived) * 100) / ours).toFixed(1);
  const columns = [ours, ours - survived, of(slow), survived, score].map((n, i) =>
    `${n}`.padStart([9, 9, 19, 11, 8][i]),
  );
  console.log(file.padEnd(17) + columns.join(""));
}
console.log(`${first.unviable.length} more do not compile`);

const known = new Map(
  SURVIVORS.flatMap(({ file, reason, mutants }) => mutants.map((what) => [`${file} ${what}`, reason])),
);
let unknown = 0;
for (const { file, at, what } of missed.map(parted)) {
  const reason = known.get(`${file} ${what}`);
  if (reason === undefined) unknown += 1;
  console.log(`${file}:${at}: ${what}\n    ${reason ?? "no reason known"}`);
}
const score = ((all.length - missed.length) * 100) / all.length;
console.log(
  `${all.length - missed.length} of ${all.length} caught, ${score.toFixed(1)} of a hundred; ` +
    `${missed.length - unknown} survivors with a reason, ${unknown} without`,
);
if (score < LEAST || unknown > 0) process.exitCode = 1;
