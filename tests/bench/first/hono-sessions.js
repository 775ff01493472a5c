// The same by Hono with hono-sessions and its store in memory.
import { Hono } from "hono";
import { MemoryStore, sessionMiddleware } from "hono-sessions";

const app = new Hono();
app.use("*", sessionMiddleware({ store: new MemoryStore(), expireAfterSeconds: 1800 }));
app.get("*", (context) => {
  const session = context.get("session");
  session.set("user_id", 1);
  return context.text(`${session.get("user_id")} function`);
});

export default app;
