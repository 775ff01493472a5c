/** Faults put in from outside, of which each has to be found: a simulation that finds nothing may look at nothing. */
import { packages } from "./packages.mjs";
import { one } from "./survey.mjs";

/** As many worlds may go by before a fault is found. */
const MOST = 2000;

const ended = (found) => found !== null && "ended" in found;

/** A store with some of its methods done otherwise, now and then. */
const stores = {
  "an increment is dropped": ({ commit }, often) => ({
    commit: (key, { increments, ...change }) =>
      commit(key, increments && !often(0.2) ? { ...change, increments } : change),
  }),
  "an increment is applied twice": ({ commit }, often) => ({
    commit: (key, change) => {
      const twice = ([name, by]) => [name, by * 2];
      const increments = Object.fromEntries(Object.entries(change.increments ?? {}).map(twice));
      return commit(key, change.increments && often(0.2) ? { ...change, increments } : change);
    },
  }),
  "a commit forgets its name, and is applied again": ({ commit }) => ({
    commit: (key, { token, ...change }) => commit(key, change),
  }),
  "what is set is acknowledged and not stored": ({ commit }, often) => ({
    commit: (key, { set, ...change }) => commit(key, set && !often(0.2) ? { ...change, set } : change),
  }),
  "what is removed is not": ({ commit }) => ({
    commit: (key, { remove, ...change }) => commit(key, change),
  }),
  "nothing of a commit is stored": ({ load, commit }, often) => ({
    commit: async (key, change) => {
      const row = change.create || !often(0.2) ? null : await load(key);
      if (row === null || ended(row)) return commit(key, change);
      return { version: row.version + 1, row: { ...row, version: row.version + 1 } };
    },
  }),
  "versions are not compared": ({ commit }) => ({
    commit: (key, { ifVersion, ...change }) => commit(key, change),
  }),
  "an end is acknowledged and not done": ({ destroy }, often) => ({
    destroy: async (key, until) => (often(0.5) ? true : destroy(key, until)),
  }),
  "an ended row comes back": ({ load }, often, { rows }) => ({
    load: async (key) => {
      const found = await load(key);
      if (found !== null && !ended(found)) rows.set(key, found);
      return found !== null && ended(found) && rows.has(key) && often(0.3) ? rows.get(key) : found;
    },
  }),
  "rows are old": ({ load }, often, { rows }) => ({
    load: async (key) => {
      const found = await load(key);
      const before = rows.get(key);
      if (found !== null && !ended(found)) rows.set(key, found);
      return before !== undefined && found !== null && !ended(found) && often(0.3) ? before : found;
    },
  }),
  "a row is somebody else's": ({ load }, often, { rows }) => ({
    load: async (key) => {
      const found = await load(key);
      if (found === null || ended(found)) return found;
      const others = [...rows].filter(([other]) => other !== key);
      rows.set(key, found);
      return others.length > 0 && often(0.1) ? others[0][1] : found;
    },
  }),
  "a row never expires": ({ load, commit }) => {
    const later = (row) => row && !ended(row) && { ...row, expiresAt: row.expiresAt + 1e9 };
    return {
      load: async (key) => {
        const found = await load(key);
        return later(found) || found;
      },
      commit: (key, change) => commit(key, { ...change, expiresAt: change.expiresAt + 1e9 }),
    };
  },
  "a renewed id leads on for ever": ({ load }) => ({
    load: async (key) => {
      const found = await load(key);
      return found?.leadsTo === undefined ? found : { ...found, graceUntil: found.graceUntil + 1e9 };
    },
  }),
  "a user's last session is not listed": ({ bySubject }) => ({
    bySubject: async (subject) => (await bySubject(subject)).slice(0, -1),
  }),
  "a subject is lost": ({ load }, often) => ({
    load: async (key) => {
      const found = await load(key);
      if (found?.subject === undefined || !often(0.2)) return found;
      const { subject, ...row } = found;
      return row;
    },
  }),
  "a rejection is left alone": ({ load }, often) => ({
    load: (key) => {
      if (often(0.1)) Promise.reject(new Error("left alone"));
      return load(key);
    },
  }),
};

/** A table with some of its methods done otherwise. */
const tables = {
  "an end is not done in a table": (table, often) => ({
    end: (id) => (often(0.3) ? true : table.end(id)),
  }),
  "a commit is not done in a table": (table, often) => ({
    commit: (id, change, how) => (often(0.1) && !how.renew ? { found: 2 } : table.commit(id, change, how)),
  }),
  "a commit is done twice in a table": (table, often) => ({
    commit: (id, change, how) => {
      if (!how.renew && often(0.2)) table.commit(id, change, how);
      return table.commit(id, change, how);
    },
  }),
  "a row is deleted beside another": (table, often) => ({
    commit: (id, change, how) => {
      const [key] = often(0.05) ? table.bySubject("user-1").map(([hash]) => hash) : [];
      if (key !== undefined) table.endOne("user-1", key);
      return table.commit(id, change, how);
    },
  }),
  "all but one of a user's sessions are ended in a table": (table) => ({
    endAll: (subject, except) => {
      const [last] = table.bySubject(subject).map(([hash]) => hash);
      if (last !== undefined) table.endOne(subject, last);
      return except;
    },
  }),
  "the account is wrong": (table) => ({
    info: () => ({ ...table.info(), inserted: table.info().inserted + (table.info().evicted > 0 ? 1 : 0) }),
  }),
  "the budget is passed": (table) => ({
    info: () => ({ ...table.info(), bytes: table.info().bytes * 1.5 }),
  }),
};

/** The package with something changed in its code as it is built: what can't be done from outside. */
const codes = {
  "the clock goes back over a store": [
    /now\(\)\{return this\.reading\(\),this\.#\w+\}/,
    "now(){return this.reading()}",
  ],
  "a clock that goes back revives what was over": [/\.clock\.now(\(\);if\(\w+===null\))/, ".clock.reading$1"],
  "what was said before a clock went back is fresh": [/this\.since=this\.#\w+\+1/, "0"],
  "a clock that was ahead writes as if it still were": [
    /,(this\.#\w+)=Math\.max\(\1,(\w+)\),\2\}now\(\)/,
    ",$1=Math.max($1,$2)}now()",
  ],
};

const bound = (thing, names) => Object.fromEntries(names.map((name) => [name, thing[name]?.bind(thing)]));
const METHODS = ["load", "commit", "destroy", "bySubject"];
const OPERATIONS = ["end", "commit", "bySubject", "endOne", "endAll", "info"];

function harming(change, kind) {
  const own = new WeakMap();
  return (given, world) => {
    if (!own.has(world)) own.set(world, { rows: new Map(), world });
    const often = (part) => !world.healthy && world.random.next() < part;
    if (kind === "store") return { ...given, ...change(bound(given, METHODS), often, own.get(world)) };
    return Object.assign(given, change(bound(given, OPERATIONS), often));
  };
}

async function foundAfter(packs, kind, change) {
  const memory = kind === "table";
  const given = { kind: memory ? "memory" : "strong", memory, ...(kind === "code" && { clocks: "wild" }) };
  const harm = kind === "code" ? {} : { [kind]: harming(change, kind) };
  const played = kind === "code" ? await packages(packs.length, change) : packs;
  for (let seed = 1; seed <= MOST; seed++) {
    const { broken } = await one(played, seed, { harm, given });
    if (broken !== undefined) return { seed, broken };
  }
  return undefined;
}

export async function mutants(packs) {
  const results = [];
  for (const [kind, all] of Object.entries({ store: stores, table: tables, code: codes })) {
    for (const [name, change] of Object.entries(all)) {
      const found = await foundAfter(packs, kind, change);
      console.log(`${name}: ${found ? `${found.seed} seeds, ${found.broken.rule}` : "not found"}`);
      results.push({ name, error: found ? null : `not found in ${MOST} seeds` });
    }
  }
  return results;
}
