/** Of a store with callbacks: all calls of a batch under way at once, which is the quickest it can be driven. */
export function batches(store) {
  return {
    insert: (id, row) => store.set(id, row),
    /** As express-session's requests do: the row, and at their end its touch. */
    get: (ids) =>
      new Promise((resolve) => {
        const out = new Array(ids.length);
        let left = ids.length;
        for (let i = 0; i < ids.length; i++) {
          store.get(ids[i], (_, row) => {
            out[i] = row;
            store.touch(ids[i], row, () => {
              if (--left === 0) resolve(out);
            });
          });
        }
      }),
    /** The row alone, its timestamp as it was. */
    peek: (ids) =>
      new Promise((resolve) => {
        const out = new Array(ids.length);
        let left = ids.length;
        for (let i = 0; i < ids.length; i++) {
          store.get(ids[i], (_, row) => {
            out[i] = row;
            if (--left === 0) resolve(out);
          });
        }
      }),
  };
}
