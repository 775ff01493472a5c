/** The clock of every comparison: many short rounds, the contenders taking turns in an order of chance. Portable. */
import { permutation, random } from "./random.mjs";

export function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export function median(values) {
  return quantile(Float64Array.from(values).sort(), 0.5);
}

/**
 * Each contender is `{ prepare(input), run(prepared), check(results, input) }`. Only run is timed. What it gives
 * must hold every result, and check looks at them, so that no work can be left out; promises are waited for.
 * Where the clock is coarse, a time is that of several rounds `together`.
 * Gives by name the nanoseconds per operation: median and quartiles of the rounds, and the mean, into which
 * garbage collections fall that medians leave out.
 */
export async function compare(
  contenders,
  input,
  { rounds, warm = 12, batch = 2000, together = 1, progress = () => {} },
) {
  const names = Object.keys(contenders);
  const times = names.map(() => new Float64Array(rounds));
  const next = random(7);
  const all = rounds * together;
  for (let round = -warm; round < all; round++) {
    let given = input(batch);
    if (given instanceof Promise) given = await given;
    const prepared = names.map((name) => contenders[name].prepare?.(given) ?? given);
    for (const index of permutation(names.length, next)) {
      const { run, check } = contenders[names[index]];
      const begin = performance.now();
      let results = run(prepared[index]);
      if (results instanceof Promise) results = await results;
      const spent = performance.now() - begin;
      check?.(results, given);
      if (round >= 0) times[index][Math.floor(round / together)] += (spent * 1e6) / (batch * together);
    }
    progress((round + warm) / (all + warm));
  }
  return Object.fromEntries(names.map((name, index) => [name, summary(times[index])]));
}

function summary(times) {
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  times.sort();
  return {
    median: quantile(times, 0.5),
    quarter: quantile(times, 0.25),
    threeQuarters: quantile(times, 0.75),
    mean,
  };
}

/** Nanoseconds per call of `run(n)`, which does its work n times: the median of rounds. */
export function cost(run, { n = 10_000, rounds = 60 } = {}) {
  for (let i = 0; i < 10; i++) run(n);
  const times = [];
  for (let i = 0; i < rounds; i++) {
    const begin = performance.now();
    run(n);
    times.push(((performance.now() - begin) * 1e6) / n);
  }
  return median(times);
}
