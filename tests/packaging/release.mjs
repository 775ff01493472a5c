/**
 * The tarball as it would be published, checked and left in target/npm. With --release also what has to be there
 * for a release only: a date in the changelog.
 */
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { collect, print } from "../runtimes/report.mjs";
import { deepEqual, equal, group, ok, runAll, test } from "../suite/harness.js";
import { command } from "./command.mjs";
import { project } from "./project.mjs";
import { attw, publint } from "./runners/lint.mjs";

const root = new URL("../../", import.meta.url);
const out = fileURLToPath(new URL("target/npm/", root));
const read = (path) => readFileSync(new URL(path, root), "utf8");

/** Bytes of the tarball; the parts have ceilings of their own in the build. */
const MOST = 180_000;
const SHIPPED = /^(?:package\.json|README\.md|LICENSE|dist\/(?:[\w-]+\/)*[\w.-]+\.(?:js|d\.ts|wasm))$/;

const stranger = await project("release");
const { folder, tarball } = stranger;
const installed = join(folder, "node_modules/ets-session");
const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));

function filesOf(value) {
  if (typeof value === "string") return [value];
  return Object.values(value).flatMap(filesOf);
}

async function passes(linter) {
  for (const { name, error } of await linter(stranger)) ok(error === null, `${name}: ${error}`);
}

group("package", () => {
  test("contents: what is meant to be shipped, and all that the entry points name", () => {
    const files = readdirSync(installed, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(installed.length + 1));
    deepEqual(
      files.filter((file) => !SHIPPED.test(file)),
      [],
    );
    const named = [manifest.exports, manifest.imports].flatMap(filesOf);
    deepEqual(
      named.filter((file) => !existsSync(join(installed, file))),
      [],
    );
  });

  test("no run-time dependencies, no scripts on installing", () => {
    equal(manifest.dependencies, undefined);
    for (const script of ["preinstall", "install", "postinstall", "prepare"])
      equal(manifest.scripts?.[script], undefined, script);
  });

  test("size: the tarball is not above its ceiling", () => {
    const { size } = statSync(tarball);
    ok(size <= MOST, `${size} bytes, at most ${MOST} are allowed`);
  });

  test("licence: named, and shipped as it is here", () => {
    equal(manifest.license, "Apache-2.0");
    equal(readFileSync(join(installed, "LICENSE"), "utf8"), read("LICENSE"));
  });

  test("one version in all manifests, and an entry for it in the changelog", () => {
    const [, crate] = /^version = "(.*)"$/m.exec(read("Cargo.toml"));
    equal(crate, manifest.version, "the crate's version");
    equal(JSON.parse(read("pkg/jsr.json")).version, manifest.version, "JSR's version");
    const heading = new RegExp(`^## ${manifest.version.replaceAll(".", "\\.")} - (.+)$`, "m");
    const [, date] = heading.exec(read("CHANGELOG.md")) ?? [];
    ok(date !== undefined, `CHANGELOG.md has no entry "## ${manifest.version} - …"`);
    ok(/^(?:unreleased|\d{4}-\d\d-\d\d)$/.test(date), "neither a date nor unreleased");
    if (process.argv.includes("--release")) ok(date !== "unreleased", "CHANGELOG.md says unreleased");
  });

  test("types: publint has no complaint", () => passes(publint));
  test("types: attw has no complaint", () => passes(attw));

  test("npm publish --dry-run is clean", async () => {
    const { code, stderr } = await command(
      "npm",
      ["publish", tarball, "--dry-run", "--access", "public", "--no-audit"],
      { cwd: folder },
    );
    // Whose configuration it runs with, and that nobody is logged in, is no matter of ours.
    const complaints = stderr
      .split("\n")
      .filter((line) => /npm (?:warn|error)/i.test(line) && !/config|logged in/.test(line));
    deepEqual(complaints, []);
    equal(code, 0);
  });
});

try {
  print("package", await collect(runAll, {}));
  if (!process.exitCode) {
    mkdirSync(out, { recursive: true });
    const kept = join(out, basename(tarball));
    copyFileSync(tarball, kept);
    const integrity = createHash("sha512").update(readFileSync(kept)).digest("base64");
    console.error(
      `target/npm/${basename(kept)}: ${statSync(kept).size} bytes, integrity sha512-${integrity}`,
    );
  }
} finally {
  stranger.remove();
}
