// Hono knows what the session holds, and flashes, without being told.
import { type Session, sessions } from "ets-session";
import { type SessionEnv, sessionMiddleware } from "ets-session/hono";
import { Hono } from "hono";

type Data = { userId: number; cart: string[] };
type Flash = { notice: string };

const manager = sessions<Data, Flash>();

export const chained = new Hono()
  .use(sessionMiddleware(manager))
  .get("/", (c) => {
    const session: Session<Data, Flash> = c.var.session;
    const id: number | undefined = c.var.session.get("userId");
    const notice: string | undefined = c.get("session").flashed("notice");
    // @ts-expect-error a field that Data does not have
    c.var.session.get("user");
    // @ts-expect-error a value of another type
    c.var.session.set("userId", "7");
    // @ts-expect-error nothing else was put there
    c.var.user;
    return c.text(`${session.isNew} ${id} ${notice}`);
  })
  .post("/cart", (c) => c.json(c.var.session.get("cart", [])));

type Bindings = { KV: string };
export const besides = new Hono<{ Bindings: Bindings } & SessionEnv<Data, Flash>>();
besides.use("/shop/*", sessionMiddleware(manager));
besides.get("/shop/:id", (c) => {
  const cart: string[] = c.var.session.get("cart", []);
  return c.text(c.env.KV + c.req.param("id") + cart.length);
});

export const loose = new Hono()
  .use(sessionMiddleware(sessions()))
  .get("/", (c) => c.text(`${c.var.session.increment("visits")}`));
