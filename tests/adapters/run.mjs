/** The adapters with the real frameworks, on the built package: `node tests/adapters/run.mjs [NAME…]`. */
import { collect, print } from "../runtimes/report.mjs";
import { runAll } from "../suite/harness.js";

const NAMES = [
  "hono",
  "h3",
  "oak",
  "sveltekit",
  "react-router",
  "entries",
  "types",
  "express",
  "unstorage",
  "better-auth",
  "moving",
];

const wanted = process.argv.slice(2);
for (const name of wanted.length > 0 ? wanted : NAMES) await import(`./${name}.mjs`);
print("adapters", await collect(runAll, {}));
