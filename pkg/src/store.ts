/**
 * "ets-session/store": the seed's contract, init, get, put and delete, over a table that exists.
 *
 * @module
 */
import { badOption, EtsError } from "./errors.js";
import * as rows from "./rows.js";
import type { Row } from "./types.js";

export { EtsError, type EtsErrorCode } from "./errors.js";
export type { Row, Term } from "./types.js";

/** What init() gives and the others take. */
export type StoreConfig = { readonly table: string };

/**
 * `table` is required and must exist; none is created. Other options are ignored.
 *
 * @throws {EtsError} ERR_MISSING_OPTION, ERR_NO_TABLE
 * @example
 * createTable("session");
 * const config = init({ table: "session" });
 * const sid = put(null, { userId: 7 }, config);
 * get(sid, config); // [sid, { userId: 7 }]
 */
export function init(options: { table: string }): StoreConfig {
  const name: unknown = options?.table;
  if (name === undefined) {
    throw new EtsError("ERR_MISSING_OPTION", "option table is required", { option: "table" });
  }
  if (typeof name !== "string") throw badOption("table", name, "a table's name");
  return Object.freeze({ table: tableOf({ table: name }).name });
}

function tableOf(config: StoreConfig): rows.NamedTable {
  const found = rows.find(config?.table);
  if (found === undefined) throw new EtsError("ERR_NO_TABLE", "there is no table of that name");
  return found;
}

/** A known id: its data, the timestamp refreshed. An unknown id: [null, {}], and nothing is created. */
export function get(sid: string, config: StoreConfig): [sid: string, data: Row] | [null, Row] {
  const data = tableOf(config).lookup(sid);
  return data === undefined ? [null, {}] : [sid, data];
}

/** With null: stores under a fresh id. With an id: stores under it, whatever was there. Gives the id. */
export function put(sid: string | null, data: Row, config: StoreConfig): string {
  const table = tableOf(config);
  if (sid === null) return table.insertFresh(data);
  table.insert(sid, data);
  return sid;
}

function delete_(sid: string, config: StoreConfig): "ok" {
  tableOf(config).delete(sid);
  return "ok";
}

export {
  /** "ok" whether or not the id was there. */
  delete_ as delete,
};
