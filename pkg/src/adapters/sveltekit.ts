/**
 * "ets-session/sveltekit": sessions in SvelteKit, as `event.locals.session`.
 *
 * @module
 */
import type { Sessions } from "../manager.js";
import type { Row, Session } from "../types.js";

export { EtsError } from "../errors.js";

/** What of SvelteKit's RequestEvent is used; App.Locals must have the session, of these types. */
export interface SessionEvent<Data extends object = Row, Flash extends object = Row> {
  request: Request;
  locals: { session: Session<Data, Flash> };
  platform?: unknown;
}

/** A `handle` for src/hooks.server.ts, alone or in sequence(). */
export type SessionHandle<Data extends object = Row, Flash extends object = Row> = <
  Event extends SessionEvent<Data, Flash>,
>(input: {
  event: Event;
  resolve: (event: Event) => Response | Promise<Response>;
}) => Promise<Response>;

/**
 * Opens the session before the hooks that follow, load functions, actions and endpoints, and commits it with
 * the response. `platform.env`, where the adapter gives one, is what a store is made from.
 *
 * What is written by a promise that load() hands on unawaited comes after the response and is refused
 * (ERR_COMMITTED). A page that ends in an unexpected error has status 500 and stores nothing; error(4xx) and
 * redirect() are answers, and what was written before them is stored.
 *
 * @example
 * // src/hooks.server.ts
 * export const handle = handleSession(sessions<{ visits: number }>());
 */
export function handleSession<Data extends object = Row, Flash extends object = Row>(
  sessions: Sessions<Data, Flash>,
): SessionHandle<Data, Flash> {
  type Call = (session: Session<Data, Flash>) => Response | Promise<Response>;
  const handle = sessions.handle<unknown, Call>((_request, session, _env, call) => call(session));
  return ({ event, resolve }) => {
    const { env } = (event.platform ?? {}) as { env?: unknown };
    return handle(event.request, env, (session) => {
      event.locals.session = session;
      return resolve(event);
    });
  };
}
