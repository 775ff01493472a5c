/**
 * Every fuzz target for a while under libFuzzer, with AddressSanitizer: `--seconds N` each, 60 if nothing is said;
 * names pick some. Corpora go on from where they were; what is kept in the repository is put into them first.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const HERE = fileURLToPath(new URL("./", import.meta.url));
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const manifest = readFileSync(`${HERE}Cargo.toml`, "utf8");
const targets = Array.from(manifest.matchAll(/^name = "(\w+)"\npath/gm), ([, name]) => name);
const { values, positionals } = parseArgs({
  options: { seconds: { type: "string", default: "60" } },
  allowPositionals: true,
});
const seconds = Number(values.seconds);
if (!Number.isInteger(seconds) || seconds < 1) throw new Error("--seconds takes a whole number from 1");
const unknown = positionals.find((name) => !targets.includes(name));
if (unknown !== undefined) throw new Error(`there is no ${unknown}, but ${targets.join(", ")}`);
const chosen = positionals.length > 0 ? positionals : targets;

// The sanitizer is not stable in rustc yet, and nothing of this is shipped.
const env = { ...process.env, RUSTC_BOOTSTRAP: "1" };

for (const target of chosen) {
  const { status } = spawnSync("cargo", ["fuzz", "build", "--fuzz-dir", HERE, target], {
    cwd: ROOT,
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) throw new Error(`${target} is not built`);
}

/** Its inputs so far, one in a file. What is kept in the repository is one line of hexadecimal digits for each. */
function corpusOf(target) {
  const corpus = `${HERE}corpus/${target}`;
  const kept = `${HERE}kept/${target}.hex`;
  mkdirSync(corpus, { recursive: true });
  const lines = existsSync(kept) ? readFileSync(kept, "utf8").trimEnd().split("\n") : [];
  for (const [i, line] of lines.entries()) writeFileSync(`${corpus}/kept-${i}`, line, "hex");
  return corpus;
}

/** Its last words: how many executions, edges and features covered, and inputs in the corpus. */
function fuzz(target) {
  const corpus = corpusOf(target);
  const limits = [`-max_total_time=${seconds}`, "-max_len=4096", "-len_control=0", "-print_final_stats=1"];
  const child = spawn("cargo", ["fuzz", "run", "--fuzz-dir", HERE, target, corpus, "--", ...limits], {
    cwd: ROOT,
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let last = "";
  let text = "";
  child.stderr.setEncoding("utf8").on("data", (more) => {
    text = (text + more).slice(-20_000);
    const lines = text.match(/^#\d+.*cov: .*$/gm);
    if (lines === null || lines.at(-1) === last) return;
    last = lines.at(-1);
    if (process.stdout.isTTY) process.stdout.write(`\r${target}: ${last.slice(0, 90)}\x1b[K`);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (process.stdout.isTTY) process.stdout.write("\r\x1b[K");
      resolve({ code, text });
    });
  });
}

let failed = 0;
for (const target of chosen) {
  const { code, text } = await fuzz(target);
  const number = (pattern) => Number(pattern.exec(text)?.[1] ?? 0).toLocaleString("en");
  const inputs = readdirSync(`${HERE}corpus/${target}`).length.toLocaleString("en");
  const done = number(/number_of_executed_units:\s*(\d+)/);
  const edges = number(/DONE\s+cov: (\d+)/);
  const features = number(/DONE\s+cov: \d+ ft: (\d+)/);
  if (code === 0)
    console.log(
      `ok   ${target}: ${done} executions in ${seconds} s, ${edges} edges, ${features} features, ${inputs} inputs`,
    );
  else {
    failed += 1;
    console.log(`FAIL ${target}: ended with ${code}\n${text.slice(-4000)}`);
  }
}
console.log(`${chosen.length - failed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
