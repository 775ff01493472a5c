/** What a full table takes: linear memory as it is, a JavaScript heap as it grew. A process for each contender. */
import { Ids, session } from "../session.mjs";
import { stores } from "../stores/index.mjs";
import { A_MILLION } from "../stores/ours.mjs";

export function jobs({ sizes, peers }) {
  return ["ours", ...peers].map((name) => ({
    title: `memory, ${stores[name].label}`,
    params: { name, rows: sizes.at(-1) },
  }));
}

export async function run({ name, rows }, progress) {
  const open = await stores[name].open();
  // Compiled code is no row's cost.
  const options = (max) => ({ ours: A_MILLION, lru: { max } })[name] ?? {};
  const first = open(options(2000));
  for (let i = 0; i < 2000; i++) first.insert(`warm-${i}`, session(i));
  first.close();

  const ids = new Ids(rows);
  const before = heap();
  const resident = process.memoryUsage.rss();
  const store = open(options(rows));
  for (let i = 0; i < rows; i++) {
    store.insert(ids.id(i), session(i));
    if (i % 4096 === 0) progress(i / rows);
  }
  const after = heap();
  const found = {
    rows,
    heap: after - before,
    resident: process.memoryUsage.rss() - resident,
    linear: store.table?.info().memoryBytes,
    charged: store.table?.info().bytes,
  };
  // Alive until here.
  store.insert(ids.id(0), session(0));
  return found;
}

/** Without what lies in array buffers of ours: linear memory is counted by itself. */
function heap() {
  for (let i = 0; i < 3; i++) globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
