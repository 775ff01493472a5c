import { HOUR, MINUTE } from "./bench.js";
import type { Case } from "./case.js";
import { check, same } from "./check.js";

export const endings: Case[] = [
  {
    name: "ends: once, and all of it",
    async run(at) {
      const key = await at.made({ a: 1 });
      const until = at.now + 3 * HOUR;
      same(await at.store.destroy(key, until), true, "destroy()");
      const end = await at.ended(key);
      check(end.until >= until, "the end is known for a shorter time than was asked");
      same([end.graceUntil, end.leadsTo], [undefined, undefined], "where an end leads");
      same(await at.store.destroy(key, until), false, "destroy() again");
    },
  },
  {
    name: "ends: nothing is stored afterwards",
    async run(at) {
      const key = await at.made({ a: 1 });
      const [slow, touch] = [at.change({ a: 2 }), at.change()];
      await at.store.destroy(key, at.now + HOUR);
      for (const change of [slow, touch, at.change({ a: 2 }, { ifVersion: 1 })]) {
        await at.declined(key, change, "gone");
      }
      await at.declined(at.beside(key), at.renewal(key), "gone");
    },
  },
  {
    name: "ends: known for as long as was asked",
    async run(at) {
      const key = await at.made({}, { expiresAt: at.now + MINUTE });
      await at.store.destroy(key, at.now + 2 * HOUR);
      at.pass(2 * HOUR - 1);
      await at.ended(key);
      await at.declined(key, at.change({ a: 1 }), "gone");
      await at.declined(key, at.creation(), "exists");
    },
  },
  {
    name: "expiry: to the millisecond, whatever the engine forgets",
    async run(at) {
      const key = await at.made({ a: 1 }, { expiresAt: at.now + HOUR, subject: "ann" });
      at.pass(HOUR - 1);
      await at.row(key);
      at.pass(1);
      await at.unknown(key);
      for (const change of [at.change({ a: 2 }), at.change()]) await at.declined(key, change, "gone");
      same(await at.store.destroy(key, at.now + HOUR), false, "destroy()");
      at.pass(24 * HOUR);
      await at.unknown(key);
    },
  },
  {
    name: "expiry: a touch prolongs",
    async run(at) {
      const key = await at.made({ a: 1 });
      for (let i = 0; i < 3; i++) {
        at.pass(HOUR - 1);
        await at.done(key, at.change());
      }
      at.pass(HOUR);
      await at.unknown(key);
    },
  },
  {
    name: "expiry: a later commit may bring it nearer",
    async run(at) {
      const key = await at.made();
      at.pass(1);
      await at.done(key, at.change({ a: 1 }, { expiresAt: at.now + MINUTE }));
      at.pass(MINUTE);
      await at.unknown(key);
    },
  },
];
