import { moveClock, table } from "./table.js";

const AT_ONCE = 1000;

/** Moves the clock, and clears away what is over by it. */
export async function expire({ ms }, task) {
  const total = table.size;
  moveClock(ms);
  let longest = 0;
  let going = true;
  while (going && table.size > 0) {
    const begin = performance.now();
    const swept = table.sweep(AT_ONCE);
    longest = Math.max(longest, performance.now() - begin);
    if (swept === 0) break;
    going = await task.goOn(total - table.size, total);
  }
  return { total, left: table.size, longest };
}
