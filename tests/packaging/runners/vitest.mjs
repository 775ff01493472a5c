import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { command } from "../command.mjs";
import { program, quiet } from "../programs.mjs";
import { OLDEST } from "./workerd.mjs";

const config = fileURLToPath(new URL("vitest.config.mjs", import.meta.url));

/** Cloudflare's pool: the tests run inside of workerd, and Vite finds the package for them. */
export async function vitest({ folder }) {
  lend(folder);
  const wrangler = { name: "stranger", compatibility_date: OLDEST };
  writeFileSync(join(folder, "vitest.wrangler.json"), JSON.stringify(wrangler));
  const args = [program("vitest"), "run", "--root", folder, "--config", config];
  const { code, stderr } = await command(process.execPath, args, { cwd: folder, env: quiet(folder) });
  const written = join(folder, "vitest.json");
  if (!existsSync(written)) throw new Error(`vitest ended with ${code}\n${stderr.trim().slice(-2000)}`);
  const results = JSON.parse(readFileSync(written, "utf8"));
  if (code !== 0 && results.every(({ error }) => error === null))
    results.push({ name: "Vitest is content", error: `it ended with ${code}` });
  return results;
}

/** The pool looks for Vitest in the project. */
function lend(folder) {
  const own = join(folder, "node_modules/vitest");
  if (!existsSync(own)) symlinkSync(dirname(program("vitest")), own, "junction");
}
