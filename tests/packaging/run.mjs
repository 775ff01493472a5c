/**
 * The package as strangers meet it: packed, installed outside of this tree, and run in every runtime.
 * Arguments pick runners by name.
 */
import { project } from "./project.mjs";
import { bun } from "./runners/bun.mjs";
import { bundled } from "./runners/bundled.mjs";
import { copies } from "./runners/copies.mjs";
import { deno } from "./runners/deno.mjs";
import { instances } from "./runners/instances.mjs";
import { attw, publint } from "./runners/lint.mjs";
import { miniflare } from "./runners/miniflare.mjs";
import { node } from "./runners/node.mjs";
import { vitest } from "./runners/vitest.mjs";
import { workerd } from "./runners/workerd.mjs";
import { wrangler } from "./runners/wrangler.mjs";

const RUNNERS = {
  node20: node(20),
  node22: node(22),
  node24: node(24),
  deno,
  bun,
  bundled,
  workerd,
  wrangler,
  miniflare,
  vitest,
  instances,
  copies,
  publint,
  attw,
};

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(RUNNERS);
const unknown = names.filter((name) => !Object.hasOwn(RUNNERS, name));
if (unknown.length > 0)
  throw new Error(`there is no ${unknown.join(", ")}; there are ${Object.keys(RUNNERS)}`);

const sum = { passed: 0, failed: 0 };
const installed = await project("packaging");
try {
  for (const name of names) await run(name);
} finally {
  installed.remove();
}
console.log(`${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed === 0 ? 0 : 1;

async function run(name) {
  const began = performance.now();
  const results = await attempt(RUNNERS[name]);
  const failures = results.filter(({ error }) => error !== null);
  for (const failure of failures) console.log(`${name}: ${failure.name}\n  ${indented(failure.error)}\n`);
  const passed = results.length - failures.length;
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${name}: ${passed} passed, ${failures.length} failed in ${seconds} s`);
  sum.passed += passed;
  sum.failed += failures.length;
}

/** A runner that fails, or has nothing to run, is a failed test. */
async function attempt(runner) {
  try {
    const results = await runner(installed);
    return results.length > 0 ? results : [{ name: "runs", error: "nothing was tested" }];
  } catch (error) {
    return [{ name: "runs", error: error.message }];
  }
}

function indented(text) {
  return text.trim().replaceAll("\n", "\n  ");
}
