/** The installed package in browsers, as pages and bundlers bring it there. Arguments select by name. */
import { esbuild, vite, webpack } from "./bundlers.mjs";
import { open } from "./lab.mjs";
import { bundled } from "./runners/bundled.mjs";
import * as csp from "./runners/csp.mjs";
import { node } from "./runners/node.mjs";
import { plain } from "./runners/plain.mjs";
import { serviceWorker } from "./runners/service-worker.mjs";
import { storeWasm } from "./runners/store-wasm.mjs";
import { unused } from "./runners/unused.mjs";
import { viteDev } from "./runners/vite-dev.mjs";
import { worker, workers } from "./runners/worker.mjs";

const RUNNERS = {
  plain,
  esbuild: bundled(esbuild),
  "vite-build": bundled(vite),
  "vite-dev": viteDev,
  webpack: bundled(webpack),
  worker: workers,
  "service-worker": serviceWorker,
  csp: csp.inChromium,
  "store-wasm": storeWasm,
  "node-bundles": node,
  unused,
  "firefox-plain": (lab) => plain(lab, "firefox"),
  "firefox-worker": (lab) => worker(lab, "firefox"),
  "firefox-service-worker": (lab) => serviceWorker(lab, "firefox"),
  "firefox-csp": csp.inFirefox,
};

const MOST_SECONDS = 300;

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(RUNNERS);
const unknown = names.filter((name) => !Object.hasOwn(RUNNERS, name));
if (unknown.length > 0)
  throw new Error(`there is no ${unknown.join(", ")}; there are ${Object.keys(RUNNERS)}`);

const sum = { passed: 0, failed: 0 };
const lab = await open();
try {
  for (const name of names) await run(name);
} finally {
  await bounded(lab.close(), 30).catch((error) => console.log(`at the end: ${error.message}`));
}
console.log(`${sum.passed} passed, ${sum.failed} failed`);
// Whatever hung is not waited for.
process.exit(sum.failed === 0 ? 0 : 1);

async function run(name) {
  const began = performance.now();
  const results = await bounded(RUNNERS[name](lab), MOST_SECONDS).catch(({ message }) => [
    { name: "runs", error: message },
  ]);
  if (results.length === 0) results.push({ name: "runs", error: "nothing was tested" });
  const failures = results.filter(({ error }) => error !== null);
  for (const failure of failures) console.log(`${name}: ${failure.name}\n  ${indented(failure.error)}\n`);
  const [passed, failed] = [results.length - failures.length, failures.length];
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${name}: ${passed} passed, ${failed} failed in ${seconds} s`);
  sum.passed += passed;
  sum.failed += failed;
}

async function bounded(promise, seconds) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took longer than ${seconds} s`)), seconds * 1000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function indented(text) {
  return text.trim().replaceAll("\n", "\n  ");
}
