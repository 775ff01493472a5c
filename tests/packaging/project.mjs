/**
 * A stranger's project: an empty folder outside of this tree, with the package installed from what `npm pack`
 * makes, and the portable suite beside it.
 */
import { cpSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { must } from "./command.mjs";

const root = new URL("../../", import.meta.url);
const PACKED = ["README.md", "LICENSE", "pkg/package.json", "pkg/dist"];
const BROUGHT = [
  "tests/suite",
  "tests/runtimes/report.mjs",
  "tests/runtimes/workerd/worker.js",
  "tests/packaging/inside",
];

/**
 * Packs and installs. In `folder` are then node_modules, with the package alone, and the files of BROUGHT, where
 * they lie here; of them tests/packaging/inside/tests.js exports by default what runs the suite and gives what
 * became of it.
 *
 * @param {string} name becomes a part of the folder's
 * @param {string[]} aliases names of further copies to install
 * @returns {Promise<{folder: string, tarball: string, remove: () => void}>} `tarball` goes with the folder
 */
export async function project(name, aliases = []) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `ets-session-${name}-`)));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const tarball = await pack(folder);
    writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
    await npm(folder, "install", tarball, ...aliases.map((alias) => `${alias}@file:${tarball}`));
    for (const path of BROUGHT) bring(path, folder);
    check(folder, ["ets-session", ...aliases]);
    return { folder, tarball, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** The tarball, packed from a copy: packing lays files beside package.json, and others may be packing as well. */
async function pack(folder) {
  const copy = join(folder, "copy");
  for (const path of PACKED) bring(path, copy);
  await npm(join(copy, "pkg"), "pack", "--pack-destination", folder);
  rmSync(copy, { recursive: true });
  return join(
    folder,
    readdirSync(folder).find((file) => file.endsWith(".tgz")),
  );
}

/** The network is not needed: the package depends on nothing. */
const npm = (cwd, ...args) =>
  must("npm", [...args, "--offline", "--no-audit", "--no-fund", "--prefix", cwd], { cwd });

function bring(path, folder) {
  cpSync(fileURLToPath(new URL(path, root)), join(folder, path), { recursive: true });
}

/** What the suite would import is what was installed, a copy of its own, and nothing else came with it. */
function check(folder, names) {
  const { resolve } = createRequire(join(folder, "tests/suite/index.js"));
  for (const name of names) {
    const found = realpathSync(resolve(name));
    if (!found.startsWith(join(folder, "node_modules", name) + sep))
      throw new Error(`${name} is ${found}, which is not below ${folder}`);
  }
  const installed = readdirSync(join(folder, "node_modules")).filter((entry) => !entry.startsWith("."));
  const more = installed.filter((name) => !names.includes(name));
  if (more.length > 0) throw new Error(`installing it brought ${more.join(", ")}`);
}
