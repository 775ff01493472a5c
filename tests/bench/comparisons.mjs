/** The comparisons of single operations. Portable: workerd runs them too. */
import { session } from "./session.mjs";

/**
 * Fills ours first and by itself: growing linear memory causes collections, and each is as long as the heap is full.
 * Gives the very strings that the peer holds as keys.
 */
export function fill({ ours, ...peer }, ids) {
  for (let i = 0; i < ids.count; i++) ours.insert(ids.id(i), session(i));
  const keys = Array.from({ length: ids.count }, (_, i) => ids.id(i));
  for (const store of Object.values(peer))
    for (let i = 0; i < ids.count; i++) store.insert(keys[i], session(i));
  peer.floor?.lay();
  return keys;
}

/** The contenders and the input of one comparison: of `both`, filled alike with the rows of `ids`. */
export function setting(name, both, ids, keys) {
  const each = (make) => Object.fromEntries(Object.entries(both).map(([who, store]) => [who, make(store)]));
  const fresh = (picked) => Array.from(picked, (index) => ids.id(index));
  const reading = (method, prepare, expected) => ({
    input: (size) => ids.pick(size),
    contenders: each((store) => ({
      prepare,
      run: (batch) => (store[method] ?? store.get)(batch),
      check: (results, picked) => {
        if (!store.isFloor && !results.every((result, i) => expected(result, picked[i])))
          throw new Error(`${name} gave a wrong row`);
      },
    })),
  });
  const isRow = (row, index) => row.user_id === index;
  const writing = (method, value) => ({
    input: (size) => {
      const picked = ids.pick(size);
      return { picked, values: Array.from(picked, value) };
    },
    contenders: each((store) => ({
      prepare: ({ picked, values }) => ({ ids: fresh(picked), values }),
      run: (batch) => store[method](batch.ids, batch.values),
    })),
  });
  switch (name) {
    case "get":
    case "peek":
      return reading(name, fresh, isRow);
    case "get-known":
      return reading("get", (picked) => Array.from(picked, (index) => keys[index]), isRow);
    case "touch":
      return reading(name, fresh, (touched) => touched === true);
    case "field":
      return reading(name, fresh, (value, index) => value === index);
    case "put":
      return writing(name, (index) => session(index));
    case "update":
      return writing(name, (index) => ({ last_seen: 1_767_300_000_000 + index }));
    case "mint":
      return {
        input: (size) => Array.from({ length: size }, (_, i) => session(i)),
        contenders: each((store) => ({
          run: (rows) => store.mint(rows),
          check: (minted, rows) => {
            if (new Set(minted).size !== rows.length) throw new Error("an id was minted twice");
            store.remove(minted);
          },
        })),
      };
  }
}
