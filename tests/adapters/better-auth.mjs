/** ets-session/better-auth under better-auth, on its memory adapter. */
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { EtsError, secondaryStorage } from "ets-session/better-auth";
import { createTable, table } from "ets-session/table";
import { clock, deepEqual, equal, group, ok, test, unique } from "../suite/harness.js";
import { moduleOf } from "./pages.mjs";

const BASE = "http://localhost:3000";
process.env.BETTER_AUTH_SECRET = "a secret of at least thirty-two bytes, for tests";
process.env.BETTER_AUTH_URL = BASE;
process.env.BETTER_AUTH_TELEMETRY = "0";

const ADA = { email: "ada@example.com", password: "a long password", name: "Ada" };

/** A browser before better-auth's handler. */
function browser(auth, jar = new Map()) {
  return async (path, body) => {
    const headers = { origin: BASE, cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") };
    if (body) headers["content-type"] = "application/json";
    const init = body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers };
    const response = await auth.handler(new Request(`${BASE}/api/auth${path}`, init));
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (/max-age=0/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return { status: response.status, body: await response.json().catch(() => null) };
  };
}

function site(options = {}, storage = {}) {
  const name = unique("auth");
  const database = { user: [], session: [], account: [], verification: [] };
  const auth = betterAuth({
    database: memoryAdapter(database),
    emailAndPassword: { enabled: true },
    logger: { disabled: true },
    secondaryStorage: secondaryStorage({ table: name, ...storage }),
    ...options,
  });
  return { auth, database, rows: table(name) };
}

const user = async (visit) => (await visit("/get-session")).body?.user?.name;

group("better-auth", () => {
  test("the page's code signs up, and finds the session in the storage alone", async () => {
    const { auth } = await moduleOf("frameworks/better-auth.md")("auth.mjs");
    const visit = browser(auth);
    equal(await user(visit), undefined);
    equal((await visit("/sign-up/email", ADA)).status, 200);
    equal(await user(visit), "Ada");
    table("better-auth").clear();
    equal(await user(visit), undefined);
  });

  test("signing out ends it, signing in begins another", async () => {
    const { auth, database, rows } = site();
    const visit = browser(auth);
    await visit("/sign-up/email", ADA);
    deepEqual(database.session, []);
    const stolen = browser(auth);
    equal((await stolen("/sign-in/email", { ...ADA, password: "a wrong password" })).status, 401);
    equal(await user(visit), "Ada");
    const before = rows.size;
    ok(before > 0, "nothing is stored");
    equal((await visit("/sign-out", {})).status, 200);
    equal(await user(visit), undefined);
    ok(rows.size < before, "its rows are still there");
    equal((await visit("/sign-in/email", ADA)).status, 200);
    equal(await user(visit), "Ada");
  });

  test("other sessions of a user are listed and revoked", async () => {
    const { auth } = site();
    const [one, two, three] = [browser(auth), browser(auth), browser(auth)];
    await one("/sign-up/email", ADA);
    await two("/sign-in/email", ADA);
    await three("/sign-in/email", ADA);
    const listed = (await one("/list-sessions")).body;
    equal(listed.length, 3);
    const { token } = (await two("/get-session")).body.session;
    equal((await one("/revoke-session", { token })).status, 200);
    equal(await user(two), undefined);
    equal(await user(three), "Ada");
    equal((await one("/revoke-other-sessions", {})).status, 200);
    equal(await user(three), undefined);
    equal(await user(one), "Ada");
    equal((await one("/revoke-sessions", {})).status, 200);
    equal(await user(one), undefined);
  });

  test("a session is over in the storage when better-auth said so", async () => {
    const time = clock(Date.now());
    const { auth, rows } = site({ session: { expiresIn: 3600 } }, { now: time.now });
    const visit = browser(auth);
    await visit("/sign-up/email", ADA);
    time.advance(3_590_000);
    equal(await user(visit), "Ada");
    time.advance(11_000);
    equal(await user(visit), undefined);
    ok(rows.size <= 1, `${rows.size} rows are left`);
  });

  test("a refresh is written to the storage", async () => {
    const { auth, rows } = site({ session: { expiresIn: 3600, updateAge: 0 } });
    const visit = browser(auth);
    await visit("/sign-up/email", ADA);
    const written = () => rows.select().rows.reduce((sum, [, , { version }]) => sum + version, 0);
    const before = written();
    await visit("/get-session");
    ok(written() > before, "nothing was written");
    equal(await user(visit), "Ada");
  });

  test("another machine knows a session by the database only, and ends it for itself only", async () => {
    const database = { user: [], session: [], account: [], verification: [] };
    const machines = (session) => [0, 1].map(() => site({ database: memoryAdapter(database), session }).auth);
    for (const [storeSessionInDatabase, seen] of [
      [false, undefined],
      [true, "Ada"],
    ]) {
      const [here, there] = machines({ storeSessionInDatabase });
      const jar = new Map();
      const path = database.user.length > 0 ? "/sign-in/email" : "/sign-up/email";
      equal((await browser(here, jar)(path, ADA)).status, 200);
      const [kept, other] = [here, there].map((auth) => browser(auth, new Map(jar)));
      equal(await user(other), seen);
      equal((await other("/sign-out", {})).status, 200);
      equal(await user(other), undefined);
      equal(await user(kept), "Ada");
    }
  });

  test("a full storage refuses, unless told otherwise, and what is over makes room", () => {
    const time = clock();
    const limits = { maxBytes: "128KiB" };
    const fill = (storage) => {
      for (let i = 0; i < 100; i++) storage.set(`${i}`, "x".repeat(4000), 60);
    };
    const storage = secondaryStorage({ table: unique("full"), limits, now: time.now });
    let refused;
    try {
      fill(storage);
    } catch (error) {
      refused = error;
    }
    ok(refused instanceof EtsError);
    equal(refused.code, "ERR_TABLE_FULL");
    equal(storage.get("0")?.length, 4000);
    time.advance(60_000);
    storage.set("later", "text", 60);
    equal(storage.get("later"), "text");
    const other = { ...limits, onFull: "evict" };
    const evicting = secondaryStorage({ table: unique("full"), limits: other, now: time.now });
    fill(evicting);
    equal(evicting.get("99")?.length, 4000);
  });

  test("its rate limit counts here", async () => {
    const rateLimit = { enabled: true, window: 60, max: 3, storage: "secondary-storage" };
    const time = clock(Date.now());
    const advanced = { ipAddress: { ipAddressHeaders: ["x-forwarded-for"] } };
    const { auth } = site({ rateLimit, advanced }, { now: time.now });
    const visit = async () => {
      const headers = { origin: BASE, "x-forwarded-for": "192.0.2.7" };
      return (await auth.handler(new Request(`${BASE}/api/auth/get-session`, { headers }))).status;
    };
    const seen = [];
    for (let i = 0; i < 5; i++) seen.push(await visit());
    deepEqual(seen, [200, 200, 200, 429, 429]);
    time.advance(60_000);
    equal(await visit(), 200);
  });

  test("the storage does what its contract says, with times to live to the millisecond", () => {
    const time = clock();
    const storage = secondaryStorage({ table: unique("contract"), now: time.now });
    const { get, set, getAndDelete, increment } = storage;
    equal(get("a"), null);
    equal(getAndDelete("a"), null);
    storage.delete("a");
    set("a", "text", 2);
    set("forever", "text");
    set("never", "text", 0);
    equal(get("never"), null);
    time.advance(1999);
    equal(get("a"), "text");
    time.advance(1);
    equal(get("a"), null);
    set("once", "code", 60);
    equal(getAndDelete("once"), "code");
    equal(getAndDelete("once"), null);
    deepEqual([increment("n", 10), increment("n", 10)], [1, 2]);
    equal(get("n"), "2");
    time.advance(9999);
    equal(increment("n", 10), 3);
    time.advance(1);
    equal(increment("n", 10), 1);
    time.advance(86_400_000_000);
    equal(get("forever"), "text");
  });

  test("a table of one's own does", () => {
    const own = createTable(unique("own"));
    const storage = secondaryStorage(own);
    storage.set("a", "text", 60);
    equal(own.size, 1);
    equal(storage.get("a"), "text");
  });
});
