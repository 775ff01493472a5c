/** What requests do, step by step. A script begins with "open" and ends with "commit"; "revoke" is somebody else's. */

/** The fixed set: each of at most five steps, and every kind of step in one of them at least. */
export const SCRIPTS = [
  ["open", "read", "commit"],
  ["open", "set a", "commit"],
  ["open", "read", "set b", "look", "commit"],
  ["open", "increment", "read", "increment", "commit"],
  ["open", "update", "commit"],
  ["open", "look", "update", "increment", "commit"],
  ["open", "renew", "commit"],
  ["open", "set a", "renew", "increment", "commit"],
  ["open", "login 1", "commit"],
  ["open", "set b", "login 2", "update", "commit"],
  ["open", "logout", "commit"],
  ["open", "read", "logout everywhere", "commit"],
  ["open", "set a", "destroy", "commit"],
  ["open", "look", "renew", "commit"],
  ["open", "increment", "login 1", "set a", "commit"],
  ["revoke 1"],
];

/** What the requests find when they come. */
export const STARTS = ["anonymous", "logged in", "none", "renewed"];

const WRITES = ["set a", "set b", "increment", "update"];
const READS = ["read", "look"];
const DECISIONS = ["renew", "login 1", "login 2", "logout", "logout everywhere", "destroy"];
/** Time goes by between two steps: hardly, past the grace, past the idle limit. */
export const TICKS = { "tick 1s": 1000, "tick 11s": 11_000, "tick 31m": 31 * 60_000 };

/** A case of three or four requests, all of it drawn. */
export function drawn(random) {
  const scripts = Array.from({ length: 3 + random.below(2) }, () => script(random));
  const left = scripts.map((steps) => steps.length);
  const order = [];
  for (;;) {
    const ready = left.flatMap((steps, who) => (steps > 0 ? [who] : []));
    if (ready.length === 0) break;
    const who = random.pick(ready);
    left[who]--;
    order.push(who);
  }
  const ticks = new Map();
  for (let at = 0; at < order.length; at++) {
    const chance = random.next();
    if (chance < 0.05) ticks.set(at, "tick 1s");
    else if (chance < 0.08) ticks.set(at, "tick 11s");
    else if (chance < 0.09) ticks.set(at, "tick 31m");
  }
  return { start: random.pick(STARTS), scripts, order, ticks };
}

function script(random) {
  if (random.next() < 0.03) return ["revoke 1"];
  const steps = Array.from({ length: 1 + random.below(3) }, () => {
    return random.pick(random.next() < 0.7 ? WRITES : READS);
  });
  if (random.next() < 0.55) steps.splice(random.below(steps.length + 1), 0, random.pick(DECISIONS));
  // Most have the cookie that all had, some the latest that was given out, some any that ever was.
  const chance = random.next();
  const cookie = chance < 0.7 ? "open" : chance < 0.9 ? "open latest" : "open any";
  return [cookie, ...steps, "commit"];
}

export function described({ start, scripts, order, ticks }) {
  const names = "ABCD";
  const lines = scripts.map((steps, who) => `${names[who]}: ${steps.join(", ")}`);
  const when = order.map((who, at) => (ticks.has(at) ? `(${ticks.get(at)}) ` : "") + names[who]);
  return [`start: ${start}`, ...lines, `order: ${when.join(" ")}`].join("\n");
}
