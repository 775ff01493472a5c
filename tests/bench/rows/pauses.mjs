import { stores } from "../stores/index.mjs";
import { median } from "../timing.mjs";
import { count, milliseconds } from "../units.mjs";
import { judge } from "./row.mjs";

/**
 * The longest single operations. What a table does to itself it does in every run; what the machine does to it comes
 * and goes. So the run whose longest was the shortest is the one that counts, and the median of all is told as well.
 */
export function pauseRows({ pauses }, mode) {
  const runs = {};
  for (const { params } of pauses)
    runs[params.name] = pauses.filter((run) => run.params.name === params.name);
  const rows = pauses[0].params.rows;
  const judged = mode.name === "full";
  const by = (name, what) => {
    const measured = runs[name].map(({ result }) => result[what]).filter((one) => one !== undefined);
    return measured.sort((a, b) => a.longest - b.longest);
  };
  const best = (name, what) => by(name, what)[0]?.longest;
  const row = (what, key, ours, own = "ours") => {
    const peer = best(own, "empty");
    return judge({ what, rows, ours, peer, peerName: "empty loop", unit: "ms" }, key, ours, judged);
  };
  const peers = Object.keys(runs).filter((name) => stores[name] !== undefined && name !== "ours");
  const steps = { what: "the same, memory not reserved", rows, ours: best("steps", "growing"), unit: "ms" };
  return {
    rows: [
      row("longest insert while growing", "growing", best("ours", "growing")),
      { ...steps, peer: best("steps", "empty"), peerName: "empty loop" },
      row(
        "longest operation or sweep(100), all due",
        "expiring",
        Math.max(best("ours", "expiring"), best("ours", "sweeping")),
      ),
    ],
    facts: [
      { title: `Single operations at ${count(rows)} rows: ours`, lines: ofOurs(runs.ours, by) },
      {
        title: "Memory not reserved",
        lines: [
          told(by("steps", "growing"), "growing, insert"),
          told(by("steps", "empty"), "the empty loop, for as long"),
          `growing: ${collected(runs.steps)}`,
        ],
      },
      {
        title: "Single operations: the peers, each in its best run",
        lines: [
          ...peers.map((name) => `${stores[name].label}, growing: ${words(by(name, "growing")[0])}`),
          ...peers
            .filter((name) => best(name, "expiring") !== undefined)
            .map(
              (name) =>
                `${stores[name].label}, clearing all at once: ${milliseconds(best(name, "expiring"))}`,
            ),
          ...["ours", ...peers].map((name) => `${stores[name].label}, growing: ${collected(runs[name])}`),
        ],
      },
    ],
    data: {
      histograms: {
        ...Object.fromEntries(["ours", ...peers].map((name) => [name, typical(runs[name]).histogram])),
        empty: typical(runs.ours).hiccups,
      },
    },
  };
}

function ofOurs(runs, by) {
  const { inPassing, step } = typical(runs);
  return [
    told(by("ours", "growing"), "growing, insert"),
    told(by("ours", "empty"), "the empty loop, for as long"),
    told(by("ours", "expiring"), `expiring, operations that clear ${count(inPassing)} rows in passing`),
    told(by("ours", "sweeping"), `expiring, sweep(${step})`),
  ];
}

function told(all, title) {
  const middle = (of) => median(all.map((one) => one[of]));
  const numbers = { longest: middle("longest"), p99999: middle("p99999"), overOneMs: middle("overOneMs") };
  return `${title}, ${all.length === 1 ? "one run" : `medians of ${all.length} runs`}: ${words(numbers)}`;
}

function words({ longest, p99999, overOneMs }) {
  const rare = `99.999 % below ${milliseconds(p99999)}`;
  return `longest ${milliseconds(longest)}, ${rare}, ${count(overOneMs)} of 1 ms or more`;
}

function collected(runs) {
  const { count: full, longest } = typical(runs).collections;
  return full === 0 ? "no full collection" : `${full} full collections, the longest ${milliseconds(longest)}`;
}

/** The run in the middle, by its longest insert. */
function typical(runs) {
  const sorted = runs.map(({ result }) => result).sort((a, b) => a.growing.longest - b.growing.longest);
  return sorted[Math.floor(sorted.length / 2)];
}
