import { LRUCache } from "lru-cache";

/** (d) lru-cache with a ttl that reads renew, and JSON. Its bound in rows is never met. */
export function open({ max = 1_000_000, now, ttl = 1_800_000 } = {}) {
  const cache = new LRUCache({
    max,
    ttl,
    updateAgeOnGet: true,
    ...(now === undefined ? {} : { perf: { now } }),
  });
  return {
    insert: (id, row) => cache.set(id, JSON.stringify(row)),
    close: () => cache.clear(),
    get(ids) {
      const out = new Array(ids.length);
      for (let i = 0; i < ids.length; i++) out[i] = JSON.parse(cache.get(ids[i]));
      return out;
    },
    expire: () => cache.purgeStale(),
  };
}
