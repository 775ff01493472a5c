/** The site in Hono, as a worker too. */
import { sessions } from "ets-session";
import { sessionMiddleware } from "ets-session/hono";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { stream } from "hono/streaming";
import { PATHS } from "./site.mjs";

const app = new Hono().use(sessionMiddleware(sessions({ table: "hono", csrf: true })));

app.get("/socket", (c) => {
  const [client, server] = Object.values(new globalThis.WebSocketPair());
  server.accept();
  server.send(`visit ${c.var.session.increment("visits")}`);
  return new Response(null, { status: 101, webSocket: client });
});

for (const [path, act] of Object.entries(PATHS)) {
  app.all(path, (c) => {
    const { body = null, status = 200, headers = {}, cookies = [], refuse, ...more } = act(c.var.session);
    if (refuse) throw new HTTPException(refuse);
    for (const cookie of cookies) c.header("Set-Cookie", cookie, { append: true });
    for (const [name, value] of Object.entries(headers)) c.header(name, value);
    if (!more.stream) return c.body(body, status);
    return stream(c, async (sink) => {
      for (const letter of body) await sink.write(letter);
    });
  });
}

// What the site throws is meant to be thrown.
app.onError((error, c) => (error instanceof HTTPException ? error.getResponse() : c.text("broken", 500)));

export default app;
