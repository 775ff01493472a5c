/** Builds the playground's folder and serves it on this machine: `node serve.mjs [--port N]`. */
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { HEADERS } from "./policy.mjs";
import { serveFolder } from "./static.mjs";

function portOf(text) {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65535) return port;
  throw new Error(`--port takes a number from 0 to 65535, not ${JSON.stringify(text)}`);
}

async function main() {
  const { values } = parseArgs({ options: { port: { type: "string", default: "8789" } } });
  const port = portOf(values.port);
  const server = await serveFolder(await build(), { port, headers: HEADERS }).catch((error) => {
    if (error.code !== "EADDRINUSE") throw error;
    throw new Error(`port ${port} is taken: choose another with --port, 0 for any`);
  });
  console.log(`The playground is open at ${server.url} (Ctrl-C closes it)`);
  await new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, resolve);
  });
  server.stop();
}

main().catch((error) => {
  console.error(`playground: ${error.message}`);
  process.exitCode = 1;
});
