// The clients that users have, each connected to a server: `raw` reads and writes as redis-cli would.

import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

// For trying other versions: a folder in which they are installed.
const { REDIS_CLIENTS } = process.env;
const from = REDIS_CLIENTS ? pathToFileURL(`${REDIS_CLIENTS}/`) : import.meta.url;
const require = createRequire(from);

export async function nodeRedis(port) {
  const { createClient } = require("redis");
  const client = createClient({ url: `redis://127.0.0.1:${port}` });
  // Without a listener, a lost connection would end the process.
  client.on("error", () => {});
  await client.connect();
  return { client, raw: (...args) => client.sendCommand(args), close: () => client.destroy() };
}

export async function ioredis(port) {
  const Redis = require("ioredis");
  const client = new Redis(port, "127.0.0.1", { retryStrategy: () => 20, maxRetriesPerRequest: 1 });
  client.on("error", () => {});
  await once(client, "ready");
  return { client, raw: (...args) => client.call(...args), close: () => client.disconnect() };
}

/** Upstash's client speaks HTTP: behind a bridge that does what their proxy does, to a server here. */
export async function upstash(port) {
  const { Redis } = require("@upstash/redis");
  const behind = await ioredis(port);
  const bridge = createServer(async (request, response) => {
    const base64 = request.headers["upstash-encoding"] === "base64";
    const encoded = (result) => {
      if (Array.isArray(result)) return result.map(encoded);
      return base64 && typeof result === "string" && result !== "OK" ? btoa(result) : result;
    };
    const answer = ([command, ...args]) =>
      behind.client.call(command, ...args.map(String)).then(
        (result) => ({ result: encoded(result) }),
        (error) => ({ error: error.message }),
      );
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const asked = JSON.parse(body);
    const pipeline = request.url.endsWith("/pipeline");
    const said = await (pipeline ? Promise.all(asked.map(answer)) : answer(asked));
    response.writeHead("error" in said ? 400 : 200).end(JSON.stringify(said));
  }).listen(0, "127.0.0.1");
  await once(bridge, "listening");
  const client = new Redis({
    url: `http://127.0.0.1:${bridge.address().port}`,
    token: "any",
    enableTelemetry: false,
    retry: { retries: 0 },
  });
  const close = () => {
    bridge.close();
    bridge.closeAllConnections();
    behind.close();
  };
  return { client, raw: behind.raw, close };
}
