/** The package under test: the built one, or a copy of it that stands in another folder. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

export async function load(folder) {
  const entry = folder === undefined ? (name) => import(`ets-session${name}`) : await entries(folder);
  const { sessions, EtsError } = await entry("");
  return { sessions, EtsError, table: await entry("/table"), store: await entry("/store") };
}

async function entries(folder) {
  const { exports } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  return (name) => import(pathToFileURL(join(folder, exports[`.${name}`].default)).href);
}
