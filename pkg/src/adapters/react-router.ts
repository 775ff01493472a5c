/**
 * "ets-session/react-router": sessions in React Router 7, as the SessionStorage that loaders and actions know,
 * or as middleware.
 *
 * @module
 */
import { badOption } from "../errors.js";
import type { Sessions } from "../manager.js";
import type { Row, Session } from "../types.js";
import {
  type Opener,
  type Ours,
  type RouterSession,
  type Step,
  StoredSession,
} from "./react-router-session.js";

export { EtsError } from "../errors.js";

export type { Ours, RouterSession } from "./react-router-session.js";

/** React Router's SessionStorage. */
export interface SessionStorage<Data extends object = Row, Flash extends object = Data> {
  getSession(cookieHeader?: string | null): Promise<RouterSession<Data, Flash> & Ours<Data>>;
  /** The Set-Cookie header; "" where there is nothing to send. */
  commitSession(session: RouterSession<Data, Flash>): Promise<string>;
  destroySession(session: RouterSession<Data, Flash>): Promise<string>;
}

/** What a request would have told. */
export interface SessionStorageOptions {
  /** How the site is reached: there is no request to tell it. Default "https". */
  scheme?: "https" | "http";
  /** What a store is made from. */
  env?: unknown;
}

/**
 * React Router's SessionStorage over these sessions. What is different from its own:
 *
 * - commitSession() stores what this session wrote, not all that it read: two requests that write different
 *   fields keep both. Nothing is stored, and "" is given, where nothing was written.
 * - A session that was destroyed, or that ended meanwhile, is not revived by a later commit.
 * - Whoever brings an unknown id gets a new one. The cookie is as `sessions({ cookie })` says; options of
 *   commitSession() are not heard.
 * - There is no request, so `skip` and `csrf` don't see one.
 *
 * @example
 * export const { getSession, commitSession, destroySession } = sessionStorage(sessions());
 */
export function sessionStorage<Data extends object = Row, Flash extends object = Data>(
  sessions: Sessions<Data>,
  options: SessionStorageOptions = {},
): SessionStorage<Data, Flash> {
  const { scheme = "https", env } = options;
  // Which fields there are is the caller's to know, as in React Router itself.
  const untyped = sessions as unknown as Sessions;
  const open: Opener = (cookie) => {
    const headers: HeadersInit = cookie ? { Cookie: cookie } : {};
    return untyped.open(new Request(`${scheme}://localhost/`, { headers }), env);
  };
  const commit = async (session: object, last?: Step) => {
    if (session instanceof StoredSession) return session.commit(untyped, open, last);
    throw badOption("session", session, "a session that getSession() gave");
  };
  return {
    async getSession(cookie = null) {
      const session: object = new StoredSession(await open(cookie), cookie);
      return session as RouterSession<Data, Flash> & Ours<Data>;
    },
    commitSession: (session) => commit(session),
    destroySession: (session) => commit(session, (target) => target.destroy()),
  };
}

/** React Router's RouterContext. */
export interface SessionContext<Data extends object = Row, Flash extends object = Row> {
  defaultValue?: Session<Data, Flash>;
}

/** React Router's RouterContextProvider. */
interface Provider {
  set<T>(context: { defaultValue?: T }, value: T): void;
}

const contexts = new WeakMap<object, object>();

/** What loaders and actions get the session by: `context.get(sessionContext(manager))`. */
export function sessionContext<Data extends object = Row, Flash extends object = Row>(
  sessions: Sessions<Data, Flash>,
): SessionContext<Data, Flash> {
  const context = contexts.get(sessions) ?? {};
  contexts.set(sessions, context);
  return context;
}

/**
 * One session for all loaders and actions of a request, committed with its response: nothing is left to call.
 * A document or an action that ends in an unexpected error has status 500 and stores nothing.
 *
 * @example
 * export const middleware = [sessionMiddleware(manager)];
 * export const loader = ({ context }) => ({ visits: context.get(sessionContext(manager)).increment("visits") });
 */
export function sessionMiddleware<Data extends object = Row, Flash extends object = Row>(
  sessions: Sessions<Data, Flash>,
  options: { env?: unknown } = {},
): (
  args: { request: Request; context: Readonly<Provider> },
  next: () => Promise<Response>,
) => Promise<Response> {
  type Call = (session: Session<Data, Flash>) => Promise<Response>;
  const handle = sessions.handle<unknown, Call>((_request, session, _env, call) => call(session));
  const context = sessionContext(sessions);
  return ({ request, context: provider }, next) =>
    handle(request, options.env, (session) => {
      provider.set(context, session);
      return next();
    });
}
