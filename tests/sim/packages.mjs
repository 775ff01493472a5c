/** The built package, once for each isolate: copies in folders of their own share neither tables nor instances. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const root = new URL("../../pkg/", import.meta.url);

export async function packages(count) {
  const folder = mkdtempSync(join(tmpdir(), "ets-session-sim-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return Promise.all(
    Array.from({ length: count }, async (_, at) => {
      const copy = join(folder, `${at}`);
      cpSync(new URL("package.json", root), join(copy, "package.json"));
      cpSync(new URL("dist", root), join(copy, "dist"), { recursive: true });
      const load = (file) => import(pathToFileURL(join(copy, "dist", file)).href);
      const [main, stores] = [await load("index.js"), await load("stores/index.js")];
      return { ...main, storeOver: stores.storeOver };
    }),
  );
}
