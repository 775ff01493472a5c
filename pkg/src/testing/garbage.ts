import { type Bench, HOUR, random, type Seen } from "./bench.js";
import type { Case } from "./case.js";
import { check, fail, refused, same } from "./check.js";

type Bytes = Uint8Array;

/** What engines gave back when something went wrong, and what somebody might put there. */
const GARBAGE: Array<[what: string, change: (kept: Bytes) => Bytes]> = [
  ["one byte", () => Uint8Array.of(1)],
  ["text", () => new TextEncoder().encode("not what was stored")],
  ["JSON", () => new TextEncoder().encode('{"data":{},"version":1,"expiresAt":9999999999999}')],
  ["zeros", (kept) => new Uint8Array(kept.length)],
  ["the first half", (kept) => kept.slice(0, kept.length >> 1)],
  ["all but the last byte", (kept) => kept.slice(0, -1)],
  ["the second half", (kept) => kept.slice(kept.length >> 1)],
  ["the bytes twice", (kept) => Uint8Array.from([...kept, ...kept])],
  ["the bytes in reverse", (kept) => kept.slice().reverse()],
];

const corrupt = (at: Bench, key: string, change: (kept: Bytes) => Bytes): Promise<void> =>
  at.options.corrupt?.(key, change) ?? fail("there is no corrupt()");

/** Everything that an error says, wherever it says it. */
function saying(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { details = {} } = error as { details?: object };
  return [error.message, error.stack, JSON.stringify(details), error.cause && saying(error.cause)].join("\n");
}

/** Whatever is asked of a broken row is refused, in words that say nothing of whose it is. */
async function broken(at: Bench, key: string, secrets: string[], what: string): Promise<void> {
  const asked = [
    () => at.store.load(key),
    () => at.store.commit(key, at.change({ a: 2 })),
    () => at.store.commit(key, at.change()),
    () => at.store.commit(key, at.creation()),
    () => at.store.commit(at.beside(key), at.renewal(key)),
    () => at.store.destroy(key, at.now + HOUR),
  ];
  for (const [i, ask] of asked.entries()) {
    const error = await refused(ask(), "ERR_STORE").catch((other: Error) =>
      fail(`${what}, ${i}: ${other.message}`),
    );
    const said = saying(error);
    const told = [key, key.slice(2), ...secrets].some((secret) => said.includes(secret));
    check(!told, `${what}: the error shows a key or what is stored`);
  }
}

/** Text that engines keep has bits that mean nothing, and an end that may be missing. */
async function refusedOrSame(at: Bench, key: string, row: Seen): Promise<void> {
  const found = await at.row(key).catch(() => undefined);
  if (found === undefined) await refused(at.store.load(key), "ERR_STORE");
  else same(found, row, "what is read of changed bytes");
}

export const garbage: Case[] = [
  {
    name: "garbage: what was not stored is refused, and says nothing",
    needs: ["corrupt"],
    async run(at) {
      for (const [what, change] of GARBAGE) {
        const [field, subject] = [random(16), random(16)];
        const key = await at.made({ field }, { subject });
        await corrupt(at, key, change);
        await broken(at, key, [field, subject], what);
      }
    },
  },
  {
    name: "garbage: a bit anywhere, and a cut anywhere",
    needs: ["corrupt"],
    async run(at) {
      const key = await at.made({ a: "0123456789", admin: false }, { subject: random(16) });
      let kept: Bytes = new Uint8Array(0);
      await corrupt(at, key, (bytes) => {
        kept = bytes.slice();
        return bytes;
      });
      const row = await at.row(key);
      const step = Math.max(1, Math.floor(kept.length / 40));
      for (let i = 0; i < kept.length; i += step) {
        for (const bit of [1, 128]) {
          await corrupt(at, key, () => kept.map((byte, index) => (index === i ? byte ^ bit : byte)));
          await refusedOrSame(at, key, row);
        }
        if (i === 0) continue;
        await corrupt(at, key, () => kept.slice(0, i));
        await refusedOrSame(at, key, row);
      }
      await corrupt(at, key, () => kept);
      same((await at.row(key)).fields, { a: "0123456789", admin: false }, "fields, whole again");
    },
  },
  {
    name: "garbage: another session's row is not this one's",
    needs: ["corrupt"],
    async run(at) {
      const secret = random(16);
      const theirs = await at.made({ secret }, { subject: random(16) });
      const [ours, ended] = [await at.made({ secret: "ours" }), await at.made()];
      let row: Bytes = new Uint8Array(0);
      let end: Bytes = row;
      await corrupt(at, theirs, (bytes) => {
        row = bytes.slice();
        return bytes;
      });
      await at.store.destroy(ended, at.now + HOUR);
      await corrupt(at, ended, (bytes) => {
        end = bytes.slice();
        return bytes;
      });
      await corrupt(at, ours, () => row);
      await broken(at, ours, [theirs, theirs.slice(2), secret], "another's row");
      await corrupt(at, ours, () => end);
      await broken(at, ours, [ended, ended.slice(2)], "another's end");
      same((await at.row(theirs)).fields, { secret }, "fields of the other session");
    },
  },
  {
    name: "garbage: a list has no row that is not the subject's",
    needs: ["corrupt", "subjects"],
    async run(at) {
      const [ann, bob] = [random(16), random(16)];
      const [ours, whole, theirs] = [
        await at.made({}, { subject: ann }),
        await at.made({}, { subject: ann }),
        await at.made({}, { subject: bob }),
      ];
      let row: Bytes = new Uint8Array(0);
      await corrupt(at, theirs, (bytes) => {
        row = bytes.slice();
        return bytes;
      });
      await corrupt(at, ours, () => row);
      const found = await at.keysOf(ann).catch((error: unknown) => error);
      if (Array.isArray(found)) same(found, [whole], "the subject's sessions");
      else check(!saying(found).includes(ours.slice(2)), "the error shows a key");
    },
  },
];
