/** What ets-session itself keeps in a row, beside the shop's fields. */
const HIDDEN = /^\0(.*)/;

function kindOf(value) {
  if (value instanceof Map || value instanceof Set) return `${value.constructor.name}(${value.size})`;
  if (value instanceof Date) return "Date";
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${value.byteLength})`;
  return Array.isArray(value) ? `Array(${value.length})` : typeof value;
}

/** Names and kinds, never values: whoever asks has shown no cookie. */
export const fieldsOf = (row) =>
  Object.entries(row).map(([name, value]) => ({ name: name.replace(HIDDEN, "($1)"), kind: kindOf(value) }));
