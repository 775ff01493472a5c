// Two threads of one program: each has the package, and its instance, for itself.
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { createTable, tables } from "ets-session/table";
import { collect } from "../../runtimes/report.mjs";
import { deepEqual, group, runAll, test } from "../../suite/harness.js";

group("two threads", () => {
  test("a table of one's own is not the other's, under the same name either", async () => {
    const table = createTable("threads");
    const thread = new Worker(new URL("thread.js", import.meta.url));
    thread.postMessage("threads");
    const [seen] = await once(thread, "message");
    await thread.terminate();
    deepEqual(seen, { before: [], size: 1 });
    deepEqual(tables(), ["threads"]);
    deepEqual([table.size, table.lookup("k")], [0, undefined]);
  });
});

console.log(JSON.stringify(await collect(runAll, {})));
