// What only a server of its own shows: how long things are kept, and what a crash takes.
import { sessions } from "ets-session";
import { redisStore } from "ets-session/stores/redis";
import { one } from "./collect.mjs";

const HOUR = 3_600_000;
const PATIENCE = 20_000;

const text = () => crypto.randomUUID().replaceAll("-", "").slice(0, 24);

function expect(truth, message) {
  if (!truth) throw new Error(message);
}

/** Nothing stays for ever: whatever is written has a time to live, and it is the right one. */
export async function lifetimes(server, connected) {
  const { client, raw, close } = await connected(server.port);
  const store = redisStore(client, { prefix: "lives:" });
  const times = (expiresIn) => ({ touchedAt: Date.now(), expiresAt: Date.now() + expiresIn });
  const near = async (key, ms) => {
    const left = Number(await raw("PTTL", `lives:${key}`));
    expect(left > ms - 60_000 && left <= ms + 1000, `${left} ms are left, expected ${ms}`);
  };
  try {
    return [
      await one("redis: rows, ends and lists go by themselves", async () => {
        const [brief, long, moved] = [text(), text(), text()];
        const made = { create: true, subject: "ann" };
        await store.commit(brief, { ...made, ...times(HOUR) });
        await near(brief, HOUR);
        await store.commit(long, { ...made, ...times(3 * HOUR) });
        await near("subject:ann", 3 * HOUR);
        await store.commit(brief, times(2 * HOUR));
        await near(brief, 2 * HOUR);
        await store.commit(moved, { ...made, ...times(HOUR), renamedFrom: brief, graceMs: 10_000 });
        await near(brief, 130_000);
        await store.destroy(long, Date.now() + HOUR);
        await near(long, HOUR);
        for (const key of await raw("KEYS", "*")) {
          expect(Number(await raw("PTTL", key)) > 0, "something is kept for ever");
        }
      }),
      await one("redis: what is expired is taken from the lists", async () => {
        let now = Date.now();
        const later = redisStore(client, { prefix: "lives:", now: () => now });
        for (let i = 0; i < 5; i++) {
          await later.commit(text(), { create: true, subject: "bob", touchedAt: now, expiresAt: now + HOUR });
        }
        expect(Number(await raw("ZCARD", "lives:subject:bob")) === 5, "the list has other than five");
        now += HOUR;
        expect((await later.bySubject("bob")).length === 0, "something expired is listed");
        expect(Number(await raw("ZCARD", "lives:subject:bob")) === 0, "the list keeps what is expired");
      }),
    ];
  } finally {
    close();
  }
}

/**
 * The server is killed in the middle of commits and started again on what it wrote: what was acknowledged is
 * there, what was not is repeated and there once, an end stays one, and meanwhile requests get ERR_STORE.
 */
export async function restarted(server, connected) {
  const { client, close } = await connected(server.port);
  try {
    const store = redisStore(client);
    const times = { touchedAt: Date.now(), expiresAt: Date.now() + HOUR };
    const counting = () => ({ ...times, increments: { n: 1 }, token: text() });
    const keys = Array.from({ length: 8 }, text);
    for (const key of keys) await store.commit(key, { ...times, create: true });
    const ended = text();
    await store.commit(ended, { ...times, create: true });
    expect(await store.destroy(ended, Date.now() + HOUR), "it was not ended");

    let [acknowledged, failed] = [0, 0];
    let killed;
    const until = Date.now() + PATIENCE;
    await Promise.all(
      keys.map(async (key) => {
        for (let i = 0; i < 100; i++) {
          const change = counting();
          for (;;) {
            try {
              const { version } = await within(store.commit(key, change), 500);
              expect(version === i + 2, `version ${version} after ${i + 1} commits`);
              break;
            } catch (error) {
              if (Date.now() > until) throw error;
              failed++;
              await new Promise((resolve) => setTimeout(resolve, 20));
            }
          }
          if (++acknowledged === 200) killed = crash(server, store);
        }
      }),
    );
    await killed;
    expect(failed > 0, "no commit met the crash");
    for (const key of keys) {
      const answer = await store.commit(key, { ...counting(), increments: { n: 0 } });
      expect(answer.version === 102, `version ${answer.version}`);
    }
    const end = await store.load(ended);
    expect(end !== null && "ended" in end, "an ended session came back");
  } finally {
    close();
  }
}

async function crash(server, store) {
  await server.kill();
  const events = [];
  const session = sessions({
    table: `restarted-${text()}`,
    store,
    storeTimeout: "0.3s",
    onEvent: ({ type }) => events.push(type),
  });
  const request = new Request("http://localhost/", { headers: { Cookie: `sid=${text()}` } });
  const error = await session.open(request).then(
    () => undefined,
    (error) => error,
  );
  expect(error?.code === "ERR_STORE", `${error?.code} while the server is down`);
  expect(events.join() === "store-error", `events: ${events.join()}`);
  await server.start();
}

function within(promise, ms) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("late")), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
