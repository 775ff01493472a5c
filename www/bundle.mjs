import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));

/** The worker as one module, and beside it the compiled modules that it imports. */
export async function bundle() {
  const wasm = new Map();
  const result = await build({
    entryPoints: [join(here, "worker.js")],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["workerd"],
    external: ["cloudflare:*"],
    plugins: [compiledModules(wasm)],
    logLevel: "silent",
  });
  return [
    { type: "ESModule", path: "worker.js", contents: result.outputFiles[0].text },
    ...[...wasm].map(([path, contents]) => ({ type: "CompiledWasm", path, contents })),
  ];
}

// workerd compiles no bytes at run time: a .wasm import has to stay an import.
function compiledModules(found) {
  return {
    name: "compiled-modules",
    setup({ onResolve }) {
      onResolve({ filter: /\.wasm$/ }, async ({ path, resolveDir }) => {
        const name = basename(path);
        found.set(name, await readFile(join(resolveDir, path)));
        return { path: `./${name}`, external: true };
      });
    },
  };
}

const types = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** The files of assets/ by the path they are asked for. */
export async function assets() {
  const folder = join(here, "assets");
  const files = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const body = await readFile(join(folder, name), "utf8");
      const tag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 16)}"`;
      return [`/${name}`, { type: types[extname(name)], body, tag }];
    }),
  );
  return Object.fromEntries(files);
}
