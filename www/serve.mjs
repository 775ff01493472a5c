import { access } from "node:fs/promises";
import { createServer } from "node:net";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { passOn } from "./stdio.mjs";

const BUILT = new URL("../pkg/dist/index.js", import.meta.url);

/** Serves the shop from workerd on this machine alone. Port 0: any free one. */
export async function startDemo({ port = 0 } = {}) {
  await built();
  await free(port);
  const [{ Log, LogLevel, Miniflare }, { assets, bundle }] = await Promise.all([
    import("miniflare"),
    import("./bundle.mjs"),
  ]);
  const worker = new Miniflare({
    host: "127.0.0.1",
    port,
    cf: false,
    log: new Log(LogLevel.WARN),
    handleRuntimeStdio: passOn,
    modules: await bundle(),
    compatibilityDate: "2026-04-01",
    bindings: { ASSETS: await assets() },
  });
  const ready = await worker.ready.catch(async (error) => {
    // Left open, it would keep this process from ending.
    await worker.dispose().catch(() => {});
    throw error;
  });
  return { url: `http://localhost:${ready.port}`, stop: () => worker.dispose() };
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
    probe.listen(port, "127.0.0.1", () => probe.close(resolve));
  });
}

function portOf(text) {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new Error(`--port takes a number from 0 to 65535, not ${JSON.stringify(text)}`);
}

async function main() {
  const { values } = parseArgs({ options: { port: { type: "string", default: "8787" } } });
  const demo = await startDemo({ port: portOf(values.port) });
  console.log(`Tile & Table is open at ${demo.url} (Ctrl-C closes it)`);
  await new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, resolve);
  });
  await demo.stop();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  main().catch((error) => {
    console.error(`demo: ${error.message}`);
    process.exitCode = 1;
  });
}
