import { init, put } from "ets-session/store";
import { createTable } from "ets-session/table";

let made = 0;

/** Room for a million rows of the reference work, and for little more; what is as large as that reserves its memory. */
export const A_MILLION = { maxBytes: "122.5MiB" };

/** Ours, by its public interface. `refuse`, so that a row that is missed can't have been evicted. */
export function open(options = {}) {
  const name = `bench-${made++}`;
  const table = createTable(name, {
    maxBytes: "130MiB",
    onFull: "refuse",
    idle: "30m",
    absolute: "12h",
    ...options,
  });
  const config = init({ table: name });
  return {
    table,
    insert: (id, row) => table.insert(id, row),
    lookup: (id) => table.lookup(id),
    close: () => table.drop(),
    get(ids) {
      const out = new Array(ids.length);
      for (let i = 0; i < ids.length; i++) out[i] = table.lookup(ids[i]);
      return out;
    },
    field(ids) {
      const out = new Array(ids.length);
      for (let i = 0; i < ids.length; i++) out[i] = table.field(ids[i], "user_id");
      return out;
    },
    touch(ids) {
      const out = new Array(ids.length);
      for (let i = 0; i < ids.length; i++) out[i] = table.touch(ids[i]);
      return out;
    },
    put(ids, rows) {
      for (let i = 0; i < ids.length; i++) table.insert(ids[i], rows[i]);
    },
    update(ids, patches) {
      for (let i = 0; i < ids.length; i++) table.update(ids[i], patches[i]);
    },
    mint(rows) {
      const out = new Array(rows.length);
      for (let i = 0; i < rows.length; i++) out[i] = put(null, rows[i], config);
      return out;
    },
    remove(ids) {
      for (const id of ids) table.delete(id);
    },
  };
}
