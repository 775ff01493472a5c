import { page, table } from "./table.js";

/** How many characters a Map's keys and JSON would have: what can be said where a browser does not tell memory. */
export async function characters(_, task) {
  let sum = 0;
  let rows = 0;
  let after;
  do {
    const { entries, after: next } = page({ after });
    for (const [key, json] of entries) sum += key.length + json.length;
    rows += entries.length;
    after = next;
    if (!(await task.goOn(rows, table.size))) return undefined;
  } while (after !== undefined);
  return { sum };
}
