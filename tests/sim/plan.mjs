/** What kind of world a seed makes: who is in it, what may go wrong, and by which options the sessions are made. */
import { random } from "../schedule/orders.mjs";

const STRONG = { atomic: true, consistency: "strong", subjects: true };
const LATE = { atomic: true, consistency: "eventual", subjects: false };
const BLIND = { atomic: false, consistency: "eventual", subjects: false };

const SECRETS = ["a secret of at least thirty-two bytes", "another secret of thirty-two bytes or more"];

/** Some of these, or what is given. */
export function plan(seed, { quick = false, ...given } = {}) {
  const r = random(seed);
  const chance = (of) => r.next() < of;
  const drawn = r.pick(["memory", "memory", "strong", "strong", "strong", "strong", "late", "blind"]);
  const kind = given.kind ?? drawn;
  const memory = kind === "memory";
  const faulty = chance(0.6);
  const fault = (of) => (!memory && faulty && chance(0.5) ? of : 0);
  const secrets = r.pick([undefined, SECRETS[0], SECRETS]);
  const clocks = r.pick(["one", "one", "skewed", "skewed", "wild"]);
  const idle = r.pick(["30m", "30m", 60]);
  const squeezed = chance(0.25);
  const made = {
    kind,
    memory,
    guarantees: { memory: STRONG, strong: STRONG, late: LATE, blind: BLIND }[kind],
    lag: kind === "late" || kind === "blind" ? r.pick([1000, 60_000]) : 0,
    forgets: chance(0.5),
    isolates: memory ? 1 : 1 + r.below(3),
    visitors: 1 + r.below(3),
    requests: (quick ? 3 : 4) + r.below(quick ? 8 : 14),
    /** How many requests may be under way at once. */
    abreast: 1 + r.below(5),
    before: fault(0.08),
    after: fault(0.08),
    hang: fault(0.04),
    restarts: fault(0.01),
    /** Which part of the engine's calls takes far longer than the others. */
    slow: r.pick([0, 0.1, 0.3]),
    evicts: faulty && chance(0.4) ? 0.01 : 0,
    clocks,
    ticks: r.pick([0.02, 0.08]),
    /** Which lengths of time go by at once. */
    lengths: r.pick(["short", "short", "all"]),
    squeezed,
    options: {
      idle,
      absolute: idle === 60 ? r.pick([90, "12h"]) : "12h",
      renewGrace: r.pick(["10s", "10s", 0]),
      onConflict: r.pick(["merge", "merge", "throw"]),
      ...(secrets === undefined ? {} : { secrets }),
      ...(chance(0.3) ? { cookie: { maxAge: r.pick([40, "1h"]) } } : {}),
      ...(chance(0.2) ? { saveOnError: true } : {}),
      ...(squeezed
        ? { limits: { maxBytes: r.pick([700, 1200, 2048, 4096]), onFull: r.pick(["evict", "refuse"]) } }
        : {}),
      ...(memory
        ? {}
        : {
            maxStale: r.pick([0, 0, 5, 20]),
            storeTimeout: 5,
            ...(kind !== "strong" && chance(0.7) ? { acceptEventual: true } : {}),
          }),
    },
  };
  // Where nothing goes wrong, nothing may be refused.
  const broken = made.before + made.after + made.hang + made.restarts > 0;
  const calm = !broken && made.lengths === "short" && made.lag === 0;
  if (calm && !memory) made.options.storeTimeout = 600;
  return { ...made, calm, ...given };
}
