/** Where a full run leaves what it found: www/bench, and the page that quotes it. */
import { mkdir, readFile, writeFile } from "node:fs/promises";

const FOLDER = new URL("../../www/bench/", import.meta.url);
const PAGE = new URL("../../www/docs/SCALE.md", import.meta.url);
const QUOTED =
  /(<!-- cargo xtask load wrote this: begin -->\n).*?(<!-- cargo xtask load wrote this: end -->)/s;

export async function save(results, report) {
  await mkdir(FOLDER, { recursive: true });
  await writeFile(new URL("load.json", FOLDER), `${JSON.stringify(results, null, 1)}\n`);
  await writeFile(new URL("load.txt", FOLDER), report);
  const page = await readFile(PAGE, "utf8");
  if (!QUOTED.test(page)) throw new Error("www/docs/SCALE.md has no place for the report");
  await writeFile(
    PAGE,
    page.replace(QUOTED, (_, begin, end) => `${begin}\n\`\`\`text\n${report}\`\`\`\n\n${end}`),
  );
}
