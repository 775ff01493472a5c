/**
 * `cargo xtask bench [--quick]`: every section in processes of its own, one table, and, after a full run, the
 * numbers and the drawings in www/bench.
 */
import { parseArgs } from "node:util";
import { draw } from "./plots/index.mjs";
import { work } from "./progress.mjs";
import { reported } from "./report.mjs";
import { collect, save } from "./results.mjs";
import { full, quick, sections } from "./sections/index.mjs";

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
const mode = values.quick ? quick : full;

const all = sections.flatMap((section) =>
  section.jobs(mode).map((job) => ({ section: section.name, ...job })),
);
const found = Object.fromEntries(sections.map(({ name }) => [name, []]));
await work(all, ({ section, params }, result) => found[section].push({ params, result }));

const results = collect(found, mode);
const report = reported(results);
process.stdout.write(report);
if (mode === full) {
  await save(results, report);
  await draw(results.data);
}
