/**
 * The calls that tests/traces/main.rs wrote down, asked of the built package: each must answer what the native core
 * answered, and leave the same size, the same bytes and the same counts.
 *
 * `node tests/traces/run.mjs FILE [SEED]`
 */
import { readFileSync } from "node:fs";
import * as lib from "ets-session";
import { createTable } from "ets-session/table";
import { collect, print } from "../runtimes/report.mjs";
import { allRows, deepEqual, equal, fail, group, ok, runAll, test } from "../suite/harness.js";
import { number, value } from "../vectors/describe.mjs";

const [file, only] = process.argv.slice(2);
const COUNTED = ["size", "bytes", "hits", "misses", "inserted", "deleted", "expired", "evicted", "refused"];
/** What is no number is no time; the core is shown NaN for all of them. */
const NO_TIMES = [Number.NaN, undefined, "1700000000000", new Date(0), 1n];

const order = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Where an answer of the table has to be looked at another way; everything else is called by its name. */
const CALLS = {
  select: ({ table }, filter, { limit }) => {
    const paged = { select: (filter, page) => table.select(filter, { ...page, limit }) };
    return allRows(paged, filter).sort(([a], [b]) => order(a, b));
  },
  keys: ({ table }) => [...table.keys()].sort(order),
  snapshot(state) {
    state.saved = state.table.snapshot();
    return [state.saved.length, Buffer.from(state.saved.subarray(-16)).toString("hex")];
  },
  restore({ table, saved }, damaged) {
    const bytes = Uint8Array.from(saved);
    if (damaged !== undefined) bytes[damaged] ^= 1;
    return table.restore(bytes);
  },
};

function replay({ seed, saved, options }, steps) {
  const clock = { now: 0 };
  const given = value(options);
  for (const name of ["idle", "absolute"]) if (given[name] === undefined) delete given[name];
  const table = createTable(`trace-${seed}`, { ...given, now: () => clock.now });
  const state = { table, saved: Buffer.from(saved, "hex") };
  for (const [at, step] of steps.entries()) {
    clock.now = number(step.now);
    if (Number.isNaN(clock.now)) clock.now = NO_TIMES[at % NO_TIMES.length];
    const where = `step ${at + 1}, ${step.call}`;
    compare(() => ask(state, step.call, step.with.map(value)), step, where);
    const info = table.info();
    deepEqual(
      COUNTED.map((name) => info[name]),
      step.info,
      `info() after ${where} (${COUNTED})`,
    );
  }
  table.drop();
}

function ask(state, call, args) {
  return CALLS[call] ? CALLS[call](state, ...args) : state.table[call](...args);
}

function compare(run, { answer, error }, where) {
  let found;
  try {
    found = run();
  } catch (thrown) {
    if (!(thrown instanceof lib.EtsError) || error === undefined) fail(`${where}: threw ${thrown?.stack}`);
    refused(thrown, error, where);
    return;
  }
  if (error !== undefined) fail(`${where}: answered, where ${error.code} was expected`);
  deepEqual(found, value(answer), where);
}

function refused({ code, details }, error, where) {
  const { needed, ...rest } = error.details;
  // Which field it was, the core does not tell.
  const { path: _, ...numbers } = details;
  equal(code, error.code, where);
  if (needed === null) {
    ok(numbers.needed > numbers.limit, `${where}: needed ${numbers.needed}, limit ${numbers.limit}`);
    delete numbers.needed;
  } else if (needed !== undefined) {
    rest.needed = needed;
  }
  deepEqual(numbers, rest, `${where}: details`);
}

group("the native core's answers", () => {
  const traces = [];
  for (const line of readFileSync(file, "utf8").trim().split("\n")) {
    const entry = JSON.parse(line);
    if (entry.seed === undefined) traces.at(-1).steps.push(entry);
    else traces.push({ head: entry, steps: [] });
  }
  for (const { head, steps } of traces) {
    if (only !== undefined && head.seed !== Number(only)) continue;
    test(`seed ${head.seed}, ${steps.length} calls`, () => replay(head, steps));
  }
});

print("traces", await collect(runAll, lib));
