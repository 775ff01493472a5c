/** The site in h3. */
import { sessions } from "ets-session";
import { sessionMiddleware } from "ets-session/h3";
import { H3, HTTPError, HTTPResponse, redirect } from "h3";
import { PATHS, pieces } from "./site.mjs";

const app = new H3({ silent: true }).use(sessionMiddleware(sessions({ table: "h3", csrf: true })));

/** Each of the ways in which h3 can be given an answer. */
const WAYS = {
  "": ({ body }) => body,
  "/as-response": ({ body, status, headers }) => new Response(body, { status, headers }),
  "/as-http-response": ({ body, status, headers }) => new HTTPResponse(body, { status, headers }),
};

for (const [path, act] of Object.entries(PATHS)) {
  for (const [way, give] of Object.entries(WAYS)) {
    app.all(way + path, (event) => {
      const { refuse, cookies = [], ...given } = act(event.context.session);
      if (refuse) throw new HTTPError({ status: refuse });
      const { headers = {}, status, stream } = given;
      if (headers.Location) return redirect(headers.Location, status);
      for (const cookie of cookies) event.res.headers.append("set-cookie", cookie);
      if (way === "") {
        if (status) event.res.status = status;
        for (const [name, value] of Object.entries(headers)) event.res.headers.set(name, value);
      }
      return give(stream ? { ...given, body: pieces(given.body) } : given);
    });
  }
}

app.get("/given", (event) => {
  event.context.session.set("visits", 99);
  return new HTTPError({ status: 404 });
});

export default app;
