/** The site in h3, behind the server that h3 has for the runtime. */
import { serve } from "h3";
import app from "./h3-site.mjs";
import { behaves } from "./site.mjs";

const server = serve(app, { port: 0, hostname: "127.0.0.1", silent: true });
await server.ready();

behaves("h3", () => (path, init) => fetch(new URL(path, server.url), init));
