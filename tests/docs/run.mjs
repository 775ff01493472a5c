/**
 * The documentation: its code is run or compiled, its commands exist, its links lead somewhere, and what is made
 * from the sources is as they make it. `node tests/docs/run.mjs`, with Chromium's path in CHROMIUM.
 */
import { project } from "../packaging/project.mjs";
import { collect, print } from "../runtimes/report.mjs";
import { runAll } from "../suite/harness.js";
import { reference } from "./api.mjs";
import { blocks } from "./blocks.mjs";
import "./inside.mjs";
import { limits } from "./limits.mjs";
import "./links.mjs";
import { runtimes } from "./runtimes.mjs";
import { written } from "./written.mjs";

const stranger = await project("docs");
runtimes(stranger);
written(stranger);
limits();
reference();
blocks();

try {
  print("docs", await collect(runAll, {}));
} finally {
  stranger.remove();
}
