/** The public types, from the built package: what has to compile, and what must not. */
import { EtsError, type Session, sessions } from "ets-session";
import { get, init, put, delete as remove } from "ets-session/store";
import { createTable, type Meta, type Row, type Table } from "ets-session/table";

interface Data {
  userId: number;
  cart: string[];
}

const typed = sessions<Data>({ idle: "30m", cookie: { sameSite: "Strict", maxAge: "7d" } });

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
  return new Response(null);
});

// @ts-expect-error sameSite is one of three
sessions({ cookie: { sameSite: "lax" } });
// @ts-expect-error there is no such option
sessions({ ttl: 5 });

export async function byHand(request: Request): Promise<Response> {
  const session: Session<Data> = await typed.open(request);
  session.update((data) => ({ userId: data.userId + 1 }));
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
