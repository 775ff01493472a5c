import session from "express-session";
import memorystore from "memorystore";
import * as express from "./express.mjs";

export const title = "express-session, memorystore";
export const versionOf = "memorystore";

const MemoryStore = memorystore(session);

/** The same middleware over another store, with the one setting that its README calls for. */
export const open = (options) => express.open(options, new MemoryStore({ checkPeriod: 86_400_000 }));
