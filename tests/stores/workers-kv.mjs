// Sessions in Workers KV, as miniflare has it: what they promise, and no more.
import { print } from "../runtimes/report.mjs";
import { started } from "./workerd.mjs";

const worker = await started("kv.worker.js", { kvNamespaces: ["SESSIONS"] });
try {
  const { results, leftOut } = await worker.ask("tests");
  for (const test of leftOut) console.log(`left out: ${test}`);
  print("stores/workers-kv", results);
} finally {
  await worker.dispose();
}
