// A worker that binds the package's class as users do, and one that watches what it does.
import { durableObjectStore, SessionShard } from "ets-session/durable-object";
import { examine } from "./collect.mjs";

export { SessionShard };

const TOO_LARGE = 2_000_000;

/** Shows what is stored, and counts what is asked of SQLite. */
export class WatchedShard extends SessionShard {
  static asked = { statements: 0, rowsRead: 0 };

  constructor(ctx, env) {
    const { sql } = ctx.storage;
    const exec = sql.exec.bind(sql);
    const { asked } = WatchedShard;
    sql.exec = (...args) => {
      const cursor = exec(...args);
      asked.statements++;
      return {
        toArray() {
          const rows = cursor.toArray();
          asked.rowsRead += cursor.rowsRead;
          return rows;
        },
      };
    };
    super(ctx, env);
  }

  kept(key) {
    const { sql } = this.ctx.storage;
    return new Uint8Array(sql.exec("SELECT value FROM rows WHERE key = ?", key).toArray()[0].value);
  }

  async replace(key, bytes) {
    this.ctx.storage.sql.exec("UPDATE rows SET value = ? WHERE key = ?", bytes, key).toArray();
    await this.ctx.storage.sync();
  }

  rows() {
    return this.ctx.storage.sql.exec("SELECT COUNT(*) AS rows FROM rows").toArray()[0].rows;
  }

  alarmAt() {
    return this.ctx.storage.getAlarm();
  }

  /** As after hibernation, or a new version of the worker. */
  leave() {
    this.ctx.abort("restarted by a test");
  }
}

const realNow = Date.now;

/** The class goes by the isolate's clock; with the tests' as such, it is used as it is exported. */
async function tested(name, namespace, more, only) {
  const store = {
    make({ now }) {
      Date.now = now;
      return durableObjectStore(namespace, { shards: 5, name });
    },
    tooLarge: TOO_LARGE,
    ...more,
  };
  try {
    return await examine(name, store, only);
  } finally {
    Date.now = realNow;
  }
}

const objectOf = (namespace, name, number = 0) => namespace.get(namespace.idFromName(`${name}:${number}`));

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const asks = {
  tests: ({ SHARDS }) => tested("durable-object", SHARDS),
  async corrupted({ WATCHED }) {
    const name = "durable-object, corrupted";
    const shard = (key) => objectOf(WATCHED, name, DIGITS.indexOf(key[1]));
    const corrupt = async (key, change) => {
      await shard(key).replace(key, change(await shard(key).kept(key)));
      await shard(key)
        .leave()
        .catch(() => {});
    };
    const { results } = await tested(name, WATCHED, { corrupt }, (title) => title.startsWith("garbage:"));
    return { results, leftOut: [] };
  },
  /** One call of the store, told as JSON. */
  async call({ SHARDS, WATCHED }, { watched = false, shards, name, method, args }) {
    const store = durableObjectStore(watched ? WATCHED : SHARDS, { shards, name });
    const answer = await store[method](...args);
    return { answer: Array.isArray(answer) ? answer.map(({ key, row }) => [key, row.version]) : answer };
  },
  /** Rows of the same life in one object, many at once. */
  async fill({ WATCHED }, { name, from = 0, count, expiresIn }) {
    const store = durableObjectStore(WATCHED, { name });
    const touchedAt = Date.now() - 3_600_000;
    const keys = Array.from({ length: count }, (_, i) => `AA${`${from + i}`.padStart(22, "0")}`);
    const change = { create: true, touchedAt, expiresAt: Date.now() + expiresIn, subject: "ann" };
    await Promise.all(keys.map((key) => store.commit(key, change)));
    return { keys };
  },
  async watched({ WATCHED }, { name, method }) {
    const answer = await objectOf(WATCHED, name)
      [method]()
      .catch((error) => `${error}`);
    return { answer, asked: WatchedShard.asked };
  },
};

export default {
  async fetch(request, env) {
    try {
      const { ask, ...about } = await request.json();
      return Response.json(await asks[ask](env, about));
    } catch (error) {
      return new Response(error.stack, { status: 500 });
    }
  },
};
