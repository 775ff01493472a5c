/** A copy of the package with other sources, laid out as the built one and made in the same way. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { FILES } from "./files.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** What has sources of its own in it; the rest of the package goes by its public surface, and is taken as built. */
const ENTRIES = ["index", "table", "store", "errors", "stores/index"];

export const sourceOf = (file) => readFile(join(ROOT, "pkg/src", file), "utf8");

/**
 * @param {(sources: Map<string, string>) => Promise<Map<string, string>>} change the files of FILES to what is
 * built in their place
 * @returns {Promise<{folder: string, remove: () => Promise<void>}>}
 */
export async function changedPackage(change) {
  const folder = await mkdtemp(join(tmpdir(), "ets-session-changed-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const sources = new Map();
    for (const file of FILES) sources.set(file, await sourceOf(file));
    await bundled(folder, await change(sources));
    return { folder, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function bundled(folder, changed) {
  const [src, dist] = [join(folder, "src"), join(folder, "dist")];
  await cp(join(ROOT, "pkg/src"), src, { recursive: true });
  await cp(join(ROOT, "pkg/dist"), dist, { recursive: true });
  await cp(join(ROOT, "pkg/package.json"), join(folder, "package.json"));
  await cp(join(ROOT, "target/typescript/wasm/glue.js"), join(src, "wasm/glue.js"));
  await rm(join(dist, "shared"), { recursive: true });
  await mkdir(join(dist, "shared"));
  for (const [file, text] of changed) await writeFile(join(src, file), text);
  const wasm = await readFile(join(dist, "wasm/store.wasm"));
  await build({
    absWorkingDir: folder,
    entryPoints: ENTRIES.map((entry) => join(src, `${entry}.ts`)),
    outdir: dist,
    outbase: src,
    bundle: true,
    splitting: true,
    chunkNames: "shared/[hash]",
    format: "esm",
    target: "es2022",
    external: ["#wasm"],
    define: { MARK: JSON.stringify(wasm.subarray(-16).toString("latin1")) },
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true, target: "es2022" } },
    logLevel: "warning",
  });
}
