/**
 * "ets-session/hono": sessions in Hono, as `c.var.session`.
 *
 * @module
 */
import type { Context, MiddlewareHandler, Next } from "hono";
import type { Sessions } from "../manager.js";
import type { Row, Session } from "../types.js";

export { EtsError } from "../errors.js";

/** What the middleware adds to Hono's Env. */
export interface SessionEnv<Data extends object = Row, Flash extends object = Row> {
  Variables: { session: Session<Data, Flash> };
}

/**
 * Opens the session before the handlers and commits it with their response. A handler that throws stores
 * nothing, whatever onError() makes of it, an HTTPException included.
 *
 * @example
 * const app = new Hono()
 *   .use(sessionMiddleware(sessions<{ visits: number }>()))
 *   .get("/", (c) => c.text(`visit ${c.var.session.increment("visits")}`));
 */
export function sessionMiddleware<Data extends object = Row, Flash extends object = Row>(
  sessions: Sessions<Data, Flash>,
): MiddlewareHandler<SessionEnv<Data, Flash>> {
  type Call = { c: Context<SessionEnv<Data, Flash>>; next: Next; passed?: true };
  const handle = sessions.handle<unknown, Call>(async (_request, session, _env, call) => {
    const { c, next } = call;
    c.set("session", session);
    await next();
    call.passed = true;
    // Hono has answered an error already; what it threw shows here alone.
    if (c.error !== undefined) session.ignore();
    return c.res;
  });
  return async (c, next) => {
    const call: Call = { c, next };
    const response = await handle(c.req.raw, c.env, call);
    if (!call.passed) return response;
    if (response !== c.res) {
      // Hono would add the headers of the response before to the one that takes its place.
      c.res = undefined;
      c.res = response;
    }
    return undefined;
  };
}
