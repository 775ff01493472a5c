/**
 * "ets-session/table": named tables in linear memory, with the vocabulary of ETS. Synchronous.
 *
 * @module
 */
import { EtsError } from "./errors.js";
import * as rows from "./rows.js";
import type { Table, TableOptions } from "./types.js";

export { EtsError, type EtsErrorCode } from "./errors.js";
export type { Bytes, Duration } from "./options.js";
export type { Filter, Meta, Row, Table, TableInfo, TableOptions, Term } from "./types.js";

/**
 * Creates a named table. Draws no randomness and reads no clock, so it may stand at a module's top
 * level, where edge runtimes forbid both.
 *
 * @throws {EtsError} ERR_TABLE_EXISTS when the name is taken, ERR_BAD_KEY for a name of 0 or more than
 * 255 bytes, ERR_BAD_OPTION
 * @example
 * const carts = createTable("carts", { idle: "2h", maxBytes: "8MiB" });
 * carts.insert("c1", { items: ["sku-17"] });
 * carts.lookup("c1")?.items; // ["sku-17"]
 */
export function createTable(name: string, options: TableOptions = {}): Table {
  return new rows.NamedTable(name, options);
}

/**
 * The table of that name.
 *
 * @throws {EtsError} ERR_NO_TABLE when there is none
 */
export function table(name: string): Table {
  const found = rows.find(name);
  if (found === undefined) throw new EtsError("ERR_NO_TABLE", "there is no table of that name");
  return found;
}

/** The names of all tables of this instance. */
export function tables(): string[] {
  return rows.names();
}
