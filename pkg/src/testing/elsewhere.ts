import { HOUR, MINUTE } from "./bench.js";
import type { Case } from "./case.js";
import { same } from "./check.js";

export const elsewhere: Case[] = [
  {
    name: "elsewhere: what one store was told, another sees at once",
    needs: ["strong"],
    async run(at) {
      const other = await at.another();
      const key = at.key();
      same(await other.load(key), null, "what is known before");
      const made = await at.done(key, at.creation({ a: 1 }));
      same(await at.row(key, other), made, "the row, made");
      const merged = await at.done(key, at.change({ b: 2 }));
      same(await at.row(key, other), merged, "the row, merged");
      at.pass(MINUTE);
      const touched = await at.done(key, at.change());
      same(await at.row(key, other), touched, "the row, touched");
      const next = at.beside(key);
      const renewed = await at.done(next, at.renewal(key));
      same(await at.row(next, other), renewed, "the row, renewed");
      same(await at.ended(key, other), await at.ended(key), "the renewed id's end");
      same(await other.destroy(next, at.now + HOUR), true, "destroy() in the other");
      await at.ended(next);
    },
  },
  {
    name: "elsewhere: a repeated commit is known",
    needs: ["strong"],
    async run(at) {
      const other = await at.another();
      const key = await at.made({ n: 0 });
      const change = at.change(undefined, { increments: { n: 1 } });
      await at.done(key, change);
      await other.commit(key, change);
      same((await at.row(key)).fields, { n: 1 }, "fields");
    },
  },
  {
    name: "elsewhere: subjects",
    needs: ["strong", "subjects"],
    async run(at) {
      const other = await at.another();
      const subject = `user-${at.key()}`;
      for (const store of [at.store, other])
        same(await at.keysOf(subject, store), [], "what is listed before");
      const key = await at.made({}, { subject });
      same(await at.keysOf(subject, other), [key], "the subject's sessions");
      await other.destroy(key, at.now + HOUR);
      same(await at.keysOf(subject), [], "the subject's sessions after the end");
    },
  },
];
