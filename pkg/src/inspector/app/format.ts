/** Figures as they are read. */

export const count = (number: number): string => Math.round(number).toLocaleString("en");

export function bytes(number: number): string {
  if (number < 1024) return `${Math.round(number)} B`;
  const units = ["KiB", "MiB", "GiB"];
  let size = number / 1024;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}

export function rate(number: number): string {
  return number === 0 || number >= 10 ? count(number) : number.toFixed(1);
}

const STEPS: Array<[seconds: number, unit: string]> = [
  [86_400, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"],
];

/** A span of milliseconds by its largest unit, and the next where that says something. */
export function span(ms: number): string {
  let seconds = Math.max(0, Math.round(ms / 1000));
  const at = STEPS.findIndex(([size]) => seconds >= size);
  if (at < 0) return "0 s";
  const parts: string[] = [];
  for (const [size, unit] of STEPS.slice(at, at + 2)) {
    const whole = Math.floor(seconds / size);
    if (whole > 0) parts.push(`${whole} ${unit}`);
    seconds -= whole * size;
  }
  return parts.join(" ");
}

export const clock = (ms: number): string => new Date(ms).toLocaleTimeString("en-GB");

/** The package's own tables have names that no application gives. */
export const nameOf = (table: string): string => table.replace(/^\0/, "· ");
