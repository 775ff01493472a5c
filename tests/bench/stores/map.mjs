/** (a) The least that isolates values: a Map of JSON with a timestamp, which asks nothing about expiry. */
export function open({ now = Date.now } = {}) {
  const map = new Map();
  const get = (id) => {
    const entry = map.get(id);
    entry.timestamp = now();
    return JSON.parse(entry.json);
  };
  const put = (id, row) => map.set(id, { json: JSON.stringify(row), timestamp: now() });
  return {
    insert: put,
    lookup: get,
    close: () => map.clear(),
    get(ids) {
      const out = new Array(ids.length);
      for (let i = 0; i < ids.length; i++) out[i] = get(ids[i]);
      return out;
    },
    field(ids) {
      const out = new Array(ids.length);
      for (let i = 0; i < ids.length; i++) out[i] = get(ids[i]).user_id;
      return out;
    },
    touch(ids) {
      const out = new Array(ids.length);
      for (let i = 0; i < ids.length; i++) {
        map.get(ids[i]).timestamp = now();
        out[i] = true;
      }
      return out;
    },
    put(ids, rows) {
      for (let i = 0; i < ids.length; i++) put(ids[i], rows[i]);
    },
    update(ids, patches) {
      for (let i = 0; i < ids.length; i++) {
        const entry = map.get(ids[i]);
        entry.timestamp = now();
        entry.json = JSON.stringify(Object.assign(JSON.parse(entry.json), patches[i]));
      }
    },
    expire(before) {
      for (const [id, entry] of map) if (entry.timestamp < before) map.delete(id);
    },
  };
}
