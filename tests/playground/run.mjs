/** The playground, as a visitor uses it, in Chromium, from its folder as a static host serves it. */
import { access } from "node:fs/promises";
import { HEADERS } from "../../www/playground/policy.mjs";
import { print } from "../runtimes/report.mjs";
import { group, runAll } from "../suite/harness.js";
import { close, open } from "./browser.mjs";
import { look } from "./look.mjs";
import { snapshots } from "./snapshots.mjs";
import { steps } from "./steps.mjs";
import { weighing } from "./weighing.mjs";

try {
  await access(new URL("../../pkg/dist/table.js", import.meta.url));
  const site = await open(HEADERS);
  // The last looks at what all the others left behind.
  for (const tests of [steps, weighing, snapshots, look]) group("playground", () => tests(site));
  const results = [];
  await runAll({}, (name, error) => results.push({ name, error: error ? `${error.stack}` : null }));
  print("playground", results);
} finally {
  await close();
}
