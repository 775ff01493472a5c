// Chromium uses the demo, as a visitor would, and workerd serves it.
import { cookies } from "./cookies.mjs";
import { close, open, report, troubles } from "./harness.mjs";
import { page } from "./page.mjs";
import { panel } from "./panel.mjs";
import { sessions } from "./sessions.mjs";

const tests = { ...sessions, ...cookies, ...panel, ...page, ...troubles };

let passed = 0;
let failed = 0;

async function run(name, work) {
  const started = performance.now();
  try {
    await work();
    passed += 1;
    report("ok  ", name, `${Math.round(performance.now() - started)} ms`);
  } catch (error) {
    failed += 1;
    report("FAIL", name, error.message);
  }
}

try {
  const shop = await open();
  for (const [name, test] of Object.entries(tests)) await run(name, () => shop.visit(test));
} catch (error) {
  failed += 1;
  report("FAIL", "the demo and Chromium start", error.message);
} finally {
  await close();
}

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
