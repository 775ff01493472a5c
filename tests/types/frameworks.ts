// What the other adapters give is what their frameworks take. Oak and h3 are held to it by their shape alone.
import { type Session, sessions } from "ets-session";
import { handleSession } from "ets-session/sveltekit";

type Data = { userId: number };

interface Event {
  request: Request;
  locals: { session: Session<Data>; user?: string };
  platform: Readonly<{ env: { KV: string } }> | undefined;
}
interface Other {
  request: Request;
  locals: { session: Session<{ name: string }> };
  platform: undefined;
}
type Handle<Of> = (input: {
  event: Of;
  resolve: (event: Of, options?: { preload?: () => boolean }) => Response | Promise<Response>;
}) => Response | Promise<Response>;

export const handle: Handle<Event> = handleSession(sessions<Data>());
// @ts-expect-error App.Locals has a session of another type
export const other: Handle<Other> = handleSession(sessions<Data>());
