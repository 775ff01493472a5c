/** Figures as they are read. */

export const count = (number) => Math.round(number).toLocaleString("en");

export function bytes(number) {
  const units = ["B", "KiB", "MiB", "GiB"];
  let size = number;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 || size >= 1000 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}

export const perRow = (number, rows) => (rows > 0 ? `${count(number / rows)} B a row` : "");

export function seconds(ms) {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** Operations a second, to two figures: more would be noise. */
export const rate = (perSecond) => count(Number(perSecond.toPrecision(2)));

export const ratio = (number) => `${number.toFixed(number < 10 ? 1 : 0)} ×`;

export const time = (ms) => new Date(ms).toLocaleTimeString("en-GB");
