/** The public types, from the built package: what has to compile, and what must not. */
import { type CookieOptions, csrf, EtsError, type Listed, type Session, sessions } from "ets-session";
import { get, init, put, delete as remove } from "ets-session/store";
import type { Store } from "ets-session/stores";
import { createTable, type Meta, type Row, type Table } from "ets-session/table";

interface Data {
  userId: number;
  cart: string[];
}

interface Flash {
  notice: string;
}

const typed = sessions<Data, Flash>({ idle: "30m", cookie: { sameSite: "Strict", maxAge: "7d" } });

export const fetch: (request: Request) => Promise<Response> = typed.handle((_request, session) => {
  const id: number | undefined = session.get("userId");
  const cart: string[] = session.get("cart", []);
  session.set("userId", 7).set("cart", [...cart, "sku-17"]);
  const count: number = session.increment("userId", id ?? 1);
  // @ts-expect-error a field that Data does not have
  session.get("user");
  // @ts-expect-error a value of another type
  session.set("userId", "7");
  // @ts-expect-error what is read can't be written to
  session.data.userId = count;
  session.flash("notice", "saved");
  const notice: string | undefined = session.flashed("notice");
  // @ts-expect-error a flash of another type
  session.flash("notice", 7);
  // @ts-expect-error a flash that Flash does not have
  session.flashed("warning");
  // @ts-expect-error a field is no flash
  session.flashed("userId");
  // @ts-expect-error a flash is no field
  session.get("notice");
  session.login(`user-${count}`, { device: notice }, { keep: ["cart"] });
  // @ts-expect-error keeps a field that Data does not have
  session.login("user-1", {}, { keep: ["user"] });
  // @ts-expect-error a subject is a string
  session.login(7);
  session.logout({ everywhere: true });
  const token: string = csrf(session).token();
  const fits: boolean = csrf(session).verify(token);
  // @ts-expect-error who the user is is decided by login()
  session.subject = fits ? "user-1" : "user-2";
  return new Response(null);
});

// @ts-expect-error sameSite is one of three
sessions({ cookie: { sameSite: "lax" } });
// @ts-expect-error SameSite=None needs Secure
sessions({ cookie: { sameSite: "None", secure: false } });
// @ts-expect-error Partitioned needs Secure
sessions({ cookie: { partitioned: true, secure: false } });
// @ts-expect-error a cookie with this prefix has no domain
sessions({ cookie: { name: "__Host-id", domain: "shop.test" } });
// @ts-expect-error in no letter case
sessions({ cookie: { name: "__hOsT-id", domain: "shop.test" } });
sessions({ cookie: { name: "__Host-id", secure: true, sameSite: "None", partitioned: true } });
sessions({ cookie: { name: "__Secure-id", domain: "shop.test", secure: "auto", sameSite: "None" } });
for (const name of ["id", "_id", "hid", "_Host-id", "$1"] as const) {
  sessions({ cookie: { name, domain: "shop.test", secure: false, sameSite: "Lax" } });
}
export const cookie: CookieOptions = { name: String(1), secure: Math.random() > 2, sameSite: "Strict" };
sessions({ secrets: ["new", "old"], renewGrace: 0, maxStale: "1m", onConflict: "throw", csrf: true });
sessions({ csrf: { origins: ["https://app.example"] } });
// @ts-expect-error secrets are text
sessions({ secrets: new Uint8Array(32) });
// @ts-expect-error there is no such option
sessions({ ttl: 5 });

export async function byHand(request: Request): Promise<Response> {
  const session: Session<Data, Flash> = await typed.open(request);
  session.update((data) => ({ userId: data.userId + 1 }));
  const list: Listed[] = await typed.list("user-1");
  const ended: number = await typed.revoke("user-1", { except: session });
  // @ts-expect-error an exception is a session
  await typed.revoke("user-1", { except: list[ended]?.id });
  return typed.commit(session, new Response("ok"));
}

export const table: Table = createTable("t", { maxBytes: "1MiB", onFull: "refuse", now: () => 0 });
export const row: Row | undefined = table.lookup("k");
export const page: Array<[string, Row, Meta]> = table.select({ where: { a: 1 } }, { limit: 5 }).rows;
// @ts-expect-error a duration is a number or a string
createTable("t", { idle: new Date() });

const config = init({ table: "t" });
export const sid: string = put(null, { a: 1 }, config);
export const found: [string, Row] | [null, Row] = get(sid, config);
export const ok: "ok" = remove(sid, config);

export function numbers(error: unknown): number | undefined {
  return error instanceof EtsError && error.code === "ERR_TABLE_FULL"
    ? Number(error.details.needed)
    : undefined;
}

/* A store by the application's own type of `env`, as Cloudflare's tools make it. */
interface Env {
  SESSIONS: Store;
}
export const byEnv = sessions({ store: (env: Env) => env.SESSIONS });
