/** What the inspector sees of tables. Looking refreshes no row and counts nothing. */
import type { NamedTable } from "../rows.js";
import { table as named, tables } from "../table.js";
import type { Filter, Meta, Row, TableInfo } from "../types.js";
import { kindOf } from "./kind.js";
import type { Chosen, Expiry, Look, RowView, Who } from "./wire.js";

const PAGE = 25;
/** A histogram looks at so many rows, and no more than about so many bytes of them. */
const LOOKED = 5000;
const LOOKED_BYTES = 4 * 1024 * 1024;
const STEPS = 32;
/** Fields that the package keeps for itself have a name that begins so. */
const HIDDEN = "\0";

type Selected = [key: string, row: Row, meta: Meta];

export interface Asked {
  table: string;
  who: Who;
  after: string | undefined;
}

let drawn: string | undefined;

/** Drawn on first use: a module's top level has no randomness. */
function isolate(): string {
  drawn ??= crypto.randomUUID().slice(0, 8);
  return drawn;
}

export function look(own: string, now: number): Look {
  const infos = tables().flatMap(infoOf);
  return { now, isolate: isolate(), memoryBytes: infos[0]?.memoryBytes ?? 0, tables: infos, own };
}

/** A table can't tell its figures while the application's clock for it throws; the others can. */
function infoOf(name: string): TableInfo[] {
  try {
    return [named(name).info()];
  } catch {
    return [];
  }
}

/** Our tables tell of their keys what others need not know. */
function find(name: string): NamedTable | undefined {
  return tables().includes(name) ? (named(name) as NamedTable) : undefined;
}

/** A page of a table's rows; undefined where there is no such table. */
export function lookInto(asked: Asked, now: number): Chosen | undefined {
  const table = find(asked.table);
  if (table === undefined) return undefined;
  const { rows, after } = page(table, asked);
  return {
    now,
    isolate: isolate(),
    size: table.size,
    expiry: expiryOf(table, now),
    rows: rows.map((row) => view(table, row)),
    ...(after !== undefined && { after }),
  };
}

function page(table: NamedTable, { who, after }: Asked): { rows: Selected[]; after?: string } {
  const filter: Filter = who === "all" ? {} : { hasSubject: who === "in" };
  return table.select(filter, { limit: PAGE, ...(after !== undefined && { after }) });
}

const idOf = (table: NamedTable, key: string) => (table.hashKeys ? key : table.hash(key));

function view(table: NamedTable, [key, row, { expiresAt, subject, ...meta }]: Selected): RowView {
  return {
    id: idOf(table, key),
    ...meta,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(subject !== undefined && { subject }),
    fields: Object.entries(row).map(([name, value]) => ({ name: shown(name), kind: kindOf(value) })),
  };
}

const shown = (name: string) => (name.startsWith(HIDDEN) ? `(${name.slice(1)})` : name);

/** One field of a row on a page of its table; undefined where there is none, or no more. */
export function fieldOf(asked: Asked, id: string, name: string): { value: unknown } | undefined {
  const table = find(asked.table);
  if (table === undefined) return undefined;
  const [, row] = page(table, asked).rows.find(([key]) => idOf(table, key) === id) ?? [];
  // What the package keeps for itself, a secret of forms among it, is shown to nobody.
  return row !== undefined && !name.startsWith(HIDDEN) && Object.hasOwn(row, name)
    ? { value: row[name] }
    : undefined;
}

function expiryOf(table: NamedTable, now: number): Expiry {
  const { size, bytes } = table.info();
  const limit = Math.max(1, Math.min(LOOKED, Math.floor((LOOKED_BYTES * size) / Math.max(bytes, 1))));
  const { rows } = table.select({}, { limit });
  const ends = rows.flatMap(([, , { expiresAt }]) => expiresAt ?? []);
  const last = ends.reduce((most, end) => Math.max(most, end), now + STEPS);
  const step = (last - now) / STEPS;
  const counts = new Array<number>(STEPS).fill(0);
  for (const end of ends) {
    const at = Math.min(STEPS - 1, Math.max(0, Math.floor((end - now) / step)));
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return { from: now, step, counts, never: rows.length - ends.length, looked: rows.length };
}
