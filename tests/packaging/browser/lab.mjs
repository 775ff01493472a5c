// What the runners work with: a stranger's project, the browsers, and places for what is built.
import { cpSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { project } from "../project.mjs";
import { chromium } from "./chromium.mjs";
import { firefox } from "./firefox.mjs";
import { serve } from "./site.mjs";

const OPEN = { chromium, firefox };

/** Where the pages' scripts lie in the project: as they do in this tree. */
const INSIDE = "tests/packaging/browser/inside";

export const inside = (file) => `./${INSIDE}/${file}`;

export async function open() {
  const { folder, remove } = await project("browser");
  cpSync(fileURLToPath(new URL("inside", import.meta.url)), join(folder, INSIDE), { recursive: true });
  const browsers = new Map();
  let built = 0;

  /** Started when first asked for, and kept. */
  function browser(name) {
    if (!browsers.has(name)) browsers.set(name, OPEN[name]());
    return browsers.get(name);
  }

  return {
    folder,

    /** Has a bundler make something of scripts of the project; gives the folder with it. */
    async build(bundler, scripts, options) {
      const out = join(folder, "built", String(++built));
      const entries = Object.fromEntries(Object.entries(scripts).map(([name, file]) => [name, inside(file)]));
      await bundler({ folder, entries, out, ...options });
      return out;
    },

    /** What the page of that site promises; for the options see serve(). */
    async visit(site, options, name = "chromium") {
      const server = await serve(site, options);
      try {
        return await (await browser(name)).visit(server.url);
      } finally {
        server.close();
      }
    },

    /** The same, where the site has a server of its own. */
    visitAt: async (url) => (await browser("chromium")).visit(url),

    async close() {
      for (const opened of await Promise.allSettled(browsers.values())) await opened.value?.close();
      remove();
    },
  };
}

/** The files of a build, with their sizes. */
export const filesOf = (out) =>
  readdirSync(out, { recursive: true })
    .map((path) => ({ path, stat: statSync(join(out, path)) }))
    .filter(({ stat }) => stat.isFile())
    .map(({ path, stat }) => ({ path, size: stat.size }));

/** A check of ours, as a result among the suite's. */
export const check = (name, holds, told) => ({ name, error: holds ? null : told });

export function wasmFiles(out, expected) {
  const found = filesOf(out).filter(({ path }) => path.endsWith(".wasm"));
  const told = found.map(({ path }) => path).join(", ") || "none";
  return check(`the build has ${expected} files that end in .wasm`, found.length === expected, told);
}

/** The results of several parts, by the part's name in front of theirs. */
export const named = (part, results) =>
  results.map(({ name, error }) => ({ name: `${part}: ${name}`, error }));
