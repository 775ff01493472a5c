// Runs inside workerd: the portable suite in a request, as there is no randomness outside of one.
import * as sessions from "ets-session";
import * as store from "ets-session/store";
import module from "ets-session/store.wasm";
import * as table from "ets-session/table";
import run from "../../suite/index.js";
import { collect } from "../report.mjs";

export default {
  async fetch() {
    const results = await collect(run, { ...sessions, table, store });
    const error = module instanceof WebAssembly.Module ? null : `it is ${module}`;
    results.push({ name: 'import "ets-session/store.wasm" gives the compiled module', error });
    return Response.json(results);
  },
};
