/** The contract in the fewest words, against which a store's answers are held. */
import { fieldsOf } from "../stores/apply.js";
import type { Change } from "../stores/contract.js";
import type { Row } from "../types.js";
import { type Bench, HOUR, MINUTE, type Seen } from "./bench.js";
import type { Case } from "./case.js";
import { same } from "./check.js";

const STEPS = 300;
const KEYS = 5;

type Kept = Seen | "ended";

class Model {
  readonly rows = new Map<string, Kept>();

  find(key: string, now: number): Kept | undefined {
    const kept = this.rows.get(key);
    return typeof kept === "object" && kept.expiresAt <= now ? undefined : kept;
  }

  commit(key: string, change: Change, now: number): number | string {
    const { renamedFrom: from, ifVersion } = change;
    if (change.create && this.find(key, now) !== undefined) return "exists";
    const source = change.create ? from : key;
    const before = source === undefined ? undefined : this.find(source, now);
    if (source !== undefined && typeof before !== "object") return "gone";
    const row = before as Seen | undefined;
    if (row !== undefined && ifVersion !== undefined && ifVersion !== row.version) return "conflict";
    const after = merged(row, change);
    if (from !== undefined) this.rows.set(from, "ended");
    this.rows.set(key, after);
    return after.version;
  }
}

function merged(row: Seen | undefined, change: Change): Seen {
  const { set, remove = [], increments = {}, touchedAt, expiresAt } = change;
  const fields: Row = { ...row?.fields };
  for (const name of remove) delete fields[name];
  Object.assign(fields, set && fieldsOf(set));
  for (const [name, by] of Object.entries(increments)) fields[name] = ((fields[name] ?? 0) as number) + by;
  const writes = row === undefined || set || change.remove || change.increments || change.renamedFrom;
  const late = row !== undefined && row.touchedAt > touchedAt;
  return {
    fields,
    version: (row?.version ?? 0) + (writes ? 1 : 0),
    createdAt: row?.createdAt ?? touchedAt,
    touchedAt: late ? row.touchedAt : touchedAt,
    expiresAt: late ? row.expiresAt : expiresAt,
    subject: change.subject ?? row?.subject,
  };
}

/** A change drawn from what sessions do, late ones and wrong versions included. */
function drawn(at: Bench, draw: (below: number) => number, keys: string[]): Change {
  const from = keys[draw(keys.length)] as string;
  const kind = draw(10);
  const times = { touchedAt: at.now - draw(2) * MINUTE, expiresAt: at.now + (1 + draw(3)) * 20 * MINUTE };
  const more: Partial<Change> = {
    ...times,
    ...(draw(4) === 0 && { remove: [`f${draw(3)}`] }),
    ...(draw(3) === 0 && { increments: { n: draw(9) - 4 } }),
    ...(draw(4) === 0 && { ifVersion: 1 + draw(4) }),
    ...(draw(5) === 0 && { subject: `subject${draw(2)}` }),
  };
  const fields = draw(3) === 0 ? undefined : { [`f${draw(3)}`]: draw(100) };
  if (kind < 3) return at.creation(fields, more);
  if (kind < 5) return at.renewal(from, fields, { ...more, graceMs: draw(2) * 10_000 });
  return at.change(fields, more);
}

function drawing(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return Math.floor((state / 2_147_483_647) * below);
  };
}

export const model: Case[] = [1, 2, 3].map((seed) => ({
  name: `model: ${STEPS} drawn steps, number ${seed}`,
  async run(at) {
    const draw = drawing(seed);
    const first = at.key();
    const keys = [first, ...Array.from({ length: KEYS - 1 }, () => at.beside(first))];
    const kept = new Model();
    for (let step = 0; step < STEPS; step++) {
      const key = keys[draw(keys.length)] as string;
      if (draw(8) === 0) {
        const living = typeof kept.find(key, at.now) === "object";
        same(await at.store.destroy(key, at.now + 24 * HOUR), living, `step ${step}: destroy()`);
        if (living) kept.rows.set(key, "ended");
      } else {
        const change = drawn(at, draw, keys);
        if (change.renamedFrom === key) continue;
        const answer = await at.store.commit(key, change);
        const expected = kept.commit(key, change, at.now);
        same(typeof answer === "string" ? answer : answer.version, expected, `step ${step}: the answer`);
      }
      const expected = kept.find(key, at.now);
      if (typeof expected === "object") same(await at.row(key), expected, `step ${step}: the row`);
      else if (expected === undefined) await at.unknown(key);
      else if (draw(2) === 0) await at.ended(key);
      if (draw(3) !== 0) continue;
      // Ends may be forgotten when time passes; ids are used once only.
      for (const [i, key] of keys.entries()) {
        if (kept.find(key, at.now) === "ended") keys[i] = at.beside(first);
      }
      at.pass(draw(15) * MINUTE);
    }
  },
}));
