import type { Case } from "./case.js";
import { refused, same } from "./check.js";

const BLOCK = 65_536;

/** Bytes of every value, in an order that comes again only after a block. */
function noise(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = 1;
  for (let i = 0; i < Math.min(length, BLOCK); i++) {
    state = (state * 48_271) % 2_147_483_647;
    bytes[i] = state & 255;
  }
  for (let i = BLOCK; i < length; i += BLOCK) bytes.copyWithin(i, 0, Math.min(BLOCK, length - i));
  return bytes;
}

export const sizes: Case[] = [
  {
    name: "sizes: a session of 60 KiB",
    async run(at) {
      const key = await at.made({ bytes: noise(60 * 1024) });
      const row = await at.done(key, at.change({ n: 1 }));
      same(row.fields, { bytes: noise(60 * 1024), n: 1 }, "fields");
      const next = at.beside(key);
      same((await at.done(next, at.renewal(key))).fields, row.fields, "fields under a new id");
    },
  },
  {
    name: "sizes: a session of a thousand fields",
    async run(at) {
      const fields = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`field${i}`, i]));
      const key = await at.made(fields);
      const row = await at.done(key, at.change(undefined, { remove: ["field7"], increments: { field8: 1 } }));
      const { field7, ...left } = fields;
      same(row.fields, { ...left, field8: 9 }, "fields");
    },
  },
  {
    name: "sizes: what is too large is refused and changes nothing",
    needs: ["tooLarge"],
    async run(at) {
      const bytes = noise(at.options.tooLarge ?? 0);
      const none = at.key();
      await refused(at.store.commit(none, at.creation({ bytes })), "ERR_ROW_TOO_LARGE");
      await at.unknown(none);
      const key = await at.made({ a: 1 });
      const before = await at.row(key);
      await refused(at.store.commit(key, at.change({ bytes })), "ERR_ROW_TOO_LARGE");
      same(await at.row(key), before, "the row");
      const next = at.beside(key);
      await refused(at.store.commit(next, at.renewal(key, { bytes })), "ERR_ROW_TOO_LARGE");
      await at.unknown(next);
      same(await at.row(key), before, "the row after a renewal");
    },
  },
  {
    name: "sizes: whatever is below what is too large fits, or is refused",
    needs: ["tooLarge"],
    async run(at) {
      const limit = at.options.tooLarge ?? 0;
      for (const less of [1, 128, 512]) {
        const key = at.key();
        const bytes = noise(Math.max(0, limit - less));
        const answer = at.store.commit(key, at.creation({ bytes }));
        const kept = await answer.catch((error: unknown) => error);
        if (kept instanceof Error) {
          await refused(answer, "ERR_ROW_TOO_LARGE");
          await at.unknown(key);
        } else same((await at.row(key)).fields, { bytes }, "fields");
      }
    },
  },
];
