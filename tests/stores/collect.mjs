// Runs what testStore() registers, one test at a time and each within bounds. No Node API: workerd and Deno run it, too.
import { testStore } from "ets-session/testing";

const LIMIT = 60_000;

/** What became of each of a store's tests, or of some, as plain data, and which were left out. */
export async function examine(name, store, only = () => true) {
  const registered = [];
  const leftOut = testStore((title, run) => registered.push([title, run]), store);
  const results = [];
  for (const [title, run] of registered) {
    if (only(title)) results.push(await one(`${name}: ${title}`, run));
  }
  return { results, leftOut: leftOut.map(({ name: title, needs }) => `${name}: ${title} (${needs.join()})`) };
}

/** One test of the runner's own, in the same form. */
export async function one(name, run) {
  const began = Date.now();
  const error = await within(run).then(
    () => null,
    (error) => error?.stack ?? String(error),
  );
  if (globalThis.process?.env?.TIMES) console.log(Date.now() - began, name);
  return { name, error };
}

async function within(run) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${LIMIT} ms`)), LIMIT);
  });
  try {
    return await Promise.race([run(), late]);
  } finally {
    clearTimeout(timer);
  }
}
