import { program } from "../programs.mjs";
import { project } from "../project.mjs";
import { runBun } from "./bun.mjs";
import { runDeno } from "./deno.mjs";
import { wasmFiles } from "./emitted.mjs";
import { of, script } from "./script.mjs";
import { serve } from "./serve.mjs";
import { OLDEST } from "./workerd.mjs";
import { bundle } from "./wrangler.mjs";

const SCRIPT = "copies-run.js";
const RUNTIMES = {
  "this node": (installed) => script(process.execPath, [], SCRIPT, installed),
  node24: (installed) => script(program("node24"), [], SCRIPT, installed),
  deno: (installed) => runDeno(SCRIPT, installed),
  bun: (installed) => runBun(SCRIPT, installed),
  wrangler: async (installed) => {
    const modules = await bundle(installed, "tests/packaging/inside/copies-worker.js", "copies");
    // The same bytes twice: wrangler names them by what they are.
    return [wasmFiles(modules, 1), ...(await serve(modules, OLDEST, installed))];
  },
};

/** Two copies of the package, installed by two names. */
export async function copies() {
  const installed = await project("copies", ["ets-session-again"]);
  try {
    const results = [];
    for (const [runtime, run] of Object.entries(RUNTIMES)) results.push(...of(runtime, await run(installed)));
    return results;
  } finally {
    installed.remove();
  }
}
