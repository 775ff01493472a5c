// Sessions in Durable Objects: workerd with its real SQLite.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { print } from "../runtimes/report.mjs";
import { one } from "./collect.mjs";
import { cleared, killed, restarted, spread, woken } from "./durable-object-life.mjs";
import { started } from "./workerd.mjs";

const folder = await mkdtemp(join(tmpdir(), "ets-session-objects-"));
const results = [];

/** Each with a folder of its own, so that one may be started again on what it left. */
const start = (name) =>
  started("shards.worker.js", {
    durableObjects: {
      SHARDS: { className: "SessionShard", useSQLite: true },
      WATCHED: { className: "WatchedShard", useSQLite: true },
    },
    durableObjectsPersist: join(folder, name),
  });

try {
  const worker = await start("tests");
  try {
    for (const ask of ["tests", "corrupted"]) {
      const { results: some, leftOut } = await worker.ask(ask);
      results.push(...some);
      for (const test of leftOut) console.log(`left out: ${test}`);
    }
    results.push(
      await one("durable-object: sessions are spread, and ids name their objects", () => spread(worker)),
      await one("durable-object: alarms clear what is over", () => cleared(worker)),
      await one("durable-object: waking up reads what is asked for", () => woken(worker)),
    );
  } finally {
    await worker.dispose();
  }
  results.push(
    await one("durable-object: stopped and started again", () => restarted(() => start("restarted"))),
    await one("durable-object: killed in the middle of commits", () => killed(() => start("killed"))),
  );
} finally {
  await rm(folder, { recursive: true });
}
print("stores/durable-object", results);
