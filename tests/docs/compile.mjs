/** Blocks of JavaScript and TypeScript, each as a file of its own that the compiler looks at. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { command } from "../packaging/command.mjs";
import { surface } from "./declarations.mjs";
import { FRAGMENTS, UNTYPED } from "./fragments.mjs";
import { ROOT, read } from "./pages.mjs";

/** Within the tree, where packages are found by their names. */
const FOLDER = `${ROOT}target/docs/${process.pid}/`;
const TSC = `${ROOT}node_modules/.bin/tsc`;

/** As an application has it that is not strict: pages say no types in JavaScript. */
const OPTIONS = {
  target: "ES2023",
  lib: ["ES2023", "DOM", "DOM.Iterable", "DOM.AsyncIterable"],
  module: "esnext",
  moduleResolution: "bundler",
  moduleDetection: "force",
  allowJs: true,
  checkJs: true,
  noEmit: true,
  strict: false,
  skipLibCheck: true,
  types: ["node"],
  paths: { "@oak/oak": [`${ROOT}node_modules/@oakserver/oak`] },
};

/** Modules that are not installed here, or say nothing of their types. */
const ELSEWHERE = `
declare module "astro/config" { export function defineConfig(config: object): object; }
declare module "nitropack/config" { export function defineNitroConfig(config: object): object; }
declare module "cloudflare:workers" {
  export class DurableObject { constructor(ctx: unknown, env: unknown); }
}
declare module "ets-session/store.wasm" { const module: WebAssembly.Module; export default module; }
`;

let names;

/** Examples of doc comments don't import what they are the examples of, nor what everybody has. */
function importsOf(line, text) {
  names ??= new Map(surface().map(({ entry, exports }) => [entry, exports.map(({ name }) => name)]));
  const above = read("www/docs/api.md").split("\n").slice(0, line);
  const [, own] = /^## `(.*)`$/.exec(above.findLast((each) => each.startsWith("## ")));
  const taken = new Set(["default", "delete"]);
  return [own, "ets-session", "ets-session/table"]
    .map((entry) => {
      const used = names.get(entry).filter((name) => !taken.has(name) && isFree(name, text));
      for (const name of used) taken.add(name);
      return used.length > 0 ? `import { ${used.join(", ")} } from "${entry}";` : "";
    })
    .join("");
}

/** Whether a text uses a name that it does not bring. */
function isFree(name, text) {
  const used = new RegExp(`(?<![\\w."'/])${name}\\b(?!["'])`).test(text);
  return used && !new RegExp(`(?:^|;)\\s*import [^;]*\\b${name}\\b[^;]* from |const ${name}\\b`).test(text);
}

/** The file that a block is, and how many lines it has before the block's first; undefined for one not to look at. */
function fileOf({ page, line, lang, name, text }) {
  const folder = page.replaceAll("/", "-").replace(/\.md$/, "");
  const fragment = FRAGMENTS[page]?.find(({ has }) => text.includes(has));
  if (fragment === undefined && name !== undefined) return { file: `${folder}/${name}`, text, before: 0 };
  const { within = false, untyped = false } = fragment ?? {};
  if (untyped) return undefined;
  const given = fragment?.before ?? "";
  const before = `${page === "www/docs/api.md" ? importsOf(line, given + text) : ""}${given}`;
  const head = before === "" && !within ? "" : `${before}${within ? "\nasync () => {" : ""}\n`;
  const extension = lang === "js" && fragment === undefined ? "js" : lang === "js" ? "ts" : lang;
  return {
    file: `${folder}/at-line-${line}.${extension}`,
    text: `${head}${text}${within ? "};\n" : ""}`,
    before: head.split("\n").length - 1,
  };
}

/**
 * What the compiler says of these blocks, each line by page and line.
 *
 * @returns {Promise<string[]>}
 */
export async function compile(blocks) {
  const files = new Map();
  try {
    mkdirSync(FOLDER, { recursive: true });
    for (const block of blocks) {
      const made = UNTYPED[`${block.page} ${block.name}`] === undefined ? fileOf(block) : undefined;
      if (made === undefined) continue;
      const { file, text, before } = made;
      if (files.has(file)) throw new Error(`${block.page} has two blocks ${block.name}`);
      files.set(file, { ...block, before });
      mkdirSync(dirname(FOLDER + file), { recursive: true });
      writeFileSync(FOLDER + file, text);
    }
    writeFileSync(`${FOLDER}elsewhere.d.ts`, ELSEWHERE);
    const project = { compilerOptions: OPTIONS, files: ["elsewhere.d.ts", ...files.keys()] };
    writeFileSync(`${FOLDER}tsconfig.json`, JSON.stringify(project));
    const { code, stdout, stderr } = await command(TSC, ["--project", FOLDER, "--pretty", "false"], {
      cwd: FOLDER,
      seconds: 60,
    });
    const said = stdout.split("\n").filter((line) => line !== "");
    if (code !== 0 && said.length === 0) throw new Error(`tsc ended with ${code}\n${stderr.slice(-2000)}`);
    return said.map((text) => located(text, files));
  } finally {
    rmSync(FOLDER, { recursive: true, force: true });
  }
}

function located(said, files) {
  const [, file, line, rest] = /^(\S+?)\((\d+),\d+\): (.*)$/.exec(said) ?? [];
  const block = files.get(file);
  return block === undefined ? said : `${block.page}:${block.line + Number(line) - block.before}: ${rest}`;
}
