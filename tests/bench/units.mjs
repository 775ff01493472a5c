/** Numbers as people read them: three significant digits and a unit. */
function digits(value) {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

export function nanoseconds(value) {
  if (value < 1000) return `${digits(value)} ns`;
  return value < 1e6 ? `${digits(value / 1e3)} µs` : `${digits(value / 1e6)} ms`;
}

export function milliseconds(value) {
  return value >= 1000
    ? `${digits(value / 1000)} s`
    : value >= 1
      ? `${digits(value)} ms`
      : nanoseconds(value * 1e6);
}

export function mebibytes(value) {
  return `${(value / 2 ** 20).toFixed(1)} MiB`;
}

export function ratio(value) {
  return `${digits(value)} ×`;
}

export function count(value) {
  return value.toLocaleString("en-US");
}

/** By the names that rows give to their units. */
export const UNITS = { ns: nanoseconds, ms: milliseconds, bytes: mebibytes, "×": ratio };
