/**
 * The scheduler test: requests of one visitor in every order there is, and in many that are drawn, on the built
 * package and before an oracle.
 *
 *     SCHEDULES=1000000 SCHEDULE_SEED=1 node tests/schedule/run.mjs   # so many drawn cases, from this seed on
 *     SCHEDULES=1 SCHEDULE_SEED=4711 …                                # the one that a failure named
 *     PAUSES=all …                                                    # every pause in every place of every order
 */
import { collect, print } from "../runtimes/report.mjs";
import { equal, fail, group, ok, runAll, test } from "../suite/harness.js";
import { OursFlaky } from "./flaky.mjs";
import { HARMS, Harmed } from "./harm.mjs";
import { Ours } from "./ours.mjs";
import { FAULTS, Plain } from "./plain.mjs";
import { STARTS } from "./scripts.mjs";
import { OursStored } from "./stored.mjs";
import { countOrders, pairs, seeded, survey, told } from "./survey.mjs";

const SEED = Number(process.env.SCHEDULE_SEED ?? 1);
const COUNT = Number(process.env.SCHEDULES ?? 20_000);
const THOROUGH = process.env.PAUSES === "all";
/** Enough for each fault to show many times. */
const SELF = 1500;

const notes = [];

/** Plays the cases and fails with what was found; notes what they came to. */
async function sound(name, cases, system = new Ours()) {
  const began = performance.now();
  const { played, found } = await survey(system, cases);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  notes.push(`${name}: ${played} runs in ${seconds} s`);
  if (found.size > 0) fail(told(found));
}

group("oracle", () => {
  test("finds nothing in a store that does as it should", async () => {
    const { found } = await survey(new Plain(), seeded(1, SELF));
    if (found.size > 0) fail(told(found));
  });

  const caught = async (system, rule) => {
    const { found } = await survey(system, seeded(1, SELF));
    const rules = new Set([...found.values()].map((one) => one.rule));
    ok(rules.has(rule), `found ${[...rules].join(", ") || "nothing"}, expected ${rule}`);
    ok(!rules.has(undefined), told(found));
  };
  for (const [fault, rule] of Object.entries(FAULTS)) {
    test(`finds "${fault}" in a plain store`, () => caught(new Plain(fault), rule));
  }
  for (const [harm, rule] of Object.entries(HARMS)) {
    test(`finds it when the package's tables are made to ${harm}`, () => caught(new Harmed(harm), rule));
  }
});

group("schedule", () => {
  // If not, there would be places for other requests that no order has.
  test("a commit has had its whole effect before it first waits", async () => {
    const ours = new Ours({ requests: "real" });
    ours.begin(() => 1);
    const session = await ours.open();
    session.set("a", 1);
    const commit = ours.commit(session);
    equal(ours.count(), 1);
    await commit;
    ours.end();
  });

  for (const start of STARTS) {
    test(`every order of two requests, start: ${start}`, () => sound(start, pairs(start, THOROUGH)));
  }

  test("every order of two requests over a store", () =>
    sound("over a store", pairs("logged in", false), new OursStored()));

  test("three and four requests over a store, drawn", () =>
    sound(`over a store, seeds from ${SEED}`, seeded(SEED, COUNT), new OursStored()));

  test("three and four requests over an engine that fails at every tenth call, drawn", () =>
    sound(`over an engine that fails, seeds from ${SEED}`, seeded(SEED, COUNT), new OursFlaky(SEED, 0.1)));

  test("three and four requests, drawn", () => sound(`seeds from ${SEED}`, seeded(SEED, COUNT)));
});

const results = await collect(runAll, {});
const { pairs: two, orders } = countOrders();
console.log(`${two} pairs of scripts in ${orders} orders, from ${STARTS.length} starts`);
for (const note of notes) console.log(note);
print("schedule", results);
