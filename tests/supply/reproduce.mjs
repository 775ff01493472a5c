/**
 * `cargo xtask reproduce`: this commit built twice from nothing, in two folders; every file that would be shipped
 * has to be the same, byte by byte.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { must } from "../packaging/command.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = realpathSync(mkdtempSync(join(tmpdir(), "ets-session-reproduce-")));

function build(cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn("cargo", ["xtask", "build"], { cwd, stdio: ["ignore", "inherit", "ignore"] });
    process.once("SIGINT", () => child.kill());
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`the build ended with ${code}`)),
    );
  });
}

function hashes(dist) {
  const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const hash = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");
  return new Map(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [relative(dist, file), hash(file)]),
  );
}

try {
  const made = [];
  // Of different lengths, so that a path that got in would show.
  for (const name of ["one", "the-other"]) {
    const copy = join(folder, name);
    await must("git", ["clone", "--quiet", root, copy], { cwd: folder });
    console.log(`${name}: a clean clone, built from nothing`);
    await build(copy);
    made.push(hashes(join(copy, "pkg/dist")));
  }
  const [one, other] = made;
  const differ = [...new Set([...one.keys(), ...other.keys()])].filter(
    (file) => one.get(file) !== other.get(file),
  );
  for (const file of differ) console.log(`differs: ${file}`);
  console.log(`store.wasm: sha256 ${one.get("wasm/store.wasm")}`);
  console.log(`${one.size - differ.length} passed, ${differ.length} failed`);
  if (differ.length > 0 || one.size === 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
