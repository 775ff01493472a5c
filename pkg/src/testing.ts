/**
 * "ets-session/testing": what every store has to pass, for any test runner.
 *
 * @module
 */
import { atomic } from "./testing/atomic.js";
import { Bench } from "./testing/bench.js";
import type { Case, Need } from "./testing/case.js";
import { creation } from "./testing/creation.js";
import { declared, EVERYTHING } from "./testing/declared.js";
import { elsewhere } from "./testing/elsewhere.js";
import { endings } from "./testing/endings.js";
import { garbage } from "./testing/garbage.js";
import { merging } from "./testing/merging.js";
import { model } from "./testing/model.js";
import { renewal } from "./testing/renewal.js";
import { repeats } from "./testing/repeats.js";
import { sizes } from "./testing/sizes.js";
import { subjects } from "./testing/subjects.js";
import type { StoreUnderTest } from "./testing/under-test.js";
import { values } from "./testing/values.js";
import { versions } from "./testing/versions.js";

export { EtsError, type EtsErrorCode } from "./errors.js";
export type { Change, Committed, Ended, Guarantees, Store, StoredRow } from "./stores/contract.js";
export type { Need } from "./testing/case.js";
export type { StoreUnderTest } from "./testing/under-test.js";

/** `test` of node:test, vitest, jest or bun:test, or Deno.test: whatever registers a test by its name. */
export type Register = (name: string, run: () => Promise<void>) => unknown;

/** A test that is not asked of a store, and what it would need. */
export interface LeftOut {
  /** The test's name. */
  name: string;
  /** What the store does not declare. */
  needs: Need[];
}

const CASES: Case[] = [
  declared,
  creation,
  merging,
  versions,
  repeats,
  renewal,
  endings,
  subjects,
  values,
  sizes,
  elsewhere,
  atomic,
  garbage,
  model,
].flat();

/**
 * Registers the tests that every store has to pass, and gives those that are left out: what a store does not
 * promise is not asked of it. One that is only eventually consistent is tested where its engine does not lag.
 *
 * @example
 * import { test } from "node:test";
 * import { testStore } from "ets-session/testing";
 *
 * const leftOut = testStore(test, { make: ({ now }) => myStore(client, { now }) });
 * for (const { name, needs } of leftOut) console.log(`left out: ${name} (needs ${needs.join()})`);
 */
export function testStore(test: Register, store: StoreUnderTest): LeftOut[] {
  const { atomic, consistency, subjects } = store.guarantees ?? EVERYTHING;
  const has: Record<Need, boolean> = {
    atomic,
    strong: consistency === "strong",
    subjects,
    tooLarge: store.tooLarge !== undefined,
    corrupt: store.corrupt !== undefined,
  };
  const leftOut: LeftOut[] = [];
  for (const { name, needs = [], run } of CASES) {
    const missing = needs.filter((need) => !has[need]);
    if (missing.length > 0) leftOut.push({ name, needs: missing });
    else test(name, async () => run(await Bench.of(store)));
  }
  return leftOut;
}
