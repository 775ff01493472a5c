/** Every block of code of every page: run by a test that names it, or compiled, or here is why not. */
import { group, ok, test } from "../suite/harness.js";
import { told, wrongWith } from "./commands.mjs";
import { compile } from "./compile.mjs";
import { FRAGMENTS, UNTYPED } from "./fragments.mjs";
import { none } from "./none.mjs";
import { blocksOf, exists, PAGES, parse, read } from "./pages.mjs";

/** Which test runs which page's blocks, and by what it names them: the page, as it is written there. */
const RUN = [
  ["README.md", "tests/readme/run.mjs", ["js", "http"]],
  ["www/docs/moving.md", "tests/adapters/moving.mjs", ["js"]],
  ["www/docs/rust.md", "tests/rust-worker/run.mjs", ["rs", "toml"]],
  ["www/docs/rust.md", "pkg/build/src/crate_docs.rs", ["rust"]],
  ["www/docs/start.md", "tests/docs/written.mjs", ["js"]],
  ["www/docs/inspector.md", "tests/docs/written.mjs", ["js"]],
  ["www/docs/COMPARE.md", "tests/compare/run.mjs", []],
  ...["browsers", "bun", "cloudflare-workers", "deno", "node"].map((name) => [
    `www/docs/runtimes/${name}.md`,
    "tests/docs/runtimes.mjs",
    name === "browsers" || name === "cloudflare-workers" ? ["js"] : ["js", "sh"],
  ]),
  ...["better-auth", "express", "h3", "hono", "react-router", "unstorage"].map((name) => [
    `www/docs/frameworks/${name}.md`,
    `tests/adapters/${name}.mjs`,
    ["js"],
  ]),
  ...["oak", "sveltekit"].map((name) => [
    `www/docs/frameworks/${name}.md`,
    `tests/adapters/${name}-inside.mjs`,
    ["js"],
  ]),
];
/** Languages of which nothing is run or compiled, with the reason. */
const NEITHER = {
  text: "what a command printed",
  "": "a map of files",
  elixir: "of those who come from there; no Elixir is run here",
};
const COMPILED = new Set(["js", "ts", "jsx", "tsx"]);
/** What api.mjs writes of declarations is the compiler's own. */
const isDeclaration = ({ page, name }) => page === "www/docs/api.md" && name === "declaration";
const PARSED = {
  json: (text) => void JSON.parse(text),
  jsonc: (text) => void JSON.parse(text.replace(/^\s*\/\/.*$|,(?=\s*[}\]])/gm, "")),
};

const runBy = ({ page, lang }) => RUN.find(([where, , langs]) => where === page && langs.includes(lang))?.[1];

/** Whether a test names the block, or takes all of its page, or another block of the page imports it. */
function isNamed({ page, name }, test) {
  if (name === undefined || test.includes(name) || /\bblocks\("frameworks/.test(test)) return true;
  const others = blocksOf(page).filter((other) => other.name !== name);
  return others.some(({ text }) => new RegExp(`from "\\.[^"]*${name.split("/").at(-1)}"`).test(text));
}

/** The first unnamed block of stores.md is run, the second is compiled. */
function isRun(block) {
  if (block.page === "www/docs/stores.md" && block.text.includes("durableObjectStore")) return true;
  const by = runBy(block);
  if (by === undefined) return false;
  return by === "tests/docs/runtimes.mjs" || block.lang !== "js" || isNamed(block, read(by));
}

export function blocks() {
  const all = PAGES.flatMap(blocksOf);
  const counts = { run: 0, declared: 0, compiled: 0, parsed: 0, checked: 0, neither: {} };

  group("blocks", () => {
    test("the tests that are said to run them name their pages", () => {
      for (const [page, file] of RUN) {
        const name = page
          .replace(/^www\/docs\//, "")
          .replace(/\.md$/, "")
          .split("/")
          .at(-1);
        ok(exists(file), `there is no ${file}`);
        ok(
          read(file).includes(`${name}.md`) || read(file).includes(`"${name}"`),
          `${file} does not name ${page}`,
        );
      }
    });

    test("of JavaScript and TypeScript are what the compiler takes", async () => {
      none(await compile(all.filter((block) => COMPILED.has(block.lang) && !isDeclaration(block))));
    });

    test("of JSON are JSON", () => {
      for (const { page, line, lang, text } of all) {
        try {
          PARSED[lang]?.(text);
        } catch (cause) {
          throw new Error(`${page}:${line}: ${cause.message}`);
        }
      }
    });

    test("of a shell, and commands in the text, are of what there is", () => {
      const wrong = PAGES.flatMap((page) => {
        const { blocks, prose } = parse(page);
        const files = new Set(blocks.flatMap(({ name }) => (name === undefined ? [] : [name])));
        const typed = blocks
          .filter(({ lang }) => lang === "sh")
          .flatMap(({ line, text }) =>
            text
              .trim()
              .split("\n")
              .map((each, i) => ({ line: line + 1 + i, each })),
          );
        const said = prose.flatMap(({ line, text }) => told(text).map((each) => ({ line, each })));
        return [...typed, ...said].flatMap(({ line, each }) => {
          const why = each.trim() === "" || each.startsWith("#") ? undefined : wrongWith(each, files);
          return why === undefined ? [] : [`${page}:${line}: ${why}`];
        });
      });
      none(wrong);
    });

    test("none is left out silently", () => {
      for (const block of all) {
        const { page, line, lang } = block;
        if (isRun(block)) counts.run++;
        else if (isDeclaration(block)) counts.declared++;
        else if (COMPILED.has(lang)) counts.compiled++;
        else if (PARSED[lang] !== undefined) counts.parsed++;
        else if (lang === "sh") counts.checked++;
        else {
          ok(
            NEITHER[lang] !== undefined,
            `${page}:${line}: a block of ${lang || "no language"}: neither run nor compiled`,
          );
          counts.neither[lang] = (counts.neither[lang] ?? 0) + 1;
        }
      }
      const neither = Object.entries(counts.neither).map(([lang, n]) => `${n} of ${lang} (${NEITHER[lang]})`);
      const { run, declared, compiled, parsed, checked } = counts;
      console.log(
        `${all.length} blocks: ${run} run, ${declared} made from the types, ${compiled} compiled alone, ${parsed} parsed, ${checked} of a shell checked; neither: ${neither.join(", ")}`,
      );
    });

    test("what is said of blocks is said of blocks that there are", () => {
      const missing = Object.entries(FRAGMENTS).flatMap(([page, each]) =>
        each.filter(({ has }) => blocksOf(page).filter(({ text }) => text.includes(has)).length !== 1),
      );
      none(missing.map(({ has }) => `no block, or several: ${has}`));
      const untyped = Object.keys(UNTYPED).filter(
        (at) => !all.some(({ page, name }) => at === `${page} ${name}`),
      );
      none(untyped.map((at) => `no block: ${at}`));
    });
  });
}
