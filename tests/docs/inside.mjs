/** inside.md names every file of the core and of the package, and none that there is not. */
import { readdirSync, statSync } from "node:fs";
import { group, test } from "../suite/harness.js";
import { none } from "./none.mjs";
import { parse, ROOT } from "./pages.mjs";

const PAGE = "www/docs/inside.md";

/** The files and folders that a section's table names. */
function named(heading) {
  const { prose } = parse(PAGE);
  const from = prose.findIndex(({ text }) => text.startsWith(`## ${heading}:`));
  const rest = prose.slice(from + 1);
  const end = rest.findIndex(({ text }) => text.startsWith("## "));
  return rest
    .slice(0, end < 0 ? undefined : end)
    .flatMap(({ text }) => (/^\| (`.*`) \|/.exec(text)?.[1] ?? "").match(/[^`\s]+/g) ?? []);
}

const filesIn = (folder) =>
  readdirSync(`${ROOT}${folder}`, { recursive: true }).filter((name) =>
    statSync(`${ROOT}${folder}/${name}`).isFile(),
  );

group("inside.md", () => {
  for (const folder of ["src", "pkg/src"]) {
    test(`names the files of ${folder}`, () => {
      const names = named(folder);
      const files = filesIn(folder);
      const covers = (name, file) => (name.endsWith("/") ? file.startsWith(name) : file === name);
      none([
        ...files
          .filter((file) => !names.some((name) => covers(name, file)))
          .map((file) => `${folder}/${file} is not named`),
        ...names
          .filter((name) => !files.some((file) => covers(name, file)))
          .map((name) => `there is no ${folder}/${name}`),
        ...names.filter((name, i) => names.indexOf(name) !== i).map((name) => `${name} is named twice`),
      ]);
    });
  }
});
