import { committed, HOUR } from "./bench.js";
import type { Case } from "./case.js";
import { same } from "./check.js";

export const repeats: Case[] = [
  {
    name: "repeats: a commit of one token is applied once and answered again",
    async run(at) {
      const key = await at.made({ n: 0 });
      const change = at.change({ a: 1 }, { increments: { n: 1 } });
      const row = await at.done(key, change);
      same(await at.done(key, change), row, "the row");
      await at.done(key, at.change(undefined, { increments: { n: 10 } }));
      same((await at.done(key, change)).fields, { n: 11, a: 1 }, "fields after another commit");
    },
  },
  {
    name: "repeats: a version that was right the first time is no conflict",
    async run(at) {
      const key = await at.made({ n: 0 });
      const change = at.change({ n: 1 }, { ifVersion: 1 });
      await at.done(key, change);
      same((await at.done(key, change)).version, 2, "version");
    },
  },
  {
    name: "repeats: commits that only look alike are two",
    async run(at) {
      const key = await at.made({ n: 0 });
      for (let i = 0; i < 2; i++) await at.done(key, at.change(undefined, { increments: { n: 1 } }));
      const { token, ...unnamed } = at.change(undefined, { increments: { n: 1 } });
      for (let i = 0; i < 2; i++) await at.done(key, unnamed);
      same((await at.row(key)).fields, { n: 4 }, "fields");
    },
  },
  {
    name: "repeats: a creation and a renewal, too",
    async run(at) {
      const old = at.key();
      const creation = at.creation({ n: 0 });
      await at.done(old, creation);
      same((await at.done(old, creation)).version, 1, "version after the creation");
      const key = at.beside(old);
      const renewal = at.renewal(old, undefined, { increments: { n: 1 } });
      await at.done(key, renewal);
      const row = await at.done(key, renewal);
      same([row.fields, row.version], [{ n: 1 }, 2], "the row after the renewal");
      await at.ended(old);
    },
  },
  {
    name: "repeats: an ended session is not revived",
    async run(at) {
      const key = at.key();
      const [creation, change] = [at.creation(), at.change({ a: 1 })];
      await at.done(key, creation);
      await at.done(key, change);
      same(await at.store.destroy(key, at.now + HOUR), true, "destroy()");
      await at.declined(key, change, "gone");
      await at.declined(key, creation, "exists");
      await at.ended(key);
    },
  },
  {
    name: "repeats: many at once are one",
    needs: ["atomic"],
    async run(at) {
      const key = await at.made({ n: 0 });
      const stores = [at.store, await at.another()];
      const change = at.change(undefined, { increments: { n: 1 } });
      const all = Array.from({ length: 12 }, (_, i) =>
        (stores[i % 2] as typeof at.store).commit(key, change),
      );
      for (const answer of await Promise.all(all)) same(committed(answer).version, 2, "the answer's version");
      same((await at.row(key)).fields, { n: 1 }, "fields");
    },
  },
];
