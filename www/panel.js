import { fieldsOf } from "./fields.js";
import { ABSOLUTE, short } from "./visitors.js";

const OTHERS = 5;
const TILES = 208;
const PAGE = 1000;

/** All living rows. The whole table is read at each look; maxBytes bounds what that can cost. */
function* rowsOf(table) {
  let after;
  do {
    const page = table.select({}, { limit: PAGE, after });
    yield* page.rows;
    after = page.after;
  } while (after !== undefined);
}

/** How fresh a row is: 4 just used, 0 about to go. */
function freshness({ touchedAt, expiresAt }, now) {
  if (expiresAt === undefined) return 4;
  const left = (expiresAt - now) / (expiresAt - touchedAt || 1);
  return Math.max(0, Math.min(4, Math.floor(left * 5)));
}

/**
 * What the panel shows. Selecting refreshes nothing, so looking keeps no session alive.
 * `mine` is the short hash of the visitor's row, if there is one. Where a store has the rows, `near` says what that row
 * looked like: the table has then what the store answered, under keys of its own.
 */
export function panelView(table, mine, near, now = Date.now()) {
  const rows = [...rowsOf(table)]
    .map(([key, row, meta]) => ({ id: short(key), row, meta }))
    .sort((a, b) => a.meta.createdAt - b.meta.createdAt || (a.id < b.id ? -1 : 1));
  const own = rows.find(({ id }) => id === mine);
  const others = rows
    .filter((each) => each !== own)
    .sort((a, b) => b.meta.touchedAt - a.meta.touchedAt)
    .slice(0, OTHERS);
  const info = table.info();
  return {
    now,
    name: info.name,
    rows: rows.length,
    bytes: info.bytes,
    maxBytes: info.maxBytes,
    memoryBytes: info.memoryBytes,
    hits: info.hits,
    misses: info.misses,
    expired: info.expired,
    evicted: info.evicted,
    mine: rowView(near ? near.mine : own && { ...own.meta, id: own.id, fields: fieldsOf(own.row) }),
    others: others.map(({ id, row, meta }) => ({
      id,
      touchedAt: meta.touchedAt,
      fields: near ? [] : fieldsOf(row).map(({ name }) => name),
    })),
    tiles: tilesOf(rows, own, now),
  };
}

const rowView = (row) =>
  row && {
    id: row.id,
    createdAt: row.createdAt,
    touchedAt: row.touchedAt,
    expiresAt: row.expiresAt,
    latestAt: row.createdAt + ABSOLUTE * 1000,
    fields: row.fields,
  };

/** One character a row: "m" for the visitor's own, then the freshness of the youngest others, oldest first. */
function tilesOf(rows, own, now) {
  const others = rows.filter((each) => each !== own).slice(own ? 1 - TILES : -TILES);
  return (own ? "m" : "") + others.map(({ meta }) => freshness(meta, now)).join("");
}
