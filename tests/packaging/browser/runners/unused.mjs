/** What is left of the package where nothing of it is used. */
import { join } from "node:path";
import { must } from "../../command.mjs";
import { esbuild, vite, webpack } from "../bundlers.mjs";
import { check, filesOf } from "../lab.mjs";

const MOST = 300;

export const unused = async (lab) => {
  const results = [];
  for (const [name, bundler] of Object.entries({ esbuild, vite, webpack })) {
    const out = await lab.build(bundler, { unused: "unused.js" });
    const size = filesOf(out).reduce((sum, file) => sum + file.size, 0);
    console.log(`unused: ${size} bytes by ${name}`);
    results.push(check(`${name} leaves fewer than ${MOST} bytes`, size < MOST, `${size} bytes`));
    const printed = await must(process.execPath, [join(out, "unused.js")]);
    results.push(check(`what ${name} leaves runs`, printed === "hello\n", printed));
  }
  return results;
};
