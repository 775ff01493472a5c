/**
 * Every operation by itself, on the clock: while a table grows from nothing and while all of it expires. The same
 * loop with no work in it runs as long as the growing took, so that the machine's own hiccups can be told apart.
 */
import { PerformanceObserver } from "node:perf_hooks";
import { Recorder } from "../recorder.mjs";
import { Ids, session } from "../session.mjs";
import { stores } from "../stores/index.mjs";
import { A_MILLION } from "../stores/ours.mjs";

const IDLE = 1_800_000;
const LATER = 13 * 3_600_000;
const STEP = 100;
/** Ours, with memory that grows with the rows. */
const STEPS = "steps";

export function jobs({ sizes, repeats, peers }) {
  const rows = sizes.at(-1);
  const times = { ours: repeats, [STEPS]: repeats, map: Math.floor(repeats / 2) };
  return ["ours", STEPS, ...peers].flatMap((name) =>
    Array.from({ length: Math.max(1, times[name] ?? 1) }, () => ({
      title: `pauses, ${name === STEPS ? "ours, memory not reserved" : stores[name].label}`,
      params: { name, rows },
    })),
  );
}

export async function run({ name, rows }, progress) {
  const clock = { now: 1_767_225_600_000 };
  const now = () => clock.now;
  if (name === "memorystore") Date.now = now;
  const ours = name === "ours" || name === STEPS;
  const open = await stores[ours ? "ours" : name].open();
  const options = ours ? { now } : { now, ttl: IDLE };
  const large = ours ? { ...A_MILLION, ...(name === STEPS ? { reserve: false } : {}) } : {};
  const bounded = (max) => (name === "lru" ? { ...options, max } : options);
  const pool = Array.from({ length: 4096 }, (_, i) => session(i));
  // Bytes until they are used: as a million strings they would be the larger part of what a collection walks.
  const ids = new Ids(rows);
  const more = new Ids(Math.floor(rows / 5));
  const warm = open({ ...bounded(60_000), ...(ours ? { maxBytes: "8MiB" } : {}) });
  warmUp(warm, clock, pool);
  globalThis.gc();
  // A collection takes some of what was compiled with it.
  warmUp(warm, clock, pool);
  progress(0.2);

  const store = open({ ...bounded(rows), ...large });
  const began = performance.now();
  const insert = (i, id) => {
    clock.now++;
    store.insert(id, pool[i & 4095]);
  };
  const collected = watchCollections();
  const growing = new Recorder().each(rows, insert, (i) => ids.id(i));
  const collections = await collected();
  progress(0.6);
  const empty = new Recorder().nothing(performance.now() - began, (i) => ids.id(i % rows));
  progress(0.8);

  const reading = empty.quantile(0.5);
  const expire = ours ? expireInSteps : expireAtOnce;
  clock.now += LATER;
  const expired = expire(store, { clock, ids, more, pool, reading });
  // Alive until here: with what it held goes the code that was compiled for it.
  warm.close();
  return {
    empty: empty.summary(),
    growing: growing.summary(reading),
    collections,
    histogram: growing.histogram(),
    hiccups: empty.histogram(),
    ...expired,
  };
}

/** All rows are due: ordinary operations clear some in passing, then sweep() the rest, a hundred at a time. */
function expireInSteps({ table }, { clock, ids, more, pool, reading }) {
  const due = table.size;
  const operate = (i, id) => {
    clock.now++;
    if (i & 1) table.lookup(id);
    else table.insert(id, pool[i & 4095]);
  };
  const ordinary = new Recorder().each(more.count * 2, operate, (i) => (i & 1 ? ids.id(i) : more.id(i >> 1)));
  const inPassing = table.info().expired;
  const sweeping = new Recorder().each(Math.ceil(due / STEP), () => table.sweep(STEP));
  const { expired, size } = table.info();
  if (expired < due || size !== more.count) throw new Error("not all that was due went");
  return {
    expiring: ordinary.summary(reading),
    inPassing,
    sweeping: sweeping.summary(reading),
    step: STEP,
  };
}

/** The peers' own way, where they have one. */
function expireAtOnce(store, { clock, reading }) {
  if (store.expire === undefined) return {};
  const once = new Recorder().each(1, () => store.expire(clock.now - IDLE));
  return { expiring: once.summary(reading) };
}

/** Full collections from now until the function that it gives is called: how many, and the longest. */
function watchCollections() {
  const full = [];
  const observer = new PerformanceObserver((list) => {
    // 4 is mark-compact; the short ones of the young generation are left out.
    for (const { detail, duration } of list.getEntries()) if (detail.kind === 4) full.push(duration);
  });
  observer.observe({ entryTypes: ["gc"] });
  return async () => {
    // The observer is told in a later turn of the loop, and in which one is nobody's promise.
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    observer.disconnect();
    return { count: full.length, longest: Math.max(0, ...full) };
  };
}

function warmUp(store, clock, pool) {
  const ids = new Ids(20_000);
  const id = (i) => ids.id(i);
  const recorder = new Recorder();
  recorder.each(ids.count, (i, id) => store.insert(id, pool[i & 4095]), id);
  if (store.table) {
    recorder.each(ids.count, (_, id) => store.table.lookup(id), id);
    clock.now += LATER;
    recorder.each(1000, (_, id) => store.table.lookup(id), id);
    recorder.each(200, () => store.table.sweep(STEP));
  }
  recorder.nothing(20, id);
}
