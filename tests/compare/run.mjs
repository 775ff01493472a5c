/** Our own column of the comparison, held against what we promise, and against the page that was written. */
import { readFileSync } from "node:fs";
import { collect, print } from "../runtimes/report.mjs";
import { deepEqual, equal, group, runAll, test } from "../suite/harness.js";
import { cell } from "./column.mjs";
import * as ours from "./peers/ours.mjs";
import { PROMISED } from "./promised.mjs";
import { SCENARIOS } from "./scenarios.mjs";

group("compare", () => {
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    test(name, async () => equal(await cell(ours, scenario), PROMISED[name]));
  }

  test("www/docs/COMPARE.md shows that column; if not: cargo xtask compare", () => {
    const page = readFileSync(new URL("../../www/docs/COMPARE.md", import.meta.url), "utf8");
    const rows = page.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| ---"));
    const [head, ...cells] = rows.map((line) => line.slice(2, -2).split(" | ").slice(0, 2));
    equal(head[1], ours.title);
    deepEqual(Object.fromEntries(cells), PROMISED);
  });
});

print("compare", await collect(runAll, {}));
