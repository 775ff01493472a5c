/** No bundler: the installed files as they are, found by an import map that says what package.json says. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inside } from "../lab.mjs";
import { page } from "../site.mjs";

export const plain = async (lab, browser) =>
  lab.visit(lab.folder, { html: page(inside("page.js").slice(1), importMap(lab.folder)) }, browser);

function importMap(folder) {
  const installed = "node_modules/ets-session";
  const manifest = JSON.parse(readFileSync(join(folder, installed, "package.json"), "utf8"));
  const targets = [["#wasm", manifest.imports["#wasm"]]];
  for (const [path, target] of Object.entries(manifest.exports))
    targets.push([`ets-session${path.slice(1)}`, target]);
  const imports = targets
    .filter(([, target]) => target.default)
    .map(([name, target]) => [name, `/${installed}/${target.default.slice(2)}`]);
  return `<script type="importmap">${JSON.stringify({ imports: Object.fromEntries(imports) })}</script>`;
}
