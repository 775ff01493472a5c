/** Our own column of the comparison, held against what we promise, and against the page that was written. */
import { readFileSync } from "node:fs";
import { collect, print } from "../runtimes/report.mjs";
import { deepEqual, equal, group, ok, runAll, test } from "../suite/harness.js";
import { cell } from "./column.mjs";
import * as ours from "./peers/ours.mjs";
import { PROMISED } from "./promised.mjs";
import { SCENARIOS } from "./scenarios.mjs";

group("compare", () => {
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    test(name, async () => equal(await cell(ours, scenario), PROMISED[name]));
  }

  test("what README.md shows of it is there", () => {
    const read = (file) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8").split("\n");
    const lines = read("www/docs/COMPARE.md");
    const at = lines.findIndex((line) => line.startsWith("|  | ets-session"));
    const readme = read("README.md");
    const first = readme.indexOf(lines[at]);
    ok(first > 0, "the README has no such table");
    const shown = readme.slice(first, readme.indexOf("", first));
    ok(shown.length > 8, "the README shows hardly any of it");
    deepEqual(
      shown.filter((line) => !lines.includes(line)),
      [],
    );
    equal(/all (\d+) lines/.exec(readme.join(" "))[1], `${Object.keys(SCENARIOS).length}`);
  });

  test("www/docs/COMPARE.md shows that column; if not: cargo xtask compare", () => {
    const page = readFileSync(new URL("../../www/docs/COMPARE.md", import.meta.url), "utf8");
    const rows = page.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| ---"));
    const [head, ...cells] = rows.map((line) => line.slice(2, -2).split(" | ").slice(0, 2));
    equal(head[1], ours.title);
    deepEqual(Object.fromEntries(cells), PROMISED);
  });
});

print("compare", await collect(runAll, {}));
