import { writeFile } from "node:fs/promises";
import { histogramPlot } from "./histogram.mjs";
import { memoryPlot } from "./memory.mjs";
import { timePlot } from "./time.mjs";

/** Writes the drawings into www/bench, where the README and the documentation find them. */
export async function draw({ sizes, operations, memory, histograms }, folder = "../../../www/bench/") {
  const drawings = {
    "memory.svg": memoryPlot(memory),
    "time.svg": timePlot(operations, sizes),
    "histogram.svg": histogramPlot(histograms, sizes.at(-1)),
  };
  await Promise.all(
    Object.entries(drawings).map(([name, svg]) => writeFile(new URL(folder + name, import.meta.url), svg)),
  );
}
