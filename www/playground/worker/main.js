/** The worker: it has the table, and does what the page asks, one thing at a time. */
import { characters } from "./characters.js";
import { expire } from "./expire.js";
import { fill } from "./fill.js";
import { forget, peer } from "./peer.js";
import { race } from "./race.js";
import { Task } from "./slices.js";
import { figures, page, table } from "./table.js";

const actions = {
  figures: () => ({}),
  fill,
  expire,
  page,
  peer,
  characters,
  race,
  snapshot: () => ({ bytes: table.snapshot() }),
  restore: ({ bytes }) => ({ rows: table.restore(bytes) }),
};
/** After these, a Map would hold other rows than the table. */
const changing = ["fill", "expire", "restore"];

let task;

async function answer(id, name, args) {
  task = new Task((done, total) => postMessage({ id, progress: { done, total }, figures: figures() }));
  if (changing.includes(name)) forget();
  try {
    const result = await actions[name](args, task);
    const cancelled = task.cancelled;
    postMessage({ id, result, cancelled, figures: figures() }, result?.bytes ? [result.bytes.buffer] : []);
  } catch ({ code, message }) {
    postMessage({ id, error: { code, message }, figures: figures() });
  }
}

addEventListener("message", ({ data: { id, name, args, cancel } }) => {
  if (!cancel) answer(id, name, args);
  else if (task) task.cancelled = true;
});
