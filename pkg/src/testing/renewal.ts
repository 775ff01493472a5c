import { HOUR, MINUTE } from "./bench.js";
import type { Case } from "./case.js";
import { check, same } from "./check.js";

const leadsTo = Uint8Array.of(0, 1, 2, 250, 255);

export const renewal: Case[] = [
  {
    name: "renewal: the row is under its new id and keeps what it had",
    async run(at) {
      const old = await at.made({ a: 1, n: 1 }, { subject: "ann" });
      const createdAt = at.now;
      at.pass(MINUTE);
      const key = at.beside(old);
      const row = await at.done(key, at.renewal(old, { b: 2 }, { remove: ["a"], increments: { n: 1 } }));
      same(
        row,
        {
          fields: { n: 2, b: 2 },
          version: 2,
          createdAt,
          touchedAt: at.now,
          expiresAt: at.now + HOUR,
          subject: "ann",
        },
        "the row",
      );
      const { set, ...nothing } = at.renewal(key);
      same((await at.done(at.beside(old), nothing)).version, 3, "version of a renewal that writes nothing");
    },
  },
  {
    name: "renewal: with a grace, the old id leads on",
    async run(at) {
      const old = await at.made();
      await at.done(at.beside(old), at.renewal(old, {}, { graceMs: 10_000, leadsTo }));
      const end = await at.ended(old);
      same(end.graceUntil, at.now + 10_000, "graceUntil");
      same(end.leadsTo && Uint8Array.from(end.leadsTo), leadsTo, "leadsTo");
      check(end.until >= at.now + 10_000, "the end is forgotten before its grace is over");
      at.pass(10_000);
      same(await at.ended(old), end, "the end after its grace");
    },
  },
  {
    name: "renewal: without one, the old id was renewed and leads nowhere",
    async run(at) {
      for (const more of [{}, { graceMs: 0 }]) {
        const old = await at.made();
        await at.done(at.beside(old), at.renewal(old, {}, more));
        const end = await at.ended(old);
        same(end.leadsTo, undefined, "leadsTo");
        check(
          end.graceUntil !== undefined,
          "the end of a renewed id has no graceUntil: it counts as destroyed",
        );
        check(end.graceUntil <= at.now, "there is a grace");
      }
    },
  },
  {
    name: "renewal: the old id is over",
    async run(at) {
      const old = await at.made({ a: 1 });
      const key = at.beside(old);
      const row = await at.done(key, at.renewal(old, {}, { graceMs: MINUTE, leadsTo }));
      for (const change of [at.change({ a: 2 }), at.change()]) await at.declined(old, change, "gone");
      await at.declined(at.beside(old), at.renewal(old), "gone");
      await at.declined(old, at.creation(), "exists");
      same(await at.store.destroy(old, at.now + HOUR), false, "destroy()");
      same(await at.row(key), row, "the row");
    },
  },
  {
    name: "renewal: of what is not there, nothing is made",
    async run(at) {
      const expired = await at.made({}, { expiresAt: at.now + MINUTE });
      const ended = await at.made();
      await at.store.destroy(ended, at.now + HOUR);
      at.pass(MINUTE);
      for (const old of [expired, ended, at.key()]) {
        const key = at.beside(old);
        await at.declined(key, at.renewal(old), "gone");
        await at.unknown(key);
      }
    },
  },
  {
    name: "renewal: never onto what is there",
    async run(at) {
      const old = await at.made({ whose: "ours" });
      const [taken, ended] = [at.beside(old), at.beside(old)];
      for (const key of [taken, ended]) await at.done(key, at.creation({ whose: "theirs" }));
      await at.store.destroy(ended, at.now + HOUR);
      for (const key of [taken, ended]) await at.declined(key, at.renewal(old), "exists");
      same((await at.row(old)).fields, { whose: "ours" }, "fields of the old id");
    },
  },
];
