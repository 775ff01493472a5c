/**
 * The first request that an isolate answers: of a worker that makes a table, stores a row and reads it, of workers that
 * make a session by ets-session, hono-sessions and iron-session, and of one with nothing in it. A process of workerd's
 * own for each, since isolates of one process share what was compiled; the way of a request is warmed by a third worker.
 */
import { fileURLToPath } from "node:url";
import { bundle } from "../../runtimes/workerd/bundle.mjs";
import { permutation, random } from "../random.mjs";

const EMPTY = `export default { fetch: () => new Response("1 function") };`;
const ROUTER = `export default {
  fetch: (request, env) => (request.url.endsWith("/measured") ? env.MEASURED : env.WARM).fetch(request),
};`;
const WARMING = 30;
const MEASURED = ["table", "session", "hono-sessions", "iron-session"];

export function jobs({ starts }) {
  return [{ title: "first use in workerd", params: { starts } }];
}

export async function run({ starts }, progress) {
  const { Miniflare } = await import("miniflare");
  const empty = [{ type: "ESModule", path: "empty.js", contents: EMPTY }];
  const workers = [["empty", empty]];
  for (const name of MEASURED)
    workers.push([name, await bundle(fileURLToPath(new URL(`../first/${name}.js`, import.meta.url)))]);
  const found = Object.fromEntries(workers.map(([name]) => [name, []]));
  const next = random(5);
  for (let round = 0; round < starts; round++) {
    progress(round / starts);
    for (const index of permutation(workers.length, next)) {
      const [name, modules] = workers[index];
      found[name].push(await start(Miniflare, empty, modules));
    }
  }
  return found;
}

/** Milliseconds of the first request, of the second, and until workerd was ready for any. */
async function start(Miniflare, empty, modules) {
  const compatibilityDate = "2024-09-01";
  const begin = performance.now();
  const workerd = new Miniflare({
    host: "127.0.0.1",
    port: 0,
    cf: false,
    workers: [
      {
        name: "router",
        compatibilityDate,
        modules: [{ type: "ESModule", path: "router.js", contents: ROUTER }],
        serviceBindings: { WARM: "warm", MEASURED: "measured" },
      },
      { name: "warm", compatibilityDate, modules: empty },
      { name: "measured", compatibilityDate, modules },
    ],
  });
  try {
    const url = await workerd.ready;
    const ready = performance.now() - begin;
    const ask = async (path) => {
      const begin = performance.now();
      const text = await (await fetch(new URL(path, url))).text();
      const spent = performance.now() - begin;
      if (text !== "1 function") throw new Error(`not what was stored: ${text}`);
      return spent;
    };
    for (let i = 0; i < WARMING; i++) await ask("/warm");
    return { ready, first: await ask("/measured"), second: await ask("/measured") };
  } finally {
    await workerd.dispose();
  }
}
