/** Contenders take turns, in one order and then the other, so that what the machine does besides falls on all of them. */
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { watched } from "./cpu.mjs";
import { wrk } from "./wrk.mjs";

/** Gives by name what each round found; a warm-up comes first and is in no figure but `answered`. */
export async function rounds(contenders, { worker, folder, mode, method, action, tell }) {
  const runs = Object.fromEntries(contenders.map(({ name }) => [name, []]));
  const answered = Object.fromEntries(contenders.map(({ name }) => [name, { requests: 0, runs: 0 }]));
  const problems = [];
  const calls = async (name) => (await worker.ask(`counts/${name}`)).calls;
  const one = async ({ name, title, cookies }, seconds, seed) => {
    const file = join(folder, `${name}.cookies`);
    await writeFile(file, `${cookies.join("\n")}\n`, { mode: 0o600 });
    const before = await calls(name);
    const busy = await watched(worker.pid);
    const found = await wrk({ url: `${worker.url}/${action}/${name}`, method, cookies: file, seconds, seed });
    const cpu = await busy();
    const after = await calls(name);
    await rm(file);
    answered[name].requests += found.requests;
    answered[name].runs++;
    problems.push(...found.problems.map((problem) => `${title}: ${problem}`));
    const asked = Object.keys(after).reduce((sum, method) => sum + after[method] - before[method], 0);
    return { ...found, ...cpu, perThousand: (1000 * asked) / found.requests };
  };
  for (let round = -1; round < mode.rounds; round++) {
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      const place = round < 0 ? "warming up" : `round ${round + 1} of ${mode.rounds}`;
      tell(`${place}: ${contender.title}`);
      const found = await one(contender, round < 0 ? mode.warm : mode.seconds, 2 + round);
      if (round >= 0) runs[contender.name].push(found);
    }
  }
  return { runs, answered, problems };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return (low + high) / 2;
}

/** Medians of the rounds, the extremes of the rate, and the rate over that of `base` in the same round. */
export function summed(runs, base) {
  const of = (field) => median(runs.map((run) => run[field]));
  const rates = runs.map(({ rate }) => rate);
  return {
    rate: median(rates),
    lowest: Math.min(...rates),
    highest: Math.max(...rates),
    ratio: median(rates.map((rate, i) => rate / base[i].rate)),
    p50: of("p50"),
    p90: of("p90"),
    p99: of("p99"),
    longest: Math.max(...runs.map(({ longest }) => longest)),
    cores: of("cores"),
    busiest: of("busiest"),
    perThousand: of("perThousand"),
  };
}
