// What the adapters give is what their frameworks take, and handlers know what the session holds. These frameworks'
// own types don't pass the checks that tests/types asks for, so they are apart from those.
import { Application } from "@oakserver/oak";
import type { Handle } from "@sveltejs/kit/hooks";
import { sequence } from "@sveltejs/kit/hooks";
import { type Session, sessions } from "ets-session";
import { type SessionContext, sessionMiddleware } from "ets-session/h3";
import { sessionMiddleware as inOak, type SessionState } from "ets-session/oak";
import { handleSession } from "ets-session/sveltekit";
import { H3 } from "h3";

type Data = { visits: number };
type Other = { name: string };

declare module "h3" {
  interface H3EventContext extends SessionContext<Data> {}
}

declare global {
  namespace App {
    interface Locals {
      session: Session<Data>;
    }
    interface Platform {
      env: { KV: string };
    }
  }
}

export const h3 = new H3()
  .use(sessionMiddleware(sessions<Data>()))
  .get("/", (event) => `visit ${event.context.session.increment("visits")}`)
  // @ts-expect-error a field that Data does not have
  .get("/name", (event) => event.context.session.get("name"));

export const oak = new Application<SessionState<Data>>();
oak.use(inOak(sessions<Data>()));
oak.use((ctx) => {
  ctx.response.body = `visit ${ctx.state.session.increment("visits")}`;
  // @ts-expect-error a field that Data does not have
  ctx.state.session.get("name");
});
export const untyped = new Application().use(inOak(sessions()));

export const handle: Handle = handleSession(sessions<Data>());
export const several: Handle = sequence(handleSession(sessions<Data>()), ({ event, resolve }) => {
  event.locals.session.increment("visits");
  return resolve(event);
});
// @ts-expect-error App.Locals has a session of another type
export const other: Handle = handleSession(sessions<Other>());
