/** The table, its clock, and what is shown of it. */
import { createTable } from "../package/table.js";

let ahead = 0;

export const now = () => Date.now() + ahead;

export function moveClock(ms) {
  ahead += ms;
}

export const table = createTable("sessions", { idle: "30m", maxBytes: "256MiB", now });

export function figures() {
  const { size, bytes, memoryBytes } = table.info();
  return { size, bytes, memoryBytes, now: now(), ahead };
}

const PAGE = 2000;

/** Some of the rows, as a Map would hold them. `after` goes into the next call; without it there are no more. */
export function page({ after } = {}) {
  const { rows, after: next } = table.select({}, { limit: PAGE, ...(after && { after }) });
  return {
    entries: rows.map(([key, row, { touchedAt }]) => [key, JSON.stringify(row), touchedAt]),
    after: next,
  };
}
