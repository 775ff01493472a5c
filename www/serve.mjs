import { access } from "node:fs/promises";
import { createServer } from "node:net";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { passOn } from "./stdio.mjs";

const HOST = "127.0.0.1";
const BUILT = new URL("../pkg/dist/index.js", import.meta.url);
const DATABASES = fileURLToPath(new URL("../target/demo", import.meta.url));

/**
 * Serves the shop from workerd on this machine alone. Port 0: any free one. With `durable`, a folder, two workers
 * share sessions in Durable Objects, whose databases lie there; the second has the next port, or any free one.
 */
export async function startDemo({ port = 0, durable } = {}) {
  await built();
  const ports = durable === undefined ? [await free(port)] : await two(port);
  const [{ Log, LogLevel, Miniflare }, { assets, bundle }] = await Promise.all([
    import("miniflare"),
    import("./bundle.mjs"),
  ]);
  const shop = { modules: await bundle(), compatibilityDate: "2026-04-01", assets: await assets() };
  const urls = ports.map((port) => `http://localhost:${port}`);
  const server = new Miniflare({
    host: HOST,
    port: ports[0],
    cf: false,
    log: new Log(LogLevel.WARN),
    handleRuntimeStdio: passOn,
    ...(durable === undefined ? alone(shop) : shared(shop, { ports, urls, durable })),
  });
  await server.ready.catch(async (error) => {
    // Left open, it would keep this process from ending.
    await server.dispose().catch(() => {});
    throw error;
  });
  return { url: urls[0], urls, stop: () => server.dispose() };
}

const alone = ({ modules, compatibilityDate, assets }) => ({
  modules,
  compatibilityDate,
  bindings: { ASSETS: assets },
});

/** Two workers, each with a port and a memory of its own; the first has the objects. */
function shared({ modules, compatibilityDate, assets }, { ports, urls, durable }) {
  const SESSIONS = { className: "SessionShard", scriptName: "one", useSQLite: true };
  const workers = ["one", "two"].map((name, index) => ({
    name,
    modules,
    compatibilityDate,
    durableObjects: { SESSIONS },
    bindings: { ASSETS: assets, WORKER: { name, other: urls[1 - index] } },
    unsafeDirectSockets: index === 0 ? [] : [{ host: HOST, port: ports[index] }],
  }));
  return { workers, durableObjectsPersist: durable };
}

async function built() {
  await access(BUILT).catch(() => {
    throw new Error(
      "the package is not built yet: run `cargo xtask build`, or `cargo xtask demo` for all of it",
    );
  });
}

// Asked beforehand, because what comes out of workerd for a taken port does not say so.
function free(port) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", () =>
      reject(new Error(`port ${port} is taken: choose another with --port, 0 for any`)),
    );
    probe.listen(port, HOST, () => {
      const { port: found } = probe.address();
      probe.close(() => resolve(found));
    });
  });
}

/** Each page names the other worker's port, so both have to be known before they start. */
async function two(port) {
  const first = await free(port);
  return [first, await free(port === 0 ? 0 : first + 1)];
}

function portOf(text) {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new Error(`--port takes a number from 0 to 65535, not ${JSON.stringify(text)}`);
}

async function main() {
  const { values } = parseArgs({
    options: { port: { type: "string", default: "8787" }, durable: { type: "boolean", default: false } },
  });
  const durable = values.durable ? DATABASES : undefined;
  const { urls, stop } = await startDemo({ port: portOf(values.port), durable });
  console.log(`Tile & Table is open at ${urls.join(" and ")} (Ctrl-C closes it)`);
  if (durable) console.log(`Sessions are in ${durable}: they are there again at the next start.`);
  await new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, resolve);
  });
  await stop();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  main().catch((error) => {
    console.error(`demo: ${error.message}`);
    process.exitCode = 1;
  });
}
