import process from "node:process";
import { denoKvStore } from "ets-session/stores/deno-kv";
import { print } from "../runtimes/report.mjs";
import { examine, one } from "./collect.mjs";

const HOUR = 3_600_000;
const PREFIX = "test";
const folder = await Deno.makeTempDir();
const path = `${folder}/sessions.sqlite`;
const results = [];

function expect(truth, message) {
  if (!truth) throw new Error(message);
}

const text = () => crypto.randomUUID().replaceAll("-", "").slice(0, 24);
const times = () => ({ touchedAt: Date.now(), expiresAt: Date.now() + HOUR });

try {
  const kv = await Deno.openKv(path);
  // A second connection to the same database, as another process has it.
  const other = await Deno.openKv(path);
  let made = 0;
  const tested = await examine("deno-kv", {
    make: ({ now }) => denoKvStore(made++ % 2 === 0 ? kv : other, { prefix: PREFIX, now }),
    tooLarge: 65_536,
    async corrupt(key, change) {
      const at = [PREFIX, "row", key];
      const { value } = await kv.get(at);
      await kv.set(at, change(value));
    },
  });
  results.push(...tested.results);
  for (const test of tested.leftOut) console.log(`left out: ${test}`);

  results.push(
    await one("deno-kv: what is no bytes is no session", async () => {
      const store = denoKvStore(kv);
      for (const value of ["text", 1, null, { data: new Uint8Array(1) }, [], new Uint16Array(40)]) {
        const key = text();
        await kv.set(["ets-session", "row", key], value);
        const error = await store.load(key).then(
          () => undefined,
          (error) => error,
        );
        expect(error?.code === "ERR_STORE", `${error?.code}`);
      }
    }),
    await one("deno-kv: the longest subject", async () => {
      const store = denoKvStore(kv);
      const [key, subject] = [text(), "€".repeat(85)];
      await store.commit(key, { create: true, subject, ...times() });
      expect((await store.bySubject(subject)).length === 1, "it is not listed");
    }),
    await one("deno-kv: opened again, everything is there", async () => {
      const [key, ended] = [text(), text()];
      const first = denoKvStore(kv);
      for (const one of [key, ended]) await first.commit(one, { create: true, subject: "ann", ...times() });
      await first.destroy(ended, Date.now() + HOUR);
      kv.close();
      other.close();
      const again = await Deno.openKv(path);
      try {
        const store = denoKvStore(again);
        expect((await store.load(key))?.version === 1, "the row is not there");
        expect("ended" in (await store.load(ended)), "the end is forgotten");
        expect((await store.bySubject("ann")).length === 1, "the list is another");
      } finally {
        again.close();
      }
    }),
  );
} finally {
  await Deno.remove(folder, { recursive: true });
}
print("stores/deno-kv", results);
// Deno goes by this name, too.
Deno.exit(process.exitCode ?? 0);
