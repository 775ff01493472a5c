/**
 * Runs one framework's own tests in the runtime that this is started in, and prints what became of them:
 * `deno run -A tests/adapters/inside.mjs oak`.
 */
import process from "node:process";
import { collect } from "../runtimes/report.mjs";
import { runAll } from "../suite/harness.js";

await import(`./${process.argv[2]}-inside.mjs`);
const results = await collect(runAll, {});
// Its server would go on.
process.stdout.write(`${JSON.stringify(results)}\n`, () => process.exit(0));
