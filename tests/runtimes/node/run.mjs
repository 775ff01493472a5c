// The portable suite in this Node, on the built package.
import * as sessions from "ets-session";
import { inspector } from "ets-session/inspector";
import * as store from "ets-session/store";
import * as stores from "ets-session/stores";
import * as table from "ets-session/table";
import run from "../../suite/index.js";
import { collect, print } from "../report.mjs";

print("node", await collect(run, { ...sessions, inspector, table, store, stores }));
