/** What a get costs at the largest size over the smallest: all four tables in one process, taking turns. */
import { Ids, session } from "../session.mjs";
import { stores } from "../stores/index.mjs";
import { compare } from "../timing.mjs";

export function jobs({ sizes, rounds }) {
  return [{ title: "get, small against large", params: { sizes: [sizes[0], sizes.at(-1)], rounds } }];
}

export async function run({ sizes, rounds }, progress) {
  const contenders = {};
  const ids = sizes.map((size) => new Ids(size));
  for (const name of ["ours", "map"]) {
    const open = await stores[name].open();
    for (const [which, size] of sizes.entries()) {
      const store = open();
      for (let i = 0; i < size; i++) store.insert(ids[which].id(i), session(i));
      contenders[`${name} ${size}`] = {
        prepare: (picked) => Array.from(picked[which], (index) => ids[which].id(index)),
        run: (batch) => store.get(batch),
        check: (rows, picked) => {
          if (!rows.every((row, i) => row.user_id === picked[which][i])) throw new Error("a wrong row");
        },
      };
      progress(Object.keys(contenders).length / 8);
    }
  }
  const input = (batch) => ids.map((own) => own.pick(batch));
  return compare(contenders, input, { rounds, progress: (share) => progress(0.5 + share / 2) });
}
