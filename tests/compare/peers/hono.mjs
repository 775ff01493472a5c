import { Hono } from "hono";
import { MemoryStore, sessionMiddleware } from "hono-sessions";

export const title = "hono-sessions, MemoryStore";
export const versionOf = "hono-sessions";

/** With the options of its README's example. */
export function open({ minutes = 15 } = {}) {
  const store = new MemoryStore();
  const guard = sessionMiddleware({
    store,
    encryptionKey: "password_at_least_32_characters_long",
    expireAfterSeconds: minutes * 60,
    cookieOptions: { sameSite: "Lax", path: "/", httpOnly: true },
  });
  return {
    async request(handler, headers) {
      let thrown;
      const app = new Hono();
      app.onError((error, c) => {
        thrown = error;
        return c.text("failed", 500);
      });
      app.use("*", guard);
      app.get("/", async (c) => {
        const session = c.get("session");
        const status = await handler({
          get: (key) => session.get(key) ?? undefined,
          set: (key, value) => session.set(key, value),
          end: () => session.deleteSession(),
          renew: () => c.set("session_key_rotation", true),
        });
        return c.text("ok", status);
      });
      const response = await app.request("/", { headers });
      if (thrown !== undefined) throw thrown;
      return response;
    },
    rows: () => store.data.size,
    close() {},
  };
}
