/**
 * "ets-session/h3": sessions in h3 2, as `event.context.session`.
 *
 * @module
 */
import type { Sessions } from "../manager.js";
import type { Row, Session } from "../types.js";
import { replaceHeaders } from "./headers.js";

export { EtsError } from "../errors.js";

/** For `declare module "h3" { interface H3EventContext extends SessionContext<Data> {} }`. */
export interface SessionContext<Data extends object = Row, Flash extends object = Row> {
  session: Session<Data, Flash>;
}

/** What of H3Event is used. */
export interface SessionEvent {
  readonly req: Request;
  readonly context: object;
  readonly res: { status?: number; readonly headers: Headers; readonly errHeaders: Headers };
  readonly runtime?: { readonly cloudflare?: { readonly env?: unknown } } | undefined;
}

/** A Response, or h3's HTTPResponse: what brings headers of its own. */
interface Made {
  readonly status?: number;
  readonly statusText?: string;
  readonly headers: Headers;
  readonly body: BodyInit | null;
  readonly constructor: new (body: BodyInit | null, init: ResponseInit) => unknown;
}

interface Call {
  readonly event: SessionEvent;
  readonly next: () => unknown;
  /** Gives h3 what came of the handlers, with the headers that the commit made. */
  finish?: (answer: Response) => unknown;
}

/**
 * Opens the session before the handlers and commits it with their response. A handler that throws, or gives
 * an error, stores nothing. On Cloudflare a store is made from the worker's env.
 *
 * @example
 * const app = new H3()
 *   .use(sessionMiddleware(sessions()))
 *   .get("/", (event) => `visit ${event.context.session.increment("visits")}`);
 */
export function sessionMiddleware<Data extends object = Row, Flash extends object = Row>(
  sessions: Sessions<Data, Flash>,
): (event: SessionEvent, next: () => unknown) => Promise<unknown> {
  const handle = sessions.handle<unknown, Call>(async (_request, session, _env, call) => {
    const { event, next } = call;
    (event.context as SessionContext<Data, Flash>).session = session;
    let value: unknown;
    let thrown: { readonly error: unknown } | undefined;
    try {
      value = await next();
      // h3 answers an error that is given as one that is thrown.
      if (value instanceof Error) throw value;
    } catch (error) {
      session.ignore();
      value = undefined;
      thrown = { error };
    }
    const made = isMade(value) ? value : undefined;
    const status = made?.status ?? event.res.status ?? 200;
    // h3 has headers apart for errors, for "not found", which is a symbol, and for a Response that says so.
    const errs = thrown || typeof value === "symbol" || (value instanceof Response && status >= 400);
    const staged = errs ? event.res.errHeaders : event.res.headers;
    const headers = new Headers(made?.headers);
    for (const [name, line] of staged) {
      if (name === "set-cookie") headers.append(name, line);
      else headers.set(name, line);
    }
    const plain = new Response(null, { status: status < 200 || status > 599 ? 200 : status, headers });
    call.finish = (answer) => {
      // An upgrade can't be made anew, and has no place for headers of ours.
      const upgrade = status === 101 || (made !== undefined && "crossws" in made);
      if (answer !== plain && !upgrade) {
        replaceHeaders(staged, made === undefined ? answer.headers : new Headers());
        if (made !== undefined) {
          const { body, statusText = "" } = made;
          return new made.constructor(body, { status, statusText, headers: answer.headers });
        }
      }
      if (thrown !== undefined) throw thrown.error;
      return value;
    };
    return plain;
  });
  return async (event, next) => {
    const call: Call = { event, next };
    const answer = await handle(event.req, event.runtime?.cloudflare?.env, call);
    return call.finish === undefined ? answer : call.finish(answer);
  };
}

function isMade(value: unknown): value is Made {
  return (value as Partial<Made> | null | undefined)?.headers instanceof Headers;
}
