import { inspector } from "ets-session/inspector";

/** The shop has no operators to tell apart. It is on this machine alone, and so is who may look into it. */
const guard = ({ url }) => ["localhost", "127.0.0.1"].includes(new URL(url).hostname);

const made = new WeakMap();

/** The inspector of the sessions that a request has to do with. */
export function inspect(request, { sessions, env }) {
  if (!made.has(sessions)) made.set(sessions, inspector(sessions, { guard }));
  return made.get(sessions)(request, env);
}
