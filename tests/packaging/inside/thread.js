// A thread of the same program that fills a table, and tells what it sees of the others'.
import { parentPort } from "node:worker_threads";
import { createTable, tables } from "ets-session/table";

parentPort.on("message", (name) => {
  const before = tables();
  const table = createTable(name);
  table.insert("k", { of: "the thread" });
  parentPort.postMessage({ before, size: table.size });
});
