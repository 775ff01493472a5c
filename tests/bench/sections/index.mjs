import * as first from "./first.mjs";
import * as growth from "./growth.mjs";
import * as limits from "./limits.mjs";
import * as memory from "./memory.mjs";
import * as operations from "./operations.mjs";
import * as pauses from "./pauses.mjs";
import * as rounds from "./rounds.mjs";
import * as sessions from "./sessions.mjs";
import * as workerd from "./workerd.mjs";

/** In the order in which they run. A section makes a list of jobs, each run in a process of its own. */
export const sections = Object.entries({
  operations,
  sessions,
  growth,
  workerd,
  first,
  memory,
  pauses,
  rounds,
  limits,
}).map(([name, { jobs }]) => ({ name, jobs }));

/**
 * Rows of the tables, timed rounds of an operation, repetitions of what is judged by its worst, comings of all rows,
 * starts of workerd, the peers of what is measured in a process for each, and whether to show what no goal is about.
 */
export const full = {
  name: "full",
  sizes: [10_000, 100_000, 1_000_000],
  rounds: 80,
  repeats: 5,
  comings: 10,
  starts: 45,
  peers: ["map", "express", "memorystore", "lru", "hono"],
  extras: true,
};
export const quick = {
  name: "quick",
  sizes: [10_000, 100_000],
  rounds: 15,
  repeats: 1,
  comings: 2,
  starts: 5,
  peers: ["map"],
  extras: false,
};
