/**
 * Branches of the core that its tests took both ways, by LLVM's counters. What none took is named by line.
 *
 * `LLVM` is the folder of `llvm-profdata` and `llvm-cov`, of the LLVM that rustc is made with.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const TARGET = `${ROOT}target/coverage`;
const PROFILES = `${TARGET}/profiles`;

function run(program, args, env = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${program} ${args[0]} ended with ${status}\n${stderr.slice(-3000)}`);
  return stdout;
}

const tool = (name) => (process.env.LLVM ? join(process.env.LLVM, name) : name);

rmSync(PROFILES, { recursive: true, force: true });
mkdirSync(PROFILES, { recursive: true });
// Counting branches is not stable in rustc yet, and nothing of it is shipped.
const instrumented = {
  RUSTC_BOOTSTRAP: "1",
  RUSTFLAGS: "-Cinstrument-coverage -Zcoverage-options=branch",
  CARGO_TARGET_DIR: TARGET,
  LLVM_PROFILE_FILE: `${PROFILES}/%p-%m.profraw`,
};
const tests = ["test", "--package", "ets-session", "--test", "core", "--test", "fuzz", "--test", "traces"];
const built = run("cargo", [...tests, "--no-run", "--message-format", "json"], instrumented);
const programs = built
  .split("\n")
  .filter((line) => line.startsWith("{"))
  .map((line) => JSON.parse(line).executable)
  .filter(Boolean);
for (const program of programs) run(program, [], instrumented);

const merged = `${TARGET}/merged.profdata`;
const raw = readdirSync(PROFILES).map((name) => join(PROFILES, name));
run(tool("llvm-profdata"), ["merge", "--sparse", "--output", merged, ...raw]);
const objects = programs.flatMap((program, i) => (i === 0 ? [program] : ["--object", program]));
const report = JSON.parse(
  run(
    tool("llvm-cov"),
    ["export", "--instr-profile", merged, "--sources", `${ROOT}src`, "--", ...objects].filter(
      (word) => word !== "--",
    ),
  ),
);

/** Of each place, how often either way was taken: a function that is compiled twice is counted together. */
function ways({ branches }) {
  const places = new Map();
  for (const [line, column, , , yes, no] of branches) {
    const place = `${line}:${column}`;
    const [y, n] = places.get(place) ?? [0, 0];
    places.set(place, [y + yes, n + no]);
  }
  return places;
}

const missing = [];
let [taken, all] = [0, 0];
console.log("file                 lines   branches   both ways");
const covered = (got, of) => `${of === 0 ? "100.0" : ((got * 100) / of).toFixed(1)} %`;
for (const file of report.data[0].files) {
  const name = file.filename.slice(file.filename.lastIndexOf("src/"));
  const places = ways(file);
  const got = [...places.values()].flat().filter((count) => count > 0).length;
  taken += got;
  all += places.size * 2;
  const { lines } = file.summary;
  console.log(
    `${name.padEnd(17)}${covered(lines.covered, lines.count).padStart(9)}${String(places.size * 2).padStart(11)}${covered(got, places.size * 2).padStart(12)}`,
  );
  for (const [place, [yes, no]] of places) {
    if (yes === 0 || no === 0) missing.push(`${name}:${place}: never ${yes === 0 ? "true" : "false"}`);
  }
}
console.log(missing.join("\n"));
console.log(`${taken} of ${all} ways taken, ${covered(taken, all)}`);
