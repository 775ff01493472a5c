// The same by iron-session, which seals the session into the cookie.
import { getIronSession } from "iron-session";

const options = { password: "a password of thirty-two characters", cookieName: "sid", ttl: 1800 };

export default {
  async fetch(request) {
    const headers = new Headers();
    const session = await getIronSession(request, new Response(null, { headers }), options);
    session.user_id = 1;
    await session.save();
    return new Response(`${session.user_id} function`, { headers });
  },
};
