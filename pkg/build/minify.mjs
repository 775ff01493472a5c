/**
 * Makes files of JavaScript smaller in place, after esbuild, which looks at one expression at a time:
 * `node pkg/build/minify.mjs FILE …`
 */
import { readFileSync, writeFileSync } from "node:fs";
import { minify } from "terser";

const options = {
  module: true,
  ecma: 2022,
  // Functions stay as they are cut: moved into one another, reading a row takes a third more time, since engines
  // have bounds of their own for what they move into what.
  compress: { passes: 2, inline: 0, reduce_funcs: false },
  // What bundlers may leave out.
  format: { preserve_annotations: true },
};

for (const file of process.argv.slice(2)) {
  const { code } = await minify(readFileSync(file, "utf8"), options);
  writeFileSync(file, code);
}
