/** The built package, once for each isolate: copies in folders of their own share neither tables nor instances. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const root = new URL("../../pkg/", import.meta.url);

/** Replaces what stands in the files of a folder exactly once. */
function replace(folder, [from, to]) {
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".js"));
  const found = files.filter((file) => from.test(readFileSync(join(folder, file), "utf8")));
  if (found.length !== 1) throw new Error(`${from} stands in ${found.length} files`);
  const file = join(folder, found[0]);
  writeFileSync(file, readFileSync(file, "utf8").replace(from, to));
}

/** `change`: what is to be replaced in each copy, and by what. */
export async function packages(count, change) {
  const folder = mkdtempSync(join(tmpdir(), "ets-session-sim-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return Promise.all(
    Array.from({ length: count }, async (_, at) => {
      const copy = join(folder, `${at}`);
      cpSync(new URL("package.json", root), join(copy, "package.json"));
      cpSync(new URL("dist", root), join(copy, "dist"), { recursive: true });
      if (change !== undefined) replace(join(copy, "dist"), change);
      const load = (file) => import(pathToFileURL(join(copy, "dist", file)).href);
      const [main, stores] = [await load("index.js"), await load("stores/index.js")];
      return { ...main, storeOver: stores.storeOver };
    }),
  );
}
