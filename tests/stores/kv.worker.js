// A worker over KV, and what sessions() does over a store that tells of things later.
import { sessions } from "ets-session";
import { workersKvStore } from "ets-session/stores/workers-kv";
import { examine, one } from "./collect.mjs";

const HOUR = 3_600_000;
const PREFIX = "test:";
/** What a value of KV may have. */
const TOO_LARGE = 25 * 2 ** 20;

const text = () => crypto.randomUUID().replaceAll("-", "").slice(0, 24);

function expect(truth, message) {
  if (!truth) throw new Error(message);
}

async function lifetimes(kv) {
  let now = Date.now();
  const store = workersKvStore(kv, { prefix: PREFIX, now: () => now });
  const times = (ms) => ({ touchedAt: now, expiresAt: now + ms });
  const left = async (key) => {
    const { keys } = await kv.list({ prefix: PREFIX + key });
    return keys[0].expiration - Date.now() / 1000;
  };
  const [brief, long, ended] = [text(), text(), text()];
  await store.commit(brief, { create: true, ...times(10_000) });
  expect(
    Math.abs((await left(brief)) - 60) <= 2,
    "a brief row is not kept for the shortest time that KV knows",
  );
  now += 10_000;
  expect((await store.load(brief)) === null, "what KV still has counts as living");
  await store.commit(long, { create: true, ...times(HOUR) });
  expect(Math.abs((await left(long)) - 3600) <= 2, "a row is kept for another time than it lives");
  await store.commit(ended, { create: true, ...times(HOUR) });
  await store.destroy(ended, now + 120_000);
  expect(Math.abs((await left(ended)) - 3600) <= 2, "an end is known for less than an hour");
}

async function logins(kv) {
  const request = () => new Request("http://localhost/");
  const login = async (options) => {
    const manager = sessions({ table: text(), store: workersKvStore(kv), ...options });
    const response = await manager.handle((_, session) => {
      session.login("ann");
      return new Response();
    })(request());
    return response.headers.get("Set-Cookie");
  };
  const error = await login({}).then(
    () => undefined,
    (error) => error,
  );
  expect(error?.code === "ERR_BAD_OPTION" && error.details.option === "acceptEventual", `${error?.code}`);
  expect((await login({ acceptEventual: true }))?.startsWith("sid="), "no login where it was accepted");
}

/** From one request to the next, through cookies, as far as one place goes. */
async function requests(kv) {
  const manager = sessions({ table: text(), store: (env) => workersKvStore(env.SESSIONS) });
  const visit = async (cookie, handler) => {
    const request = new Request("http://localhost/", { headers: cookie ? { Cookie: cookie } : {} });
    return await manager.handle(handler)(request, { SESSIONS: kv });
  };
  const counted = (_, session) => new Response(`${session.increment("n")}`);
  const first = await visit(undefined, counted);
  const cookie = first.headers.get("Set-Cookie").split(";")[0];
  expect((await (await visit(cookie, counted)).text()) === "2", "the session is not found again");
  await visit(cookie, (_, session) => {
    session.destroy();
    return new Response();
  });
  const after = await visit(cookie, (_, session) => new Response(`${session.get("n")}`));
  expect((await after.text()) === "undefined", "a destroyed session is found");
}

export default {
  async fetch(_request, { SESSIONS }) {
    const { results, leftOut } = await examine("workers-kv", {
      make: ({ now }) => workersKvStore(SESSIONS, { prefix: PREFIX, now }),
      guarantees: { atomic: false, consistency: "eventual", subjects: false },
      tooLarge: TOO_LARGE,
      async corrupt(key, change) {
        const kept = await SESSIONS.get(PREFIX + key, "arrayBuffer");
        await SESSIONS.put(PREFIX + key, change(new Uint8Array(kept)));
      },
    });
    results.push(
      await one("workers-kv: how long KV keeps things", () => lifetimes(SESSIONS)),
      await one("workers-kv: login() is refused unless it is accepted", () => logins(SESSIONS)),
      await one("workers-kv: sessions over it", () => requests(SESSIONS)),
    );
    return Response.json({ results, leftOut });
  },
};
