// The portable suite on the installed package, however this runtime or its bundler finds it by name.
import * as sessions from "ets-session";
import { inspector } from "ets-session/inspector";
import * as store from "ets-session/store";
import * as stores from "ets-session/stores";
import * as table from "ets-session/table";
import { collect } from "../../runtimes/report.mjs";
import run from "../../suite/index.js";

/** What became of each test: name, and error or null. */
export default () => collect(run, { ...sessions, inspector, table, store, stores });
