/** Many worlds, each from its seed, and what was found in them. */
import { plan } from "./plan.mjs";
import { World } from "./world.mjs";

export async function one(packages, seed, options = {}) {
  const { quick, trace = false, harm, given = {} } = options;
  const world = new World(seed, plan(seed, { quick, ...given }), packages, { trace, harm });
  return world.play();
}

/** `from` and every `every`-th seed after it, `count` in all; `tell` is told of each so many. */
export async function survey(packages, { from, count, every = 1, most = 20, tell, ...options }) {
  const found = [];
  let steps = 0;
  let played = 0;
  for (; played < count && found.length < most; played++) {
    const seed = from + played * every;
    const { steps: taken, broken, digest } = await one(packages, seed, options);
    steps += taken;
    if (broken !== undefined) found.push({ seed, rule: broken.rule, message: broken.message, digest });
    if (tell !== undefined && (played + 1) % 500 === 0) tell(500, found.length);
  }
  return { played, steps, found };
}
