/** The pages of the documentation: their blocks of code, headings and links. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DOCS = "www/docs/";

/** README.md, and every page of www/docs, by their paths from the root. */
export const PAGES = [
  "README.md",
  ...readdirSync(`${ROOT}${DOCS}`, { recursive: true })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `${DOCS}${name}`)
    .sort(),
];

export const read = (path) => readFileSync(`${ROOT}${path}`, "utf8");
export const exists = (path) => existsSync(`${ROOT}${path}`);

/**
 * Blocks of code, and the lines between them: what is in a block is no heading and no link.
 *
 * @returns {{ blocks: Array<{ page: string, line: number, lang: string, name: string | undefined, text: string }>,
 *   prose: Array<{ line: number, text: string }> }} `line` counts from 1, and is the fence's for a block
 */
export function parse(page) {
  const found = { blocks: [], prose: [] };
  let block;
  for (const [i, text] of read(page).split("\n").entries()) {
    const [, fence, info] = /^ {0,3}(```+)(.*)$/.exec(text) ?? [];
    if (block === undefined && fence !== undefined) {
      const [lang = "", name] = info.trim().split(/\s+/);
      block = { page, line: i + 1, lang, name, fence, lines: [] };
    } else if (block !== undefined && fence === block.fence && info.trim() === "") {
      const { lines, fence: _, ...rest } = block;
      found.blocks.push({ ...rest, text: `${lines.join("\n")}\n` });
      block = undefined;
    } else if (block !== undefined) block.lines.push(text);
    else found.prose.push({ line: i + 1, text });
  }
  if (block !== undefined) throw new Error(`${page}:${block.line}: a block that does not end`);
  return found;
}

export const blocksOf = (page) => parse(page).blocks;

/** The block of a page that has a name. */
export function block(page, name) {
  const found = blocksOf(page).find((each) => each.name === name);
  if (found === undefined) throw new Error(`${page} has no block ${name}`);
  return found;
}

const plain = (heading) => heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/[`*]/g, "");

/** The anchors that GitHub gives to a page's headings. */
export function anchorsOf(page) {
  const seen = new Map();
  const anchors = new Set();
  for (const { text } of parse(page).prose) {
    for (const [, id] of text.matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(id);
    const [, heading] = /^#{1,6}\s+(.*?)\s*#*$/.exec(text) ?? [];
    if (heading === undefined) continue;
    const slug = plain(heading)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, "")
      .replaceAll(" ", "-");
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    anchors.add(count === 0 ? slug : `${slug}-${count}`);
  }
  return anchors;
}

/** What a page links to, pictures included, with the line where it does. */
export function linksOf(page) {
  const links = [];
  for (const { line, text } of parse(page).prose) {
    const bare = text.replace(/(`+)(?:(?!\1).)+\1/g, "code");
    for (const [, to] of bare.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)) links.push({ line, to });
    for (const [, to] of bare.matchAll(/\b(?:src|href|srcset)="([^"]+)"/g)) links.push({ line, to });
    const [, to] = /^\[[^\]]+\]:\s+(\S+)/.exec(bare) ?? [];
    if (to !== undefined) links.push({ line, to });
  }
  return links;
}
