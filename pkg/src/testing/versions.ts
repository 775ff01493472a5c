import { HOUR, MINUTE } from "./bench.js";
import type { Case } from "./case.js";
import { same } from "./check.js";

export const versions: Case[] = [
  {
    name: "versions: each commit that writes raises it by one",
    async run(at) {
      const key = await at.made({ a: 1 });
      same((await at.done(key, at.change({ a: 2 }))).version, 2, "version after set");
      same((await at.done(key, at.change(undefined, { remove: ["a"] }))).version, 3, "version after remove");
      const counts = at.change(undefined, { increments: { n: 1 } });
      same((await at.done(key, counts)).version, 4, "version after increments");
    },
  },
  {
    name: "versions: ifVersion holds, or it is a conflict and nothing is done",
    async run(at) {
      const key = await at.made({ a: 1 });
      await at.done(key, at.change({ a: 2 }, { ifVersion: 1 }));
      for (const ifVersion of [1, 3, 0])
        await at.declined(key, at.change({ a: 0 }, { ifVersion }), "conflict");
      await at.done(key, at.change({ a: 3 }, { ifVersion: 2 }));
      await at.declined(at.key(), at.change({ a: 0 }, { ifVersion: 1 }), "gone");
    },
  },
  {
    name: "versions: a touch raises none and is no conflict",
    async run(at) {
      const key = await at.made({ a: 1 });
      at.pass(MINUTE);
      const row = await at.done(key, at.change());
      same([row.version, row.fields], [1, { a: 1 }], "the row");
      same([row.touchedAt, row.expiresAt], [at.now, at.now + HOUR], "touchedAt and expiresAt");
      same((await at.done(key, at.change({ a: 2 }, { ifVersion: 1 }))).version, 2, "version");
    },
  },
  {
    name: "versions: a late touch takes nothing back",
    async run(at) {
      const key = await at.made({ a: 1 });
      const late = at.change();
      const lateWrite = at.change({ b: 2 });
      at.pass(MINUTE);
      const prolonged = await at.done(key, at.change());
      same(await at.done(key, late), prolonged, "the row after a late touch");
      const written = await at.done(key, lateWrite);
      same(written, { ...prolonged, fields: { a: 1, b: 2 }, version: 2 }, "the row after a late write");
    },
  },
  {
    name: "versions: ifVersion of a renewal",
    async run(at) {
      const old = await at.made({ a: 1 });
      const key = at.beside(old);
      await at.declined(key, at.renewal(old, { a: 2 }, { ifVersion: 2 }), "conflict");
      same((await at.row(old)).fields, { a: 1 }, "fields of the old id");
      same((await at.done(key, at.renewal(old, { a: 2 }, { ifVersion: 1 }))).version, 2, "version");
    },
  },
];
