/** A smaller world that still breaks the same promise: fewer requests, fewer people, better weather. */
import { plan } from "./plan.mjs";
import { one } from "./survey.mjs";

const WEATHER = [
  { restarts: 0 },
  { evicts: 0 },
  { before: 0 },
  { after: 0 },
  { hang: 0 },
  { slow: 0 },
  { clocks: "one" },
  { ticks: 0 },
  { lengths: "short" },
  { forgets: false },
  { visitors: 1 },
  { isolates: 1 },
  { isolates: 2 },
  { abreast: 2 },
  { abreast: 3 },
];

export async function shrink(packages, { seed, rule }, options) {
  let given = {};
  let best = await one(packages, seed, options);
  const tries = async (more) => {
    const result = await one(packages, seed, { ...options, given: { ...given, ...more }, trace: true });
    if (result.broken?.rule !== rule || result.steps > best.steps) return false;
    given = { ...given, ...more };
    best = result;
    return true;
  };
  const fewer = async () => {
    const { requests } = plan(seed, { ...options, ...given });
    for (let most = 1; most <= requests; most++) if (await tries({ requests: most })) return;
  };
  await fewer();
  for (const better of WEATHER) await tries(better);
  await fewer();
  return { given, ...best };
}
