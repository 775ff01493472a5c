/** The code that stands in the docs, run as it stands there. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ok } from "../suite/harness.js";

const DOCS = new URL("../../www/docs/", import.meta.url);
/** Within the tree, where packages are found by their names. */
export const FOLDER = fileURLToPath(new URL(`../../target/adapters/${process.pid}/`, import.meta.url));

process.on("exit", () => rmSync(FOLDER, { recursive: true, force: true }));

/** All blocks of code of a page that have a file's name, by that name. */
export function blocks(page) {
  const text = readFileSync(new URL(page, DOCS), "utf8");
  return new Map(Array.from(text.matchAll(/^```js (\S+)\n(.*?)^```$/gms), ([, name, code]) => [name, code]));
}

/** Writes the blocks of a page, and gives what imports one of them. */
export function moduleOf(page) {
  const found = blocks(page);
  const folder = `${FOLDER}${page.replaceAll("/", "-")}`;
  for (const [name, code] of found) {
    const file = `${folder}/${name}`;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, code);
  }
  return (name) => {
    ok(found.has(name), `no block ${name} in ${page}`);
    return import(pathToFileURL(`${folder}/${name}`).href);
  };
}
