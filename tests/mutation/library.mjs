import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** What the portable suite and the properties are given, from such a folder. */
export async function library(folder) {
  const { exports } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const entry = (name) => import(pathToFileURL(join(folder, exports[name].default)).href);
  const { inspector } = await entry("./inspector");
  return {
    ...(await entry(".")),
    inspector,
    table: await entry("./table"),
    store: await entry("./store"),
    stores: await entry("./stores"),
  };
}
