import session from "express-session";
import memorystore from "memorystore";
import { batches } from "./callbacks.mjs";

const MemoryStore = memorystore(session);

/** (c) memorystore, with a ttl and without its timer. */
export function open({ ttl = 1_800_000 } = {}) {
  const store = new MemoryStore({ ttl });
  return { ...batches(store), close: () => store.clear(), expire: () => store.prune() };
}
