// Runs inside workerd: the portable suite in a request, as there is no randomness outside of one.
import * as sessions from "ets-session";
import { inspector } from "ets-session/inspector";
import * as store from "ets-session/store";
import module from "ets-session/store.wasm";
import * as stores from "ets-session/stores";
import * as table from "ets-session/table";
import run from "../../suite/index.js";
import { collect } from "../report.mjs";

// At a module's top level Workers have no randomness, no timers, and a clock that stands at 0.
const early = table.createTable("made at the top level", { idle: "1h" });
const site = sessions.sessions({ table: early });

async function madeEarly() {
  early.insert("k", { n: 1 });
  const response = await site.handle((_request, session) => new Response(session.increment("n")))(
    new Request("https://site.example/"),
  );
  const works = early.lookup("k")?.n === 1 && early.size === 2 && response.headers.has("set-cookie");
  return works ? null : "rows or sessions of it are missing";
}

export default {
  async fetch() {
    const results = await collect(run, { ...sessions, inspector, table, store, stores });
    const error = module instanceof WebAssembly.Module ? null : `it is ${module}`;
    results.push({ name: 'import "ets-session/store.wasm" gives the compiled module', error });
    results.push({
      name: "a table and sessions made at the top level work in a request",
      error: await madeEarly(),
    });
    return Response.json(results);
  },
};
