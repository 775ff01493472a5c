import { HOUR, random, seen } from "./bench.js";
import type { Case } from "./case.js";
import { same } from "./check.js";

export const subjects: Case[] = [
  {
    name: "subjects: each one's sessions and nobody else's",
    needs: ["subjects"],
    async run(at) {
      const name = random(12);
      // One begins as the other does, and engines separate names by something.
      const whose = [name, `${name}:`, `${name}:row`, `${name}/x`, name.slice(0, 6), `${name}\0`];
      const keys = new Map<string, string[]>();
      for (const subject of whose) {
        const some = [await at.made({ subject }, { subject }), await at.made({ subject }, { subject })];
        keys.set(subject, some.sort());
      }
      await at.made();
      for (const subject of whose)
        same(await at.keysOf(subject), keys.get(subject), "the subject's sessions");
      same(await at.keysOf(random(12)), [], "the sessions of nobody");
    },
  },
  {
    name: "subjects: the rows are as load() gives them",
    needs: ["subjects"],
    async run(at) {
      const subject = random(12);
      const key = await at.made({ cart: [1, 2] }, { subject });
      const row = await at.done(key, at.change({ n: 1 }));
      const [found] = (await at.store.bySubject?.(subject)) ?? [];
      same(found && { key: found.key, row: seen(found.row) }, { key, row }, "what is listed");
    },
  },
  {
    name: "subjects: any name",
    needs: ["subjects"],
    async run(at) {
      const names = ["__proto__", "a b", "ü€😀", "'; --", "%_*?", "{tag}", "subject:x", "x".repeat(200)];
      for (const name of names) {
        const subject = `${name}${random(6)}`;
        const key = await at.made({}, { subject });
        same((await at.row(key)).subject, subject, "the row's subject");
        same(await at.keysOf(subject), [key], "the subject's sessions");
      }
    },
  },
  {
    name: "subjects: a login binds, another rebinds, other commits leave it",
    needs: ["subjects"],
    async run(at) {
      const [ann, bob] = [random(12), random(12)];
      const key = await at.made();
      await at.done(key, at.change(undefined, { subject: ann }));
      await at.done(key, at.change({ a: 1 }));
      await at.done(key, at.change());
      same([await at.keysOf(ann), await at.keysOf(bob)], [[key], []], "after a login");
      await at.done(key, at.change({ a: 2 }, { subject: bob }));
      same([await at.keysOf(ann), await at.keysOf(bob)], [[], [key]], "after another's");
    },
  },
  {
    name: "subjects: a renewed session is listed once",
    needs: ["subjects"],
    async run(at) {
      const [ann, bob] = [random(12), random(12)];
      const first = await at.made();
      const second = at.beside(first);
      await at.done(second, at.renewal(first, {}, { subject: ann }));
      same(await at.keysOf(ann), [second], "after a login");
      const third = at.beside(first);
      await at.done(third, at.renewal(second, {}, { graceMs: 10_000, leadsTo: Uint8Array.of(1) }));
      same(await at.keysOf(ann), [third], "after a renewal");
      const fourth = at.beside(first);
      await at.done(fourth, at.renewal(third, {}, { subject: bob }));
      same([await at.keysOf(ann), await at.keysOf(bob)], [[], [fourth]], "after another's login");
    },
  },
  {
    name: "subjects: what is ended or expired is not listed",
    needs: ["subjects"],
    async run(at) {
      const subject = random(12);
      const ended = await at.made({}, { subject });
      const brief = await at.made({}, { subject, expiresAt: at.now + HOUR / 2 });
      const lasting = await at.made({}, { subject });
      await at.store.destroy(ended, at.now + HOUR);
      same(await at.keysOf(subject), [brief, lasting].sort(), "after an end");
      at.pass(HOUR / 2);
      same(await at.keysOf(subject), [lasting], "after an expiry");
      await at.done(lasting, at.change());
      at.pass(HOUR / 2);
      same(await at.keysOf(subject), [lasting], "where a touch prolonged it");
      await at.done(brief, at.creation());
      same(await at.keysOf(subject), [lasting], "where an expired id is made anew, for nobody");
    },
  },
  {
    name: "subjects: a hundred sessions of one",
    needs: ["subjects"],
    async run(at) {
      const subject = random(12);
      const keys = Array.from({ length: 100 }, () => at.key());
      for (const key of keys) await at.store.commit(key, at.creation({}, { subject }));
      same(await at.keysOf(subject), keys.sort(), "the subject's sessions");
    },
  },
];
