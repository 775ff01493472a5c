import { goals } from "../goals.mjs";

/** A row about speed: nanoseconds of ours and of a peer. Its goal, if it has one, is on their ratio. */
export function speed(what, rows, ours, peer, peerName, key) {
  const fields = { what, rows, ours, peer, peerName, unit: "ns", ratio: peer / ours };
  return key in goals ? judge(fields, key, peer / ours) : fields;
}

/** A row with what is asked and whether it is met; `judged` is false where only a full run can tell. */
export function judge(fields, key, value, judged = true) {
  const { goal, met } = verdict(goals[key], value, fields.peer);
  return judged ? { ...fields, key, goal, met } : { ...fields, goal, met: "only a full run" };
}

function verdict({ atLeast, atMost, below, unit = "×" }, value, peer) {
  const say = (limit) => (unit === "bytes" ? `${limit / 2 ** 20} MiB` : `${limit} ${unit}`);
  if (atLeast !== undefined) return { goal: `≥ ${say(atLeast)}`, met: value >= atLeast };
  if (atMost !== undefined) return { goal: `≤ ${say(atMost)}`, met: value <= atMost };
  if (below !== undefined) return { goal: `< ${say(below)}`, met: value < below };
  return { goal: "≤ the peer's", met: value <= peer };
}
