import { committed, HOUR, MINUTE, seen } from "./bench.js";
import type { Case } from "./case.js";
import { same } from "./check.js";

export const creation: Case[] = [
  {
    name: "creation: a row of version 1 with its times",
    async run(at) {
      const key = at.key();
      const row = await at.done(key, at.creation({ cart: ["a"] }, { expiresAt: at.now + 5 * MINUTE }));
      same(
        row,
        {
          fields: { cart: ["a"] },
          version: 1,
          createdAt: at.now,
          touchedAt: at.now,
          expiresAt: at.now + 5 * MINUTE,
          subject: undefined,
        },
        "the row",
      );
    },
  },
  {
    name: "creation: of nothing, and of increments",
    async run(at) {
      const { set, ...nothing } = at.creation();
      same((await at.done(at.key(), nothing)).fields, {}, "fields of nothing");
      const counted = { ...at.creation(), set, increments: { views: 2 } };
      same((await at.done(at.key(), counted as typeof nothing)).fields, { views: 2 }, "fields");
    },
  },
  {
    name: "creation: never over a living row",
    async run(at) {
      const key = await at.made({ of: "first" });
      await at.declined(key, at.creation({ of: "second" }), "exists");
      at.pass(MINUTE);
      await at.declined(key, at.creation({ of: "third" }), "exists");
    },
  },
  {
    name: "creation: never over an end",
    async run(at) {
      const key = await at.made();
      await at.store.destroy(key, at.now + HOUR);
      await at.declined(key, at.creation(), "exists");
      const old = await at.made();
      await at.done(at.beside(old), at.renewal(old));
      await at.declined(old, at.creation(), "exists");
      await at.ended(old);
    },
  },
  {
    name: "creation: over an expired row, of which nothing is left",
    async run(at) {
      const key = await at.made({ old: true, n: 1 }, { subject: "ann" });
      at.pass(HOUR);
      const row = await at.done(key, at.creation({ fresh: true }));
      same([row.fields, row.version, row.subject], [{ fresh: true }, 1, undefined], "the row");
      same(row.createdAt, at.now, "createdAt");
    },
  },
  {
    name: "creation: one of many at once",
    needs: ["atomic"],
    async run(at) {
      const stores = [at.store, await at.another()];
      for (let round = 0; round < 5; round++) {
        const key = at.key();
        const answers = await Promise.all(
          Array.from({ length: 16 }, (_, by) =>
            (stores[by % 2] as typeof at.store).commit(key, at.creation({ by })),
          ),
        );
        const done = answers.flatMap((answer, by) => (answer === "exists" ? [] : [{ answer, by }]));
        same(done.length, 1, "how many made it");
        const [{ answer, by }] = done as [(typeof done)[0]];
        const { row } = committed(answer);
        const kept = await at.row(key);
        same([kept.fields, kept.version], [{ by }, 1], "the row");
        if (row !== undefined) same(seen(row), kept, "the answer's row");
      }
    },
  },
];
