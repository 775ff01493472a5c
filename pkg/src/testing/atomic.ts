import type { Change, Committed, Store } from "../stores/contract.js";
import { type Bench, committed, HOUR } from "./bench.js";
import type { Case } from "./case.js";
import { check, fail, same } from "./check.js";

const AT_ONCE = 40;

/** Many things done at once, by turns in two stores over the engine. */
async function atOnce<T>(
  at: Bench,
  count: number,
  one: (store: Store, i: number) => Promise<T>,
): Promise<T[]> {
  const stores = [at.store, await at.another()];
  return await Promise.all(Array.from({ length: count }, (_, i) => one(stores[i % 2] as Store, i)));
}

function counting(at: Bench, more: Partial<Change> = {}): Change {
  return at.change(undefined, { increments: { n: 1 }, ...more });
}

const done = (answer: Committed | string): boolean => typeof answer !== "string";

export const atomic: Case[] = [
  {
    name: "at once: no field and no increment is lost",
    needs: ["atomic"],
    async run(at) {
      const key = await at.made({ n: 0 });
      const answers = await atOnce(at, AT_ONCE, (store, i) =>
        store.commit(key, at.change({ [`field${i}`]: i }, { increments: { n: 1 } })),
      );
      const versions = answers.map((answer) => committed(answer).version).sort((a, b) => a - b);
      same(
        versions,
        Array.from({ length: AT_ONCE }, (_, i) => i + 2),
        "the answers' versions",
      );
      const { fields, version } = await at.row(key);
      same([fields.n, version, Object.keys(fields).length], [AT_ONCE, AT_ONCE + 1, AT_ONCE + 1], "the row");
    },
  },
  {
    name: "at once: a hundred commits to one row are all done",
    needs: ["atomic"],
    async run(at) {
      const key = await at.made({ n: 0 });
      await Promise.all(Array.from({ length: 100 }, () => at.store.commit(key, counting(at))));
      same((await at.row(key)).fields, { n: 100 }, "fields");
    },
  },
  {
    name: "at once: of commits that want one version, one is done",
    needs: ["atomic"],
    async run(at) {
      const key = await at.made({ n: 0 });
      const answers = await atOnce(at, 12, (store) => store.commit(key, counting(at, { ifVersion: 1 })));
      same(answers.filter(done).length, 1, "how many were done");
      check(
        answers.every((answer) => done(answer) || answer === "conflict"),
        "another answer than conflict",
      );
      same((await at.row(key)).fields, { n: 1 }, "fields");
    },
  },
  {
    name: "at once: an end is final",
    needs: ["atomic"],
    async run(at) {
      for (let round = 0; round < 8; round++) {
        const key = await at.made({ n: 0 });
        const answers = await atOnce(at, 12, async (store, i) => {
          if (i !== round) return await store.commit(key, counting(at));
          same(await store.destroy(key, at.now + HOUR), true, "destroy()");
          await at.ended(key);
          return "ended";
        });
        check(
          answers.every((answer) => done(answer) || answer === "gone" || answer === "ended"),
          "another answer than gone",
        );
        await at.ended(key);
      }
    },
  },
  {
    name: "at once: of many ends, one is the end",
    needs: ["atomic"],
    async run(at) {
      const key = await at.made();
      const answers = await atOnce(at, 12, async (store) => await store.destroy(key, at.now + HOUR));
      same(answers.filter(Boolean).length, 1, "how many ended it");
    },
  },
  {
    name: "at once: a renewed session has one new id, and what was committed before",
    needs: ["atomic"],
    async run(at) {
      for (let round = 0; round < 8; round++) {
        const old = await at.made({ n: 0 });
        const keys: string[] = [];
        const answers = await atOnce(at, 14, async (store, i) => {
          if (i % 3 !== 0) return await store.commit(old, counting(at));
          const key = at.beside(old);
          const answer = await store.commit(key, at.renewal(old));
          if (done(answer)) keys.push(key);
          else same(answer, "gone", "the answer to a second renewal");
          return "renewed";
        });
        const [key = fail("nobody renewed it")] = keys;
        same(keys.length, 1, "how many renewed it");
        same((await at.row(key)).fields, { n: answers.filter(done).length }, "fields");
        await at.ended(old);
      }
    },
  },
  {
    name: "at once: a renewal and an end leave no session, or the renewed one",
    needs: ["atomic"],
    async run(at) {
      for (let round = 0; round < 8; round++) {
        const old = await at.made();
        const key = at.beside(old);
        const [first, second] = await atOnce(at, 2, async (store, i) =>
          i === round % 2
            ? done(await store.commit(key, at.renewal(old)))
            : store.destroy(old, at.now + HOUR),
        );
        same([first, second].filter(Boolean).length, 1, "how many were done");
        await at.ended(old);
        const renewed = round % 2 === 0 ? first : second;
        if (renewed) await at.row(key);
        else await at.unknown(key);
      }
    },
  },
];
