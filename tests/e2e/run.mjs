// Chromium uses the demo, as a visitor would, and workerd serves it. An argument picks tests by a part of their name.
import { accounts } from "./accounts.mjs";
import { cookies } from "./cookies.mjs";
import { durable } from "./durable.mjs";
import { endings } from "./endings.mjs";
import { forms } from "./forms.mjs";
import { close, open, report, troubles } from "./harness.mjs";
import { inspector } from "./inspector.mjs";
import { page } from "./page.mjs";
import { panel } from "./panel.mjs";
import { sessions } from "./sessions.mjs";

const part = process.argv[2] ?? "";
const tests = Object.entries({
  ...sessions,
  ...accounts,
  ...endings,
  ...forms,
  ...cookies,
  ...panel,
  ...page,
  ...inspector,
  ...durable,
  ...troubles,
}).filter(([name]) => name.includes(part));

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
  if (tests.length === 0) throw new Error("no test has that in its name");
  const shop = await open();
  for (const [name, test] of tests) await run(name, () => shop.visit(test));
} catch (error) {
  failed += 1;
  report("FAIL", "the demo and Chromium start", error.message);
} finally {
  await close();
}

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
