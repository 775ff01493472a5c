// testStore() itself: the right store passes, each wrong one is caught, and each test catches something.
import { storeOver } from "ets-session/stores";
import { testStore } from "ets-session/testing";
import { print } from "../runtimes/report.mjs";
import { examine, one } from "./collect.mjs";
import { FAULTS } from "./faulty.mjs";
import { Toy } from "./toy.mjs";

const LIMIT = 100_000;

function tested(make, more) {
  const toy = Object.assign(new Toy(), { maxBytes: LIMIT });
  return {
    make: ({ now }) => make(toy, now),
    tooLarge: LIMIT,
    corrupt: async (key, change) => {
      const { bytes, tag, subject } = toy.rows.get(key);
      toy.rows.set(key, { bytes: change(bytes), tag: tag + 0.5, subject });
    },
    ...more,
  };
}

const right = (toy, now) => storeOver(toy, now);
const { results, leftOut } = await examine("toy", tested(right));
results.push(
  await one("toy: nothing is left out", async () => {
    if (leftOut.length > 0) throw new Error(leftOut.join("\n"));
  }),
);

const all = results.slice(0, -1).map(({ name }) => name.slice("toy: ".length));
for (const { fault, make, caught } of FAULTS) {
  results.push(
    await one(`caught: ${fault}`, async () => {
      const { results } = await examine("", tested(make), (title) => caught.includes(title));
      const missed = results.filter(({ error }) => error === null).map(({ name }) => name.slice(2));
      if (missed.length > 0) throw new Error(`not noticed by: ${missed.join("; ")}`);
      if (results.length !== caught.length) throw new Error("a test of another name is meant");
    }),
  );
}
results.push(
  await one("each test notices some fault", async () => {
    const never = all.filter((name) => !FAULTS.some(({ caught }) => caught.includes(name)));
    if (never.length > 0) throw new Error(never.join("\n"));
  }),
  await one("what a store does not promise is left out, and said", async () => {
    const names = [];
    const guarantees = { atomic: false, consistency: "eventual", subjects: false };
    const left = testStore((name) => names.push(name), { make: right, guarantees });
    const needs = [...new Set(left.flatMap(({ needs }) => needs))].sort();
    if (needs.join() !== "atomic,corrupt,strong,subjects,tooLarge") throw new Error(`needs: ${needs.join()}`);
    if (names.length + left.length !== all.length) throw new Error("some are neither asked nor left out");
  }),
);
print("stores/self", results);
