/** The soak's worker, which signs its ids, with a model of every row: what is not signed is not even looked up. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { started } from "../load/workerd.mjs";

/** Of a write: the session is opened, its counter is read, and the commit merges. */
const LOOKS = 3;
const OTHERS = 200;
const WORKER = fileURLToPath(new URL("worker.js", import.meta.url));

export async function signed() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "ets-session-hostile-")));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const worker = await started(folder, WORKER).catch((error) => {
    remove();
    throw error;
  });
  let cookie;
  for (let i = 0; i < OTHERS; i++) {
    const response = await fetch(`${worker.url}/write`);
    [cookie] = response.headers.getSetCookie()[0].split(";");
  }
  const before = await worker.ask("figures");
  return {
    url: worker.url,
    path: "/visit",
    genuine: cookie.slice(cookie.indexOf("=") + 1),
    async act() {
      const response = await fetch(`${worker.url}/write`, { headers: { cookie } });
      await response.arrayBuffer();
      // A cookie that is set would be another session's.
      return response.status === 200 && response.headers.getSetCookie().length === 0;
    },
    async results(acts) {
      const after = await worker.ask("figures");
      const { wrong } = await worker.ask("agree");
      return [
        [
          after.inserted === before.inserted && after.evicted === before.evicted,
          "no row was made, none was evicted",
        ],
        [
          after.misses === before.misses && after.hits - before.hits === LOOKS * acts,
          "nothing hostile was looked up: all hits are the visitor's own",
        ],
        [wrong === 0, "the table has what was written, and nothing else"],
        [after.memoryBytes === before.memoryBytes, "linear memory did not grow"],
      ];
    },
    async stop() {
      await worker.stop();
      remove();
    },
  };
}
