import { createMemorySessionStorage } from "react-router";

export const title = "React Router, createMemorySessionStorage";
export const versionOf = "react-router";

/** As an action has it: it commits what it wrote by hand, with its response. */
export function open({ minutes } = {}) {
  const maxAge = minutes === undefined ? {} : { maxAge: minutes * 60 };
  const storage = createMemorySessionStorage({
    cookie: {
      name: "__session",
      secrets: ["a secret"],
      path: "/",
      httpOnly: true,
      sameSite: "lax",
      ...maxAge,
    },
  });
  return {
    byHand: true,
    async request(handler, { cookie } = {}) {
      const session = await storage.getSession(cookie);
      let wrote = false;
      let ended = false;
      const status = await handler({
        get: (key) => session.get(key),
        set: (key, value) => {
          session.set(key, value);
          wrote = true;
        },
        end: () => {
          ended = true;
        },
      });
      const response = new Response("ok", { status });
      if (ended) response.headers.append("Set-Cookie", await storage.destroySession(session));
      else if (wrote) response.headers.append("Set-Cookie", await storage.commitSession(session));
      return response;
    },
    close() {},
  };
}
