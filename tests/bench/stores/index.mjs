/** The contenders by a short name, each loaded only where it is measured. */
export const stores = {
  ours: { label: "ets-session", open: async () => (await import("./ours.mjs")).open },
  map: { label: "Map + JSON", open: async () => (await import("./map.mjs")).open },
  express: { label: "express-session", open: async () => (await import("./express.mjs")).open },
  memorystore: { label: "memorystore", open: async () => (await import("./memorystore.mjs")).open },
  lru: { label: "lru-cache + JSON", open: async () => (await import("./lru.mjs")).open },
  hono: { label: "hono-sessions", open: async () => (await import("./hono.mjs")).open },
};
