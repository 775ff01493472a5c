/**
 * www/docs/api.md, written from the types: `node tests/docs/api.mjs` writes it, with `--check` it only says whether
 * it is as it would be written.
 */
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { group, ok, test } from "../suite/harness.js";
import { surface } from "./declarations.mjs";
import { none } from "./none.mjs";
import { exists, ROOT, read } from "./pages.mjs";

const PAGE = "www/docs/api.md";
const NOTHING = { text: "", tags: [] };

const HEAD = `# API

Every entry point and every export, written from the types by \`node tests/docs/api.mjs\`; a test fails where this page is not what that would write. What the words mean is in [concepts](concepts.md).

* A \`Duration\` is a number of **seconds**, or a string: "90s", "30m", "12h", "7d". A \`Bytes\` is a number of bytes, or a string: "64KiB", "32MiB".
* Every time that is handed out is a number of **milliseconds** since the Unix epoch.
* What is refused is refused with an \`EtsError\`, by its \`code\`. A session, row or table that is not there is no error.
* \`ets-session/store.wasm\` is the compiled module itself, for \`instantiate()\`.
`;

/** GitHub's anchors: of headings that are the same but for their case, later ones are numbered. */
function anchors() {
  const seen = new Map();
  return (heading) => {
    const slug = heading.toLowerCase().replace(/[^a-z0-9-]/g, "");
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  };
}

/** Text of a doc comment as Markdown: types would be taken for tags of HTML. */
const prose = (text) =>
  text
    .replace(/\{@link (\w+)\}/g, "`$1`")
    .replace(/\\@/g, "@")
    .split(/(`[^`]*`)/)
    .map((part, i) => (i % 2 === 1 ? part : part.replace(/<\w[^>]*>/g, "`$&`")))
    .join("");

function documented({ text, tags }) {
  const parts = [prose(text)];
  for (const { tag, text } of tags) {
    const said = text.trim();
    if (tag === "throws") parts.push(`**Throws** ${prose(said.replace(/^\{EtsError\} /, ""))}`);
    if (tag === "param") parts.push(`\`${said.split(" ")[0]}\`: ${prose(said.slice(said.indexOf(" ") + 1))}`);
    if (tag === "example") parts.push(`\`\`\`ts\n${said}\n\`\`\``);
  }
  return parts.filter((part) => part !== "");
}

/** The page, and what has no comment. */
export function written() {
  const all = surface();
  const anchor = anchors();
  anchor("api");
  const first = new Map();
  const bare = [];
  const contents = [];
  const sections = all.map(({ entry, doc, exports }) => {
    const text = doc.text.replace(/^"[^"]*": /, "").replace(/^./, (letter) => letter.toUpperCase());
    const parts = [`## \`${entry}\``, ...documented({ ...doc, text })];
    const line = `* [\`${entry}\`](#${anchor(entry)})`;
    const own = exports.filter(
      ({ at }, i) => !first.has(at) && exports.findIndex((one) => one.at === at) === i,
    );
    const again = exports.filter((one) => !own.includes(one));
    for (const { name, at, doc = NOTHING, text, silent } of own) {
      first.set(at, anchor(name));
      // Options may leave it to their members to say what they are.
      if (doc.text === "" && silent) bare.push(`${entry}: ${name}`);
      const [says, ...more] = documented(doc);
      parts.push(`### ${name}`, says ?? "", `\`\`\`ts declaration\n${text}\n\`\`\``, ...more);
    }
    const links = (some) => some.map(({ name, at }) => `[${name}](#${first.get(at)})`).join(", ");
    contents.push(own.length > 0 ? `${line}: ${links(own)}` : line);
    if (again.length > 0) parts.push(`Also: ${links(again)}.`);
    return parts.filter((part) => part !== "").join("\n\n");
  });
  return { page: `${[HEAD.trimEnd(), contents.join("\n"), ...sections].join("\n\n")}\n`, bare };
}

export function reference() {
  group("api.md", () => {
    test("is what `node tests/docs/api.mjs` writes", () => {
      ok(exists(PAGE) && read(PAGE) === written().page, "it is not: run it");
    });
    test("has a word on every export", () => none(written().bare));
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { page, bare } = written();
  for (const name of bare) console.error(`no doc comment: ${name}`);
  if (!process.argv.includes("--check")) writeFileSync(ROOT + PAGE, page);
  else if (read(PAGE) !== page) console.error(`${PAGE} is not what this would write`);
  process.exitCode = bare.length > 0 || read(PAGE) !== page ? 1 : 0;
}
