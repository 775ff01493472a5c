import { newId, newSession } from "./sessions.js";
import { now, table } from "./table.js";

const BATCH = 500;

/** An empty table, then so many sessions. Only the inserts are timed, not the making of what goes in. */
export async function fill({ rows }, task) {
  table.clear();
  let done = 0;
  let spent = 0;
  let going = true;
  while (going && done < rows) {
    const time = now();
    const batch = Array.from({ length: Math.min(BATCH, rows - done) }, (_, i) => [
      newId(),
      newSession(done + i, time),
    ]);
    const begin = performance.now();
    for (const [id, session] of batch) table.insert(id, session);
    spent += performance.now() - begin;
    done += batch.length;
    going = await task.goOn(done, rows);
  }
  return { done, spent };
}
