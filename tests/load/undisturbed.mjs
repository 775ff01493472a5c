/**
 * A measurement in which the machine did not stand still. workerd closes a connection that is silent for five
 * seconds: if everything stops for longer, wrk finds its sockets closed, and slow answers that were nobody's fault.
 */
import { cpus } from "node:os";
import { stolen } from "./cpu.mjs";

/** Below the five seconds, since a stop is seen less exactly than it lasts. */
const MOST = 3000;
const TICK = 50;
const ATTEMPTS = 4;

/** Begins to watch; what it gives tells for how many milliseconds this process could not run, or was taken by the host. */
async function standstill() {
  let [longest, last] = [0, performance.now()];
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last - TICK);
    last = now;
  };
  const timer = setInterval(look, TICK);
  const [began, taken] = [performance.now(), await stolen()];
  return async () => {
    clearInterval(timer);
    look();
    const stolenOfOne = (await taken()) * cpus().length * (performance.now() - began);
    return Math.max(longest, stolenOfOne);
  };
}

/** What `attempt` gives, which is made again if it was disturbed; the last time it is taken as it is. */
export async function undisturbed(attempt) {
  for (let left = ATTEMPTS - 1; ; left--) {
    const stood = await standstill();
    const found = await attempt();
    const ms = await stood();
    if (ms < MOST || left === 0) return found;
    console.log(`     the machine stood still for ${(ms / 1000).toFixed(1)} s: measured again`);
  }
}
