// Shared: the worker writes the page with it, the page renews its figures with it.

const count = (number) => number.toLocaleString("en");

export function bytes(number) {
  if (number < 1024) return `${number} B`;
  const [size, unit] = number < 1024 * 1024 ? [number / 1024, "KiB"] : [number / 1024 / 1024, "MiB"];
  return `${size < 10 && !Number.isInteger(size) ? size.toFixed(1) : Math.round(size)} ${unit}`;
}

export function ago(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 1) return "now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  return `${Math.floor(seconds / 3600)} h ago`;
}

function countdown(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
}

const utc = (ms) => `${new Date(ms).toISOString().slice(11, 19)} UTC`;

/** Everything in the panel that is a line of text. */
export function texts(view, clock = utc) {
  const { now, mine, rows, tiles, others } = view;
  const note =
    tiles.length < rows
      ? `${count(tiles.length)} of ${count(rows)} rows, fading as their time runs out.`
      : "One tile for each row, fading as its time runs out.";
  const hidden = rows - others.length - (mine ? 1 : 0);
  return {
    rows: count(rows),
    bytes: bytes(view.bytes),
    maxBytes: bytes(view.maxBytes),
    memoryBytes: bytes(view.memoryBytes),
    full: ((100 * view.bytes) / view.maxBytes).toFixed(2),
    hits: count(view.hits),
    misses: count(view.misses),
    expired: count(view.expired),
    evicted: count(view.evicted),
    tilesNote: note,
    tilesLabel: `${count(rows)} ${rows === 1 ? "row" : "rows"} in the table${mine ? ", one of them yours" : ""}`,
    othersNote: hidden > 0 ? `and ${count(hidden)} more` : others.length === 0 ? "Nobody else is here." : "",
    id: mine?.id ?? "",
    created: mine ? `${clock(mine.createdAt)}, ${ago(now - mine.createdAt)}` : "",
    touched: mine ? `${clock(mine.touchedAt)}, ${ago(now - mine.touchedAt)}` : "",
    expires: mine ? `in ${countdown(mine.expiresAt - now)}, unless touched` : "",
    latest: mine ? clock(mine.latestAt) : "",
  };
}
