import { MemoryStore } from "hono-sessions";

/** (e) hono-sessions' MemoryStore: it hands out the stored object itself and has no timestamp. */
export function open() {
  const store = new MemoryStore();
  return {
    insert: (id, row) => store.createSession(id, row),
    close() {},
    get(ids) {
      const out = new Array(ids.length);
      for (let i = 0; i < ids.length; i++) out[i] = store.getSessionById(ids[i]);
      return out;
    },
  };
}
