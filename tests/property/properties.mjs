import budget from "./budget.mjs";
import cookieRead from "./cookie-read.mjs";
import cookieWrite from "./cookie-write.mjs";
import ids from "./ids.mjs";
import sessions from "./sessions.mjs";
import store from "./store.mjs";
import tables from "./tables.mjs";

export const properties = [tables, budget, store, sessions, cookieRead, cookieWrite, ids];
