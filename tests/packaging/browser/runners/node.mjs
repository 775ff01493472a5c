/** Bundles for Node, with the package in them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { must } from "../../command.mjs";
import { esbuild, vite, webpack } from "../bundlers.mjs";
import { check, named, wasmFiles } from "../lab.mjs";

export const node = async (lab) => {
  const results = [];
  for (const [name, bundler] of Object.entries({ esbuild, vite, webpack })) {
    const out = await lab.build(bundler, { node: "node.js" }, { node: true });
    const bundle = join(out, "node.js");
    const within = !/(?:from|import|require\()\s*["']ets-session/.test(readFileSync(bundle, "utf8"));
    const found = JSON.parse(await must(process.execPath, [bundle]));
    const checks = [wasmFiles(out, 0), check("the package is in the bundle", within, "it is imported")];
    results.push(...named(name, [...checks, ...found]));
  }
  return results;
};
