import { createTable } from "ets-session/table";
import { fieldsOf } from "./fields.js";
import { IDLE } from "./visitors.js";

// Rows of a store are kept near under keys that only the package can tell: what a visitor's looked like is noted here.
const table = createTable("seen", { maxBytes: "64KiB", idle: IDLE });

export function see(row, session) {
  const { createdAt, expiresAt, data } = session;
  if (row === undefined || createdAt === undefined) return;
  const touchedAt = Math.max(createdAt, expiresAt - IDLE * 1000);
  table.insert(row, { createdAt, touchedAt, expiresAt, fields: fieldsOf(data) });
}

/** As see() noted it, while the session lives. */
export function seen(row) {
  const noted = row ? table.peek(row) : undefined;
  return noted === undefined || noted.expiresAt <= Date.now() ? undefined : { ...noted, id: row };
}
