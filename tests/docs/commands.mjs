/** Commands that pages tell to type: that there is such a thing, as far as that can be seen without doing it. */
import { exists, read } from "./pages.mjs";

const { devDependencies } = JSON.parse(read("package.json"));
const USAGE = /const USAGE: &str = "\\\n(.*?)";/s.exec(read("pkg/build/src/main.rs"))[1];
const PARTS = new Set(
  [...read("pkg/build/src/test_parts.rs").matchAll(/\b(?:part|of_build)\("([\w-]+)"/g)].map(
    ([, name]) => name,
  ),
);
const CARGO = new Set(["add", "build", "clippy", "doc", "fmt", "install", "package", "test"]);
const CRATES = new Set(["ets-session", "wasm-bindgen-cli", "geckodriver", "worker-build"]);

/** `cargo xtask NAME …`, by what its usage says and what its parts are called. */
function xtask([name, ...rest]) {
  if (name === undefined) return undefined;
  const lines = USAGE.split("\n").filter((line) => line.startsWith(`cargo xtask ${name} `));
  if (lines.length === 0) return `there is no cargo xtask ${name}`;
  const flag = rest.find(
    (word) => word.startsWith("--") && !USAGE.includes(word) && !lines[0].includes("ARG"),
  );
  if (flag !== undefined) return `cargo xtask ${name} has no ${flag}`;
  const part = rest.find((word) => name === "test" && !/^(PART…|…)$/.test(word) && !PARTS.has(word));
  return part === undefined ? undefined : `there is no part ${part}`;
}

function cargo([sub, ...rest]) {
  if (sub === "xtask") return xtask(rest);
  if (!CARGO.has(sub)) return `cargo ${sub} is not known here`;
  const crate = ["add", "install"].includes(sub) ? rest.find((word) => /^[a-z]/.test(word)) : undefined;
  return crate === undefined || CRATES.has(crate) ? undefined : `crate ${crate} is not known here`;
}

const installed = (names) => {
  const missing = names
    .map((name) => name.replace(/(?<=.)@.*$/, ""))
    .filter((name) => !name.startsWith("-") && name !== "ets-session" && !(name in devDependencies));
  return missing.length === 0 ? undefined : `nothing here is tested with ${missing.join(", ")}`;
};

const file = (names, files) => {
  const name = names.find((word) => /\.m?[jt]s$/.test(word));
  return name === undefined || files.has(name) || exists(name) ? undefined : `there is no ${name}`;
};

/** Specifiers without their registries: "npm:ets-session" and "jsr:@oak/oak" are two of them. */
const bare = (names) =>
  names.map((name) => name.replace(/^(?:npm|jsr):/, "").replace(/^@oak\/oak$/, "@oakserver/oak"));

const NPM = new Set(["ci", "pack", "publish", "view", "whoami", "login"]);

const KNOWN = {
  cargo,
  npm: ([sub, ...names]) =>
    sub === "install"
      ? installed(names.filter((name) => !name.endsWith(".tgz")))
      : NPM.has(sub)
        ? undefined
        : `npm ${sub}`,
  npx: ([name, ...rest], files) => installed([name]) ?? file(rest, files),
  node: file,
  deno: ([sub, ...rest], files) =>
    sub === "add"
      ? installed(bare(rest))
      : ["serve", "run", "publish"].includes(sub)
        ? file(rest, files)
        : `deno ${sub}`,
  bun: ([sub, ...rest], files) =>
    sub === "add" ? installed(rest) : ["run", "build"].includes(sub) ? file(rest, files) : `bun ${sub}`,
  "wasm-pack": ([sub]) => (["build", "test"].includes(sub) ? undefined : `wasm-pack ${sub}`),
};

/**
 * What is wrong with a line of a shell; undefined where nothing is, or where it is prose.
 *
 * @param {Set<string>} files the named blocks of the page
 */
export function wrongWith(line, files) {
  const [name, ...words] = line
    .replace(/\s#.*$/, "")
    .trim()
    .split(/\s+/);
  const check = KNOWN[name];
  if (check === undefined) return `${name} is not known here`;
  return words.length === 0 ? undefined : check(words, files);
}

/** Commands in the text of a page: those of this project, which have to be there. */
export function told(text) {
  return [
    ...text.matchAll(
      /`((?:cargo xtask|node tests\/|npx|npm install|deno (?:add|serve)|bun (?:add|run)) ?[^`]*)`/g,
    ),
  ].map(([, command]) => command);
}
