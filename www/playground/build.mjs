/** Puts the playground into a folder, from which any static server serves it: `node build.mjs [OUTDIR]`. */
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { packageFiles } from "./package.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../..");
export const FOLDER = join(root, "target/playground");

const PAGE = ["index.html", "style.css", "icon.svg", "page", "worker"];
const PLOTS = ["memory.svg", "time.svg", "histogram.svg"];

/** Makes the folder, and gives its path. What was in the places it uses is replaced. */
export async function build(folder = FOLDER) {
  const files = await packageFiles();
  await mkdir(folder, { recursive: true });
  await rm(join(folder, "package"), { recursive: true, force: true });
  for (const name of PAGE) await cp(join(here, name), join(folder, name), { recursive: true, force: true });
  for (const [name, text] of files) await put(join(folder, "package", name), text);
  await cp(join(root, "LICENSE"), join(folder, "package/LICENSE"));
  for (const name of PLOTS) await cp(join(root, "www/bench", name), join(folder, "bench", name));
  await put(join(folder, "benchmark.html"), await benchmark());
  // GitHub Pages would look for a site generator's files otherwise.
  await put(join(folder, ".nojekyll"), "");
  return folder;
}

async function put(path, text) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

async function benchmark() {
  const page = await readFile(join(here, "benchmark.html"), "utf8");
  const report = await readFile(join(root, "www/bench/report.txt"), "utf8");
  const safe = report.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return page.replace("<!-- report -->", () => safe);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await build(process.argv[2] && resolve(process.argv[2])).then(
    (folder) => console.log(`The playground is in ${folder}`),
    (error) => {
      console.error(`playground: ${error.message}`);
      process.exitCode = 1;
    },
  );
}
