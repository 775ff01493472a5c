/** The site in Oak, in Deno: behind Deno's own server, and behind the one that listen() starts. */
import { Application } from "@oakserver/oak";
import { sessions } from "ets-session";
import { sessionMiddleware } from "ets-session/oak";
import { createTable } from "ets-session/table";
import { equal, group, ok, test } from "../suite/harness.js";
import { moduleOf } from "./pages.mjs";
import { behaves, PATHS, pieces } from "./site.mjs";
import { Visitor } from "./visitor.mjs";

const table = createTable("oak", { hashKeys: true });
const app = new Application({ logErrors: false });
app.use(async (ctx, next) => {
  try {
    await next();
  } catch (error) {
    if (ctx.request.url.searchParams.get("caught") === null) throw error;
    ctx.response.status = 200;
    ctx.response.body = "caught";
  }
});
app.use(sessionMiddleware(sessions({ table, csrf: true })));
app.use(async (ctx) => {
  const { pathname } = ctx.request.url;
  if (pathname === "/socket") {
    ctx.state.session.increment("visits");
    // As an upgrade does.
    ctx.respond = false;
    return;
  }
  const made = pathname === "/made";
  const act = made ? PATHS["/count"] : PATHS[pathname];
  const { body, status, headers = {}, cookies = [], refuse, stream } = act(ctx.state.session);
  if (refuse) ctx.throw(refuse);
  if (made) {
    ctx.response.with(body, { status: 200 });
    return;
  }
  for (const cookie of cookies) {
    const [name, value] = cookie.split(/[=;]/);
    await ctx.cookies.set(name, value);
  }
  for (const [name, value] of Object.entries(headers)) ctx.response.headers.set(name, value);
  if (headers.Location) ctx.response.redirect(headers.Location);
  else ctx.response.body = stream ? pieces(body) : body;
  if (status) ctx.response.status = status;
});

const { Deno } = globalThis;
const loopback = { hostname: "127.0.0.1", port: 0, onListen() {} };
/** Oak's package for npm makes Responses that are not Deno's. */
const native = Deno.serve(loopback, async (request, { remoteAddr }) => {
  const { body, status, headers } = await app.handle(request, remoteAddr);
  return new Response(body, { status, headers: [...headers] });
});
const to = (port) => (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init);
const send = to(native.addr.port);

// Oak tells the port that it was told, so that has to be a free one.
const free = Deno.listen(loopback);
const { port } = free.addr;
free.close();
app.listen({ hostname: "127.0.0.1", port });
await new Promise((resolve) => app.addEventListener("listen", resolve, { once: true }));

behaves("oak", () => send, { errorsPrivate: false });

group("oak", () => {
  // Of several Set-Cookie headers the npm package's own server sends the last alone, whoever set them.
  test("listen() serves it too", async () => {
    const visitor = new Visitor(to(port));
    equal((await visitor.visit("/count")).lines.length, 1);
    equal((await visitor.visit("/count")).text, "visit 2");
    const headers = { "sec-fetch-site": "cross-site", origin: "https://evil.example" };
    equal((await visitor.visit("/count", { method: "POST", headers })).status, 403);
  });

  test("a response of one's own gets the cookie too", async () => {
    const visitor = new Visitor(send);
    equal((await visitor.visit("/made")).lines.length, 1);
    equal((await visitor.visit("/made")).text, "visit 2");
  });

  test("an answer that middleware makes of an error is private, and nothing is stored", async () => {
    const visitor = new Visitor(send);
    const caught = await visitor.visit("/throw?caught");
    equal(caught.text, "caught");
    equal(caught.lines.length, 0);
    equal(caught.headers.get("cache-control"), "private");
  });

  test("what Oak does not answer itself, an upgrade say, is stored", async () => {
    const before = table.size;
    equal(await app.handle(new Request("http://app.test/socket")), undefined);
    equal(table.size, before + 1);
  });

  test("a proxy that is to be believed says what the scheme is", async () => {
    for (const proxy of [true, false]) {
      const site = new Application({ proxy });
      site.use(sessionMiddleware(sessions({ table: "oak behind a proxy" })));
      site.use((ctx) => {
        ctx.response.body = `${ctx.state.session.increment("visits")}`;
      });
      const headers = { "x-forwarded-proto": "https", "x-forwarded-host": "app.test" };
      const response = await site.handle(new Request("http://inside.test/", { headers }));
      ok(response.headers.getSetCookie()[0].startsWith(proxy ? "__Host-sid=" : "sid="));
    }
  });

  test("the page's code runs", async () => {
    const { default: page } = await moduleOf("frameworks/oak.md")("server.js");
    const visitor = new Visitor((path, init) => page.fetch(new Request(`http://app.test${path}`, init)));
    equal((await visitor.visit("/")).text, "visit 1");
    equal((await visitor.visit("/")).text, "visit 2");
  });
});
