// Sessions in Redis: Debian's server, and the clients that users have.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { redisStore } from "ets-session/stores/redis";
import { print } from "../runtimes/report.mjs";
import { examine, one } from "./collect.mjs";
import { ioredis, nodeRedis, upstash } from "./redis-clients.mjs";
import { lifetimes, restarted } from "./redis-restart.mjs";
import { RedisServer } from "./redis-server.mjs";

const CLIENTS = { "node-redis": nodeRedis, ioredis, upstash };
const PREFIX = "test:";
const results = [];

const server = await new RedisServer().start();
try {
  for (const [name, connected] of Object.entries(CLIENTS)) {
    const { client, raw, close } = await connected(server.port);
    try {
      const { results: some, leftOut } = await examine(`redis, ${name}`, {
        make: ({ now }) => redisStore(client, { prefix: PREFIX, now }),
        async corrupt(key, change) {
          const kept = new TextEncoder().encode(await raw("GET", PREFIX + key));
          const text = String.fromCharCode(...change(kept));
          await raw("SET", PREFIX + key, text, "KEEPTTL");
        },
      });
      results.push(...some);
      for (const test of leftOut) console.log(`left out: ${test}`);
    } finally {
      close();
    }
  }
  results.push(...(await lifetimes(server, ioredis)));
} finally {
  await server.kill();
}

const folder = await mkdtemp(join(tmpdir(), "ets-session-redis-"));
try {
  for (const [name, connected] of Object.entries({ "node-redis": nodeRedis, ioredis })) {
    const lasting = await new RedisServer(await mkdtemp(join(folder, name))).start();
    try {
      results.push(
        await one(`redis, ${name}: killed and started again`, () => restarted(lasting, connected)),
      );
    } finally {
      await lasting.kill();
    }
  }
} finally {
  await rm(folder, { recursive: true });
}
print("stores/redis", results);
