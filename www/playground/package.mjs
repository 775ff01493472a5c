/** The files of the built package that a page needs, found by what they import. */
import { readFile } from "node:fs/promises";
import { posix } from "node:path";

const DIST = new URL("../../pkg/dist/", import.meta.url);
const ENTRY = "table.js";

/** Which names stand for which files: package.json's `imports`, as a bundler for browsers reads them. */
async function names() {
  const manifest = JSON.parse(await readFile(new URL("../package.json", DIST), "utf8"));
  return { "#wasm": manifest.imports["#wasm"].default.replace("./dist/", "") };
}

/** File names and texts. Workers know no import maps, so names become paths; nothing else is changed. */
export async function packageFiles() {
  const known = await names();
  const files = new Map();
  const wanted = [ENTRY];
  for (let file = wanted.pop(); file !== undefined; file = wanted.pop()) {
    if (files.has(file)) continue;
    const text = await built(file);
    const folder = posix.dirname(file);
    const placed = text.replace(/\b(from|import)\s*"([^"]+)"/g, (_, word, name) => {
      const target = known[name] ?? posix.join(folder, relative(name, file));
      wanted.push(target);
      const path = posix.relative(folder, target);
      return `${word}"${path.startsWith(".") ? path : `./${path}`}"`;
    });
    files.set(file, placed);
  }
  return files;
}

function relative(name, file) {
  if (name.startsWith("./") || name.startsWith("../")) return name;
  throw new Error(`${file} imports ${JSON.stringify(name)}, which no static file can be for`);
}

async function built(file) {
  return await readFile(new URL(file, DIST), "utf8").catch((cause) => {
    throw new Error("the package is not built yet: run `cargo xtask build`", { cause });
  });
}
