/** Many cases, and what went wrong in them: each thing once, in the shortest case that shows it. */

import { Broken } from "./oracle.mjs";
import { interleavings, random } from "./orders.mjs";
import { play } from "./play.mjs";
import { described, drawn, SCRIPTS } from "./scripts.mjs";

export async function survey(system, cases) {
  const found = new Map();
  let played = 0;
  for (const { about, ...one } of cases) {
    played++;
    try {
      await play(system, one);
    } catch (error) {
      const what = error instanceof Broken ? error.message : error.stack;
      const { rule } = error;
      const known = found.get(what);
      const shorter = known === undefined || one.order.length < known.one.order.length;
      found.set(what, { ...(shorter ? { one, about, rule } : known), times: (known?.times ?? 0) + 1 });
    }
  }
  return { played, found };
}

/** What was found, as text without ids or data. */
export function told(found) {
  const all = [...found].sort(([, a], [, b]) => b.times - a.times);
  const texts = all.map(
    ([what, { one, about, times }]) => `${what} (${times} times)\n${about}\n${described(one)}`,
  );
  return texts.join("\n\n");
}

/** Cases by their seeds, `count` of them from the first on. */
export function* seeded(first, count) {
  for (let seed = first; seed < first + count; seed++)
    yield { about: `seed ${seed}`, ...drawn(random(seed)) };
}

const PAUSES = ["tick 11s", "tick 31m"];

/**
 * Every order of every pair of the fixed scripts, a script with itself included: once with the clock standing
 * still, and once with a pause somewhere; `thorough`: with each pause in each place.
 */
export function* pairs(start, thorough) {
  let number = 0;
  for (const [i, first] of SCRIPTS.entries()) {
    for (const second of SCRIPTS.slice(i)) {
      for (const order of interleavings(first.length, second.length)) {
        number++;
        const about = `order ${number}`;
        const one = { about, start, scripts: [first, second], order };
        yield { ...one, ticks: new Map() };
        const places = thorough ? order.map((_, place) => place) : [number % order.length];
        const pauses = thorough ? PAUSES : [PAUSES[number % 2]];
        for (const place of places)
          for (const pause of pauses) yield { ...one, ticks: new Map([[place, pause]]) };
      }
    }
  }
}

export function countOrders() {
  let orders = 0;
  for (const [i, first] of SCRIPTS.entries()) {
    for (const second of SCRIPTS.slice(i)) {
      orders += [...interleavings(first.length, second.length)].length;
    }
  }
  return { pairs: (SCRIPTS.length * (SCRIPTS.length + 1)) / 2, orders };
}
