/** What this is made of: from registries alone, locked to what it was, under licences that go with ours. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import satisfies from "spdx-satisfies";
import { must } from "../packaging/command.mjs";
import { collect, print } from "../runtimes/report.mjs";
import { deepEqual, equal, group, ok, runAll, test } from "../suite/harness.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

/** What may be part of what is shipped. */
const PERMISSIVE = [
  ..."MIT MIT-0 Apache-2.0 BSD-2-Clause BSD-3-Clause ISC Zlib 0BSD Unlicense CC0-1.0".split(" "),
  "Apache-2.0 WITH LLVM-exception",
  "Unicode-3.0",
  "NCSA",
];
/** What may take part in building and testing, none of which is shipped. */
const TOOLS = [...PERMISSIVE, "MPL-2.0", "LGPL-3.0-or-later", "BlueOak-1.0.0", "CC-BY-3.0", "CC-BY-4.0"];

/** Crates once wrote a slash for OR. */
const goes = (licence, allowed) =>
  typeof licence === "string" && satisfies(licence.replaceAll("/", " OR "), allowed);

const CRATES = "registry+https://github.com/rust-lang/crates.io-index";

async function crates(manifest) {
  const args = ["metadata", "--format-version", "1", "--locked", "--manifest-path", manifest];
  const { packages } = JSON.parse(await must("cargo", args, { cwd: root }));
  return packages.filter(({ source }) => source !== null);
}

async function inModule() {
  const args = ["tree", "--package", "ets-session", "--no-default-features", "--features", "js"];
  const target = ["--target", "wasm32-unknown-unknown", "--edges", "normal", "--prefix", "none"];
  const tree = await must("cargo", [...args, ...target, "--format", "{p}|{l}"], { cwd: root });
  const lines = tree.trim().split("\n").slice(1);
  return [...new Set(lines)].map((line) => {
    const [name, licence] = line.split("|");
    return { name, licence: licence.replace(/ \(\*\)$/, "") };
  });
}

const packages = Object.entries(JSON.parse(read("package-lock.json")).packages).filter(
  ([path, { link }]) => path.includes("node_modules/") && !link,
);

group("supply", () => {
  for (const manifest of ["Cargo.toml", "tests/fuzz/Cargo.toml", "tests/rust-worker/Cargo.toml"]) {
    test(`${manifest}: crates from crates.io alone, under permissive licences`, async () => {
      const all = await crates(manifest);
      ok(all.length > 5, "hardly any crates");
      deepEqual(
        all.filter(({ source }) => source !== CRATES).map(({ name }) => name),
        [],
      );
      deepEqual(
        all.filter(({ license }) => !goes(license, PERMISSIVE)).map(({ name, license }) => [name, license]),
        [],
      );
    });
  }

  test("what is linked into the module is permissive", async () => {
    const linked = await inModule();
    ok(linked.length > 5, "hardly any crates");
    deepEqual(
      linked.filter(({ licence }) => !goes(licence, PERMISSIVE)),
      [],
    );
  });

  test("the package depends on nothing at run time", () => {
    const { dependencies, bundledDependencies, optionalDependencies } = JSON.parse(read("pkg/package.json"));
    deepEqual([dependencies, bundledDependencies, optionalDependencies], [undefined, undefined, undefined]);
  });

  test("npm packages have a hash each, and come from no other place than the registry", () => {
    ok(packages.length > 100, "hardly any packages");
    deepEqual(
      packages.filter(([, { integrity }]) => !integrity?.startsWith("sha512-")).map(([path]) => path),
      [],
    );
    const elsewhere = ([, { resolved }]) =>
      resolved !== undefined && !resolved.startsWith("https://registry.");
    deepEqual(
      packages.filter(elsewhere).map(([path]) => path),
      [],
    );
  });

  test("npm packages have licences under which they may be used as tools", () => {
    deepEqual(
      packages
        .filter(([, { license }]) => !goes(license, TOOLS))
        .map(([path, { license }]) => [path, license]),
      [],
    );
  });

  test("what would run on installing is known", () => {
    const scripted = packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path);
    equal([...new Set(scripted.map((path) => path.replace(/^.*node_modules\//, "")))].sort().join(), KNOWN);
  });
});

/** They choose a binary for the platform; nothing of them is shipped. */
const KNOWN = "bun,esbuild,sharp,workerd";

print("supply", await collect(runAll, {}));
