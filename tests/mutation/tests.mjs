/** What mutants are tried with: the portable suite, and properties with a seed that stays the same. */
import fc from "fast-check";
import { properties } from "../property/properties.mjs";
import { names } from "../suite/harness.js";
import run from "../suite/index.js";

const SEED = 20_241;
/** Where these are enough to find what they find, more only take time. */
const RUNS = { sessions: 60, "cookie-read": 150, "cookie-write": 300, ids: 100 };

const random = new Map(
  properties.filter(({ name }) => name in RUNS).map((property) => [`property: ${property.name}`, property]),
);

export const all = () => [...names(), ...random.keys()];

/** Runs tests by their names, those of the suite first; `report` gets a name and an error, or null. */
export async function play(lib, wanted, report, before = () => {}) {
  const told = function* (some) {
    for (const name of some) {
      before(name);
      yield name;
    }
  };
  await run(lib, report, told(wanted.filter((name) => !random.has(name))));
  for (const name of told(wanted.filter((name) => random.has(name)))) {
    await report(name, await tried(random.get(name), lib));
  }
}

async function tried(property, lib) {
  try {
    await fc.assert(property.property(lib, {}), {
      seed: SEED,
      numRuns: RUNS[property.name],
      endOnFailure: true,
    });
    return null;
  } catch (error) {
    return error;
  }
}
