/** Commits a second of one object, and of several; and whether what was acknowledged is there afterwards. */

import { rounds, summed } from "../rounds.mjs";
import { CONNECTIONS } from "../wrk.mjs";

export const title = "commits";
const VISITORS = 256;
/** So long that a request is its commit and nothing else. */
const ALWAYS_FRESH = 3600;

const of = (shards) => ({
  name: `objects-${shards}`,
  title: shards === 1 ? "1 object" : `${shards} objects`,
  shards,
  maxStale: ALWAYS_FRESH,
});
const STAGES = [
  ...[1, 2, 4, 8].map(of),
  { name: "asked-first", title: "1 object, asked before each commit", shards: 1, maxStale: 0 },
];

export const steps = (mode) => STAGES.length * (mode.rounds + 1) + 1;

export async function run({ worker, restarted, folder, mode, tell }) {
  const contenders = [];
  for (const stage of STAGES) {
    const about = { ...stage, kind: "object", visitors: VISITORS };
    const { cookies } = await worker.ask(`begin/${stage.name}`, about);
    contenders.push({ ...stage, cookies });
  }
  const about = { worker, folder, mode, method: "POST", action: "write", tell };
  const { runs, answered, problems } = await rounds(contenders, about);
  const [{ name: base }] = STAGES;
  const rows = STAGES.map(({ name, title, shards }) => ({
    name,
    title,
    shards,
    ...summed(runs[name], runs[base]),
  }));
  tell("what was acknowledged, after SIGKILL and a new start");
  const kept = await sums(await restarted(), contenders, answered);
  return { visitors: VISITORS, rows, runs, kept, problems: [...problems, ...lost(kept)] };
}

/** Read by a process that knows nothing but what is on the disk. */
async function sums(worker, contenders, answered) {
  const kept = [];
  for (const { name, title, shards, cookies } of contenders) {
    await worker.ask(`begin/${name}`, { name, kind: "object", shards });
    const { sum } = await worker.ask(`sum/${name}`, cookies);
    const { requests: acknowledged, runs } = answered[name];
    kept.push({ name, title, acknowledged, sum, mayExceed: runs * CONNECTIONS });
  }
  return kept;
}

/** wrk ends while every connection may have a request under way, which is then done or not, and never acknowledged. */
function lost(kept) {
  return kept
    .filter(({ sum, acknowledged, mayExceed }) => sum < acknowledged || sum > acknowledged + mayExceed)
    .map(({ title, sum, acknowledged }) => `${title}: ${acknowledged} acknowledged, and ${sum} there`);
}
