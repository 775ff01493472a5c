import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { must } from "../command.mjs";
import { program, quiet } from "../programs.mjs";
import { emitted, wasmFiles } from "./emitted.mjs";
import { serve } from "./serve.mjs";
import { OLDEST } from "./workerd.mjs";

/** What wrangler would deploy, run in workerd. */
export async function wrangler(project) {
  const modules = await bundle(project, "tests/runtimes/workerd/worker.js", "wrangler");
  return [wasmFiles(modules, 1), ...(await serve(modules, OLDEST, project))];
}

/** The modules that `wrangler deploy` makes of a worker. */
export async function bundle({ folder }, main, name) {
  const config = join(folder, `${name}.json`);
  writeFileSync(config, JSON.stringify({ name: "stranger", main, compatibility_date: OLDEST }));
  const out = join(folder, name);
  const args = ["deploy", "--dry-run", "--config", config, "--outdir", out];
  await must(program("wrangler"), args, { cwd: folder, env: quiet(folder) });
  return emitted(out, basename(main));
}
