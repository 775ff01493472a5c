import { createServer } from "node:http";
import session from "express-session";

export const title = "express-session, MemoryStore";
export const versionOf = "express-session";

const done = (call) => new Promise((resolve, reject) => call((error) => (error ? reject(error) : resolve())));

/** With the two settings that its README recommends; over real requests, as its middleware takes no others. */
export async function open({ minutes } = {}, store = new session.MemoryStore()) {
  const cookie = minutes === undefined ? {} : { cookie: { maxAge: minutes * 60_000 } };
  const guard = session({ secret: "a secret", resave: false, saveUninitialized: false, store, ...cookie });
  const handlers = new Map();
  let last = 0;
  const server = createServer((req, res) => {
    const { handler, failed } = handlers.get(req.headers["x-handler"]);
    const fail = (error) => {
      failed(error);
      req.socket.destroy();
    };
    guard(req, res, async (error) => {
      if (error) return fail(error);
      try {
        res.statusCode = await handler({
          get: (key) => req.session[key],
          set: (key, value) => {
            req.session[key] = value;
          },
          end: () => done((callback) => req.session.destroy(callback)),
          /** Empties the session: the data is carried over by hand, as its users do. */
          renew: async () => {
            const { cookie: _own, ...data } = req.session;
            await done((callback) => req.session.regenerate(callback));
            Object.assign(req.session, data);
          },
        });
        res.end("ok");
      } catch (thrown) {
        fail(thrown);
      }
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  return {
    async request(handler, headers) {
      const id = `${++last}`;
      let thrown;
      handlers.set(id, { handler, failed: (error) => (thrown = error) });
      try {
        const response = await fetch(`http://127.0.0.1:${port}/`, {
          headers: { ...headers, "x-handler": id },
        });
        await response.arrayBuffer();
        return response;
      } catch (error) {
        throw thrown ?? error;
      } finally {
        handlers.delete(id);
      }
    },
    rows: () => new Promise((resolve) => store.length((_error, count) => resolve(count))),
    close: () => {
      server.closeAllConnections();
      server.close();
      store.stopInterval?.();
    },
  };
}
