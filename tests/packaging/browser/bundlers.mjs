/**
 * What strangers would build with. Each takes `entries`, names to files of the project in `folder`, and writes
 * them into `out`; the one named page gets an index.html. Nothing is configured but what goes where.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as esbuilder from "esbuild";
import * as viteBuilder from "vite";
import webpacker from "webpack";
import { page } from "./site.mjs";

export async function esbuild({ folder, entries, out, node = false }) {
  await esbuilder.build({
    absWorkingDir: folder,
    entryPoints: entries,
    outdir: out,
    bundle: true,
    minify: true,
    format: "esm",
    platform: node ? "node" : "browser",
    loader: { ".wasm": "file" },
    logLevel: "silent",
  });
  if (entries.page) writeFileSync(join(out, "index.html"), page("./page.js"));
}

export async function vite({ folder, entries, out, node = false }) {
  const { page: script, ...others } = entries;
  const input = Object.fromEntries(Object.entries(others).map(([name, file]) => [name, join(folder, file)]));
  if (script) {
    input.index = join(folder, "index.html");
    writeFileSync(input.index, page(script));
  }
  await viteBuilder.build({
    root: folder,
    configFile: false,
    logLevel: "silent",
    worker: { format: "es" },
    ssr: { noExternal: true },
    build: { outDir: out, ssr: node, rolldownOptions: { input, output: { entryFileNames: "[name].js" } } },
  });
}

export async function webpack({ folder, entries, out, node = false }) {
  const compiler = webpacker({
    mode: "production",
    context: folder,
    entry: entries,
    target: node ? "node20" : ["web", "es2022"],
    experiments: { outputModule: true },
    output: { path: out, module: true, filename: "[name].js" },
  });
  try {
    const stats = await new Promise((resolve, reject) =>
      compiler.run((error, result) => (error ? reject(error) : resolve(result))),
    );
    if (stats.hasErrors()) throw new Error(stats.toString({ all: false, errors: true }));
  } finally {
    await new Promise((resolve) => compiler.close(resolve));
  }
  if (entries.page) writeFileSync(join(out, "index.html"), page("./page.js"));
}
