// One request through sessions(): a session made, stored and sent as a cookie.
import { sessions } from "ets-session";

const session = sessions({ idle: "30m" });

export default {
  fetch: session.handle((_request, session) => {
    session.set("user_id", 1);
    return new Response(`${session.get("user_id")} function`);
  }),
};
