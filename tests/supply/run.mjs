/** What this is made of: from registries alone, locked to what it was, under licences that go with ours. */
import { readFileSync } from "node:fs";
import satisfies from "spdx-satisfies";
import { collect, print } from "../runtimes/report.mjs";
import { deepEqual, equal, group, ok, runAll, test } from "../suite/harness.js";
import { advisories, rules, WORKSPACES } from "./crates.mjs";
import { audit } from "./packages.mjs";

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

if (process.env.CARGO_DENY === undefined) {
  console.error("missing: cargo-deny, whose path is in CARGO_DENY; `cargo xtask audit` installs it");
  process.exit(1);
}

/** What may be part of what is shipped. */
const [, allowed] = /^allow = \[([^\]]*)\]/m.exec(read("deny.toml"));
const PERMISSIVE = [...allowed.matchAll(/"([^"]+)"/g)].map(([, licence]) => licence);
/** What may take part in building and testing, none of which is shipped. */
const TOOLS = [...PERMISSIVE, "MPL-2.0", "LGPL-3.0-or-later", "BlueOak-1.0.0", "CC-BY-3.0", "CC-BY-4.0"];

const goes = (licence, allowed) => typeof licence === "string" && satisfies(licence, allowed);

const lock = JSON.parse(read("package-lock.json"));
const packages = Object.entries(lock.packages).filter(
  ([path, { link }]) => path.includes("node_modules/") && !link,
);

group("supply", () => {
  for (const manifest of WORKSPACES) {
    test(`${manifest}: crates from crates.io alone, under permissive licences`, () => rules(manifest));
  }

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

// Who can't be asked has not said that all is well: that is a line, and no test that passes.
const known = await advisories();
if (known === undefined) console.log("not asked: RustSec of advisories, the database can't be reached");
else
  group("supply", () =>
    test("no crate has a known vulnerability", () => ok(known.length === 0, known.join("\n"))),
  );

const { refused, found } = await audit(lock);
if (found === undefined)
  console.log(`not asked: npm of advisories, the registry refuses the question (${refused})`);
else {
  group("supply", () =>
    test("no npm package has a known vulnerability that is grave, or is shipped", () =>
      ok(found.length === 0, found.join("\n"))),
  );
}

print("supply", await collect(runAll, {}));
