/** The site in SvelteKit: built by Vite, and served by Vite's preview. Both go by the working directory. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { createBuilder, preview } from "vite";
import { equal, group, ok, test } from "../suite/harness.js";
import { blocks, FOLDER } from "./pages.mjs";
import { behaves } from "./site.mjs";
import { Visitor } from "./visitor.mjs";

const site = fileURLToPath(new URL("site.mjs", import.meta.url));

const NEEDED = {
  "package.json": `{ "private": true, "type": "module" }`,
  "vite.config.js": `
    import { sveltekit } from "@sveltejs/kit/vite";
    const platform = () => ({ env: { NAME: "value" } });
    const adapter = { name: "none", adapt() {}, emulate: () => ({ platform }) };
    export default { plugins: [sveltekit({ adapter })], logLevel: "error" };`,
  "src/app.html": "<html><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>",
};

const SITE = {
  ...NEEDED,
  "src/hooks.server.js": `
    import { sequence } from "@sveltejs/kit/hooks";
    import { sessions } from "ets-session";
    import { handleSession } from "ets-session/sveltekit";
    const late = async ({ event, resolve }) => {
      const response = await resolve(event);
      response.headers.set("x-late", String(event.locals.session !== undefined));
      return response;
    };
    const asks = sessions({ table: "asks", store: (env) => { throw new Error("asked with " + env.NAME); } });
    const asking = handleSession(asks);
    const ask = (input) => input.event.url.pathname === "/ask" ? asking(input) : input.resolve(input.event);
    export const handle = sequence(handleSession(sessions({ csrf: true })), late, ask);
    export const handleError = ({ error }) => ({ message: error.message });`,
  "src/routes/[...path]/+server.js": `
    import { error, redirect } from "@sveltejs/kit";
    import { answer, PATHS } from ${JSON.stringify(site)};
    export const GET = ({ params, locals, cookies, setHeaders }) => {
      const { refuse, cookies: own = [], headers = {}, ...given } = PATHS["/" + params.path](locals.session);
      if (refuse) error(refuse);
      if (headers.Location) redirect(given.status, headers.Location);
      for (const cookie of own) {
        const [name, value] = cookie.split(/[=;]/);
        cookies.set(name, value, { path: "/" });
      }
      setHeaders(headers);
      return answer(given);
    };
    export const POST = GET;`,
  "src/routes/form/+page.server.js": `
    export const load = ({ locals }) => ({ visits: locals.session.get("visits", 0) });
    export const actions = { default: ({ locals }) => { locals.session.increment("visits"); } };`,
  "src/routes/form/+page.svelte": "<script>let { data } = $props();</script><p>visits: {data.visits}</p>",
  "src/routes/inner/+page.server.js": `
    export const load = async ({ fetch }) => ({ text: await (await fetch("/count")).text() });`,
  "src/routes/inner/+page.svelte": "<script>let { data } = $props();</script><p>{data.text}</p>",
};

/** Builds it, and gives what sends a request to it. */
async function served(name, files) {
  const root = join(FOLDER, name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  process.chdir(root);
  const builder = await createBuilder({ root });
  await builder.buildApp();
  const server = await preview({ root, preview: { host: "127.0.0.1", port: 0 } });
  const { port } = server.httpServer.address();
  return (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init);
}

// Vite tells of what it did on stdout, where the results go.
console.log = console.info = () => {};
const send = await served("site", SITE);
const page = await served("page", {
  ...NEEDED,
  ...Object.fromEntries(blocks("frameworks/sveltekit.md")),
  "src/routes/+page.svelte": "<script>let { data } = $props();</script><p>visits: {data.visits}</p>",
});

const post = (visitor, path, to) => {
  const origin = new URL(to.url).origin;
  const headers = { origin, "content-type": "application/x-www-form-urlencoded" };
  return visitor.visit(path, { method: "POST", headers, body: "a=1" });
};

behaves("sveltekit", () => send, { refusalStores: true });

group("sveltekit", () => {
  test("load reads and an action writes, on the page and in the data behind it", async () => {
    const visitor = new Visitor(send);
    const before = await visitor.visit("/form");
    ok(before.text.includes("visits: 0"));
    equal(before.lines.length, 0);
    equal(before.headers.get("vary"), "Cookie");
    equal((await post(visitor, "/form", await send("/untouched", {}))).lines.length, 1);
    ok((await visitor.visit("/form")).text.includes("visits: 1"));
    const data = await visitor.visit("/form/__data.json");
    ok(JSON.parse(data.text).nodes.some((node) => node?.data?.includes(1)));
    ok(/private/.test(data.headers.get("cache-control")), data.headers.get("cache-control"));
  });

  test("the cookie of an endpoint that load fetches reaches the browser", async () => {
    const visitor = new Visitor(send);
    ok((await visitor.visit("/inner")).text.includes("visit 1"));
    equal((await visitor.visit("/count")).text, "visit 2");
    equal((await visitor.visit("/inner")).lines.length, 0);
  });

  test("hooks that come after it have the session", async () =>
    equal((await new Visitor(send).visit("/count")).headers.get("x-late"), "true"));

  test("a store is made from the platform's env", async () => {
    const { status, text } = await new Visitor(send).visit("/ask", {
      headers: { accept: "application/json" },
    });
    equal(status, 500);
    equal(JSON.parse(text).message, "asked with value");
  });

  test("the page's code runs", async () => {
    const visitor = new Visitor(page);
    ok((await visitor.visit("/")).text.includes("visits: 0"));
    await post(visitor, "/", await page("/", {}));
    ok((await visitor.visit("/")).text.includes("visits: 1"));
  });
});
