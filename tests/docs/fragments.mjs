const A_HANDLER = "it is a part of a handler";
const BINDINGS = "what is bound to a worker is the application's to type";

/**
 * What blocks of code take for granted, by page and by a piece of their text that no other block of the page has.
 * The page's own words say what these things are; a block with all of it would hide what it is about.
 *
 * `before` is TypeScript that is put before the block. With `within`, the block is what a handler does. One that is
 * `untyped` is not looked at by the compiler.
 */
export const FRAGMENTS = {
  "www/docs/api.md": [
    {
      has: "csrf(session).token()",
      before: "declare const session: Session, request: Request;",
      within: true,
      why: A_HANDLER,
    },
    {
      has: "redisStore(client)",
      before: "declare const client: RedisClient;",
      why: "the client is the application's",
    },
    {
      has: "Deno.openKv()",
      before: "declare const Deno: { openKv(): Promise<DenoKv> };",
      why: "Deno has it",
    },
    {
      has: "workersKvStore(env.SESSIONS)",
      before: "interface Env { SESSIONS: Parameters<typeof workersKvStore>[0] }",
      why: BINDINGS,
    },
    {
      has: "durableObjectStore(env.SESSIONS",
      before: "interface Env { SESSIONS: Parameters<typeof durableObjectStore>[0] }",
      why: BINDINGS,
    },
    {
      has: "inspector(visitors",
      before: `declare const visitors: Sessions, request: Request, env: unknown, url: URL;
        declare function isAdmin(request: Request, env: unknown): boolean;`,
      within: true,
      why: A_HANDLER,
    },
    {
      has: "leftOut",
      before: `declare const client: unknown;
        declare function myStore(client: unknown, clock: { now: () => number }): import("ets-session/stores").Store;`,
      why: "it is about somebody else's store",
    },
    {
      has: "new Hono()",
      before: 'import { Hono } from "hono";',
      why: "frameworks' own names are theirs to explain",
    },
    {
      has: "new H3()",
      before: `import { H3 } from "h3";
        declare module "h3" { interface H3EventContext extends SessionContext {} }`,
      why: "frameworks' own names are theirs to explain",
    },
    { has: "[sessionMiddleware(manager)]", before: "declare const manager: Sessions;", why: "as above" },
    {
      has: "ctx.response.body",
      before: 'import { Application } from "@oak/oak"; const app = new Application();',
      why: "as above",
    },
    {
      has: "new EtsStore(",
      before: `import express from "express"; import session from "express-session";
        const app = express(), secret = "";`,
      why: "frameworks' own names are theirs to explain",
    },
    { has: "createStorage(", before: 'import { createStorage } from "unstorage";', why: "as above" },
    {
      has: "betterAuth(",
      before: 'import { betterAuth } from "better-auth"; declare const database: undefined;',
      why: "as above",
    },
  ],
  "www/docs/stores.md": [
    {
      has: "testStore(test",
      before: 'declare const client: import("ets-session/stores/redis").RedisClient;',
      why: "the client is the application's",
    },
    {
      has: "export { SessionShard }",
      untyped: true,
      why: "the worker's bindings have no types in JavaScript; it is run",
    },
  ],
  "www/docs/wasm-pack.md": [
    {
      has: "store.createTable",
      before: `declare const store: Pick<typeof import("ets-session/store"), "init" | "get" | "put"> & {
        createTable(name: string, options?: object): void;
        _delete: typeof import("ets-session/store").delete;
      };`,
      why: "how the store comes is in the table below it, and differs",
    },
  ],
};

/** Named blocks that are run and whose types are not looked at, with the reason. */
export const UNTYPED = {
  "www/docs/frameworks/express.md fastify.mjs":
    "@fastify/session's types have an object for its class of stores",
  "www/docs/frameworks/h3.md server.js": "the page says below how its context is typed",
  "www/docs/frameworks/react-router.md app/routes/cart.js": "fields of a session without types are unknown",
  "www/docs/moving.md hono-sessions/ours.mjs": "Hono without the types of its variables",
  "www/docs/moving.md hono-sessions/theirs.mjs": "Hono without the types of its variables",
  "www/docs/moving.md iron-session/theirs.mjs": "iron-session's types want fields declared",
  "www/docs/runtimes/browsers.md page.js": "fields of a row are unknown",
  "www/docs/runtimes/node.md server.mjs": "node:http has lists among its headers, in its types",
};
