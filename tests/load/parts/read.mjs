/** Requests a second on the way of a page that reads: without sessions, from a table, and from an object. */
import { rounds, summed } from "../rounds.mjs";

export const title = "a visitor's page that reads";
const VISITORS = 500;

const STAGES = [
  { name: "none", title: "no session at all", kind: "none" },
  { name: "memory", title: "table in memory", kind: "memory" },
  { name: "always", title: "Durable Object, maxStale 0", kind: "object", maxStale: 0 },
  { name: "lately", title: "Durable Object, maxStale 5 s", kind: "object", maxStale: 5 },
];

export const steps = (mode) => STAGES.length * (mode.rounds + 1);

export async function run({ worker, folder, mode, tell }) {
  const contenders = [];
  for (const stage of STAGES) {
    const { cookies } = await worker.ask(`begin/${stage.name}`, { ...stage, visitors: VISITORS });
    contenders.push({ ...stage, cookies });
  }
  // The same bytes are sent where nobody looks at them.
  contenders[0].cookies = contenders[1].cookies;
  const about = { worker, folder, mode, method: "GET", action: "read", tell };
  const { runs, problems } = await rounds(contenders, about);
  const rows = STAGES.map(({ name, title }) => ({ name, title, ...summed(runs[name], runs.none) }));
  return { visitors: VISITORS, rows, runs, problems };
}
