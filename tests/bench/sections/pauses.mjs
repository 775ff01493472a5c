/**
 * Every operation by itself, on the clock: while a table grows from nothing and while all of it expires. The same
 * loop with no work in it runs as long as the growing took, so that the machine's own hiccups can be told apart.
 */
import { Recorder } from "../recorder.mjs";
import { Ids, session } from "../session.mjs";
import { stores } from "../stores/index.mjs";

const IDLE = 1_800_000;
const LATER = 13 * 3_600_000;
const STEP = 100;

export function jobs({ sizes, repeats }) {
  const rows = sizes.at(-1);
  const times = { ours: repeats, map: Math.ceil(repeats / 2) };
  return Object.keys(stores).flatMap((name) =>
    Array.from({ length: times[name] ?? 1 }, () => ({
      title: `pauses, ${stores[name].label}`,
      params: { name, rows },
    })),
  );
}

export async function run({ name, rows }, progress) {
  const clock = { now: 1_767_225_600_000 };
  const now = () => clock.now;
  if (name === "memorystore") Date.now = now;
  const open = await stores[name].open();
  const options = { now, ...(name === "ours" ? {} : { ttl: IDLE }) };
  const bounded = (max) => (name === "lru" ? { ...options, max } : options);
  // Ready before the clock starts: the loop itself should make no garbage.
  const pool = Array.from({ length: 4096 }, (_, i) => session(i));
  const ids = strings(rows);
  const more = strings(Math.floor(rows / 5));
  warmUp(open(bounded(20_000)), pool);
  globalThis.gc();
  progress(0.2);

  const store = open(bounded(rows));
  const began = performance.now();
  const growing = new Recorder().each(rows, (i) => {
    clock.now++;
    store.insert(ids[i], pool[i & 4095]);
  });
  progress(0.6);
  const empty = new Recorder().nothing(performance.now() - began);
  progress(0.8);

  const reading = empty.quantile(0.5);
  const expire = name === "ours" ? expireInSteps : expireAtOnce;
  clock.now += LATER;
  return {
    empty: empty.summary(),
    growing: growing.summary(reading),
    histogram: growing.histogram(),
    ...expire(store, { clock, ids, more, pool, reading }),
  };
}

/** All rows are due: ordinary operations clear some in passing, then sweep() the rest, a hundred at a time. */
function expireInSteps({ table }, { clock, ids, more, pool, reading }) {
  const due = table.size;
  const ordinary = new Recorder().each(more.length * 2, (i) => {
    clock.now++;
    if (i & 1) table.lookup(ids[i]);
    else table.insert(more[i >> 1], pool[i & 4095]);
  });
  const inPassing = table.info().expired;
  const sweeping = new Recorder().each(Math.ceil(due / STEP), () => table.sweep(STEP));
  const { expired, size } = table.info();
  if (expired < due || size !== more.length) throw new Error("not all that was due went");
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

function strings(count) {
  const ids = new Ids(count);
  return Array.from({ length: count }, (_, i) => ids.id(i));
}

function warmUp(store, pool) {
  const ids = strings(20_000);
  const recorder = new Recorder();
  recorder.each(ids.length, (i) => store.insert(ids[i], pool[i & 4095]));
  if (store.table) {
    recorder.each(ids.length, (i) => store.table.lookup(ids[i]));
    recorder.each(1000, () => store.table.sweep(STEP));
  }
  recorder.nothing(20);
  store.close();
}
