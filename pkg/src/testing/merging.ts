import { encode } from "../codec.js";
import type { Change } from "../stores/contract.js";
import { HOUR, MINUTE } from "./bench.js";
import type { Case } from "./case.js";
import { refused, same } from "./check.js";

/** Names that objects have without anybody's doing, and others that are easily mistaken. */
const NAMES = ["__proto__", "constructor", "toString", "hasOwnProperty", "", " ", "a.b", "ü", "\0", "0"];

export const merging: Case[] = [
  {
    name: "merge: fields set, removed and left alone",
    async run(at) {
      const key = await at.made({ a: 1, b: 2, c: 3 });
      const began = at.now;
      at.pass(MINUTE);
      const row = await at.done(key, at.change({ b: 20, d: 4 }, { remove: ["c", "never"] }));
      same(row.fields, { a: 1, b: 20, d: 4 }, "fields");
      same([row.version, row.createdAt], [2, began], "version and createdAt");
      same([row.touchedAt, row.expiresAt], [at.now, at.now + HOUR], "touchedAt and expiresAt");
    },
  },
  {
    name: "merge: increments, from 0 where there was nothing",
    async run(at) {
      const key = await at.made({ n: 40, half: 0.5 });
      await at.done(key, at.change(undefined, { increments: { n: 3, fresh: 1 } }));
      const row = await at.done(key, at.change({ other: true }, { increments: { n: -1, half: 0.25 } }));
      same(row.fields, { n: 42, half: 0.75, fresh: 1, other: true }, "fields");
    },
  },
  {
    name: "merge: an increment of what is no number is refused and changes nothing",
    async run(at) {
      const key = await at.made({ name: "ann", n: 1 });
      const before = await at.row(key);
      const change = at.change({ more: true }, { increments: { n: 1, name: 1 } });
      await refused(at.store.commit(key, change), "ERR_NOT_A_NUMBER");
      same(await at.row(key), before, "the row");
    },
  },
  {
    name: "merge: fields of any name",
    async run(at) {
      const all = (value: unknown) => Object.fromEntries(NAMES.map((name) => [name, value]));
      const key = await at.made(all("text"));
      same((await at.row(key)).fields, all("text"), "fields set");
      await at.done(key, at.change(all(1)));
      const more = await at.done(key, at.change(undefined, { increments: all(2) as Record<string, number> }));
      same(more.fields, all(3), "fields incremented");
      same((await at.done(key, at.change(undefined, { remove: NAMES }))).fields, {}, "fields removed");
      const fresh = { increments: all(1) as Record<string, number> };
      same((await at.done(key, at.change(undefined, fresh))).fields, all(1), "fields counted from 0");
    },
  },
  {
    name: "merge: what was given and what is handed out is not what is kept",
    async run(at) {
      const set = encode({ a: "kept" }, "");
      const key = at.key();
      const change: Change = { ...at.creation(), set };
      const answer = await at.store.commit(key, change);
      set.fill(0);
      if (typeof answer !== "string") answer.row?.data.fill(0);
      const found = await at.store.load(key);
      if (found !== null && "data" in found) found.data.fill(0);
      same((await at.row(key)).fields, { a: "kept" }, "fields");
    },
  },
  {
    name: "merge: times need not be whole numbers",
    async run(at) {
      const key = await at.made();
      at.pass(0.75);
      const row = await at.done(key, at.change({ a: 1 }));
      same([row.touchedAt, row.expiresAt], [at.now, at.now + HOUR], "touchedAt and expiresAt");
    },
  },
  {
    name: "merge: of an id that nobody knows, nothing is made",
    async run(at) {
      const key = at.key();
      await at.unknown(key);
      for (const change of [
        at.change({ a: 1 }),
        at.change(undefined, { increments: { a: 1 } }),
        at.change(),
      ]) {
        same(await at.store.commit(key, change), "gone", "the answer");
      }
      same(await at.store.destroy(key, at.now + HOUR), false, "destroy()");
      await at.unknown(key);
    },
  },
];
