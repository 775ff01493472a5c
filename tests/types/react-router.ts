// The storage is React Router's, the context is one of its contexts, the middleware one of its middlewares.
import { type Session, sessions } from "ets-session";
import { sessionContext, sessionMiddleware, sessionStorage } from "ets-session/react-router";
import {
  type MiddlewareFunction,
  type RouterContext,
  RouterContextProvider,
  type SessionStorage,
} from "react-router";

type Data = { userId: number; cart: string[] };
type Flash = { notice: string };

const ours = sessionStorage<Data, Flash>(sessions<Data>(), { scheme: "http" });
export const theirs: SessionStorage<Data, Flash> = ours;
export const loose: SessionStorage = sessionStorage(sessions());

export async function action(request: Request): Promise<string> {
  const session = await ours.getSession(request.headers.get("Cookie"));
  const id: number | undefined = session.get("userId");
  const notice: string | undefined = session.get("notice");
  session.set("userId", (id ?? 0) + 1);
  session.flash("notice", notice ?? "");
  session.unset("cart");
  session.login("ada", {}, { keep: ["cart"] });
  // @ts-expect-error a field that Data does not have
  session.set("user", 1);
  // @ts-expect-error a flash of another type
  session.flash("notice", 1);
  return ours.commitSession(session);
}

const manager = sessions<Data, Flash>();
export const context: RouterContext<Session<Data, Flash>> = sessionContext(manager);
export const middleware: MiddlewareFunction<Response>[] = [sessionMiddleware(manager)];
export const cart: string[] | undefined = new RouterContextProvider()
  .get(sessionContext(manager))
  .get("cart");
