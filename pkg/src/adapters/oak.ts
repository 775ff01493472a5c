/**
 * "ets-session/oak": sessions in Oak, as `ctx.state.session`.
 *
 * @module
 */
import type { Sessions } from "../manager.js";
import type { Row, Session } from "../types.js";
import { type HeadersLike, replaceHeaders } from "./headers.js";

export { EtsError } from "../errors.js";

/** For `new Application<SessionState<Data>>()`. */
export interface SessionState<Data extends object = Row, Flash extends object = Row> {
  session: Session<Data, Flash>;
}

/** What of Oak's Context is used. Its package for npm has Requests and Headers that are not the runtime's own. */
export interface OakContext {
  app: { proxy: boolean };
  request: { readonly source?: unknown; readonly url: URL; headers: HeadersLike; method: string };
  response: {
    status: number;
    body: unknown;
    headers: HeadersLike;
    readonly writable: boolean;
    toDomResponse(): Promise<{ readonly status: number; readonly headers: HeadersLike }>;
  };
  respond: boolean;
  // Oak's own type of it says more.
  // biome-ignore lint/suspicious/noExplicitAny: any state may get a session
  state: any;
}

interface Call {
  readonly ctx: OakContext;
  readonly next: () => Promise<unknown>;
  /** The response whose headers count, once the handlers are through. */
  headers?: HeadersLike;
  thrown?: { readonly error: unknown };
}

/**
 * Opens the session before the middleware that follows, and commits it when that is done. Middleware that
 * throws stores nothing.
 *
 * @example
 * app.use(sessionMiddleware(sessions<{ visits: number }>()));
 * app.use((ctx) => {
 *   ctx.response.body = `visit ${ctx.state.session.increment("visits")}`;
 * });
 */
export function sessionMiddleware<Data extends object = Row, Flash extends object = Row>(
  sessions: Sessions<Data, Flash>,
): (ctx: OakContext, next: () => Promise<unknown>) => Promise<void> {
  const handle = sessions.handle<unknown, Call>(async (_request, session, _env, call) => {
    const { ctx, next } = call;
    ctx.state.session = session;
    try {
      await next();
    } catch (error) {
      session.ignore();
      call.thrown = { error };
    }
    const { response } = ctx;
    // After response.with() only what that was given is sent; after an upgrade nothing is.
    const given = ctx.respond && !response.writable ? await response.toDomResponse() : response;
    call.headers = given.headers;
    return new Response(null, {
      status: given.status < 200 ? 200 : given.status,
      headers: [...given.headers],
    });
  });
  return async (ctx, next) => {
    const { source, url, method, headers } = ctx.request;
    // Whoever says that a proxy is to be believed has its scheme in `url` alone.
    const known = source instanceof Request && !ctx.app.proxy;
    const request = known ? source : new Request(url, { method, headers: [...headers] });
    const call: Call = { ctx, next };
    const answer = await handle(request, undefined, call);
    if (call.headers === undefined) {
      ctx.response.status = answer.status;
      ctx.response.body = await answer.text();
      return;
    }
    replaceHeaders(call.headers, answer.headers);
    if (call.thrown !== undefined) throw call.thrown.error;
  };
}
