import { badOption, EtsError } from "./errors.js";

/** A number of seconds, or a string such as "90s", "30m", "12h", "7d". */
export type Duration = number | string;
/** A number of bytes, or a string such as "64KiB", "32MiB". */
export type Bytes = number | string;

const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };
const BYTES: Record<string, number> = { "": 1, B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** The milliseconds of a duration: a whole number of them, above 0 unless 0 is allowed. */
export function milliseconds(option: string, given: Duration, allow: { zero?: boolean } = {}): number {
  const wanted = 'a number of seconds or a string such as "90s", "30m", "12h", "7d"';
  const ms = Math.round(quantity(given, /^(\d+(?:\.\d+)?)([smhd])$/, SECONDS) * 1000);
  if (!(ms > 0 || (ms === 0 && given === 0 && allow.zero) || (ms === 0 && allow.zero))) {
    throw badOption(option, given, wanted);
  }
  if (!Number.isSafeInteger(ms)) throw badOption(option, given, wanted);
  return ms;
}

/** The number of bytes: a whole number above 0. */
export function bytes(option: string, given: Bytes): number {
  const count = quantity(given, /^(\d+(?:\.\d+)?) ?(|B|KiB|MiB|GiB)$/, BYTES);
  if (!(count >= 1) || !Number.isSafeInteger(Math.floor(count))) {
    throw badOption(option, given, 'a number of bytes or a string such as "64KiB", "32MiB"');
  }
  return Math.floor(count);
}

function quantity(given: unknown, shape: RegExp, units: Record<string, number>): number {
  if (typeof given === "number") return given;
  const parts = typeof given === "string" ? shape.exec(given) : null;
  return parts ? Number(parts[1]) * (units[parts[2] ?? ""] ?? Number.NaN) : Number.NaN;
}

/** Refuses what is no object of options, and any option whose name is not known. */
export function known(name: string, given: unknown, names: readonly string[]): void {
  if (typeof given !== "object" || given === null) throw badOption(name, given, "an object");
  for (const option of Object.keys(given)) {
    if (!names.includes(option)) {
      throw new EtsError("ERR_BAD_OPTION", `there is no option of that name; known are ${names.join(", ")}`, {
        option,
        given: option,
      });
    }
  }
}

export function oneOf<T extends string>(option: string, given: unknown, allowed: readonly T[]): T {
  if (!allowed.includes(given as T)) {
    throw badOption(option, given, `one of ${allowed.map((a) => `"${a}"`).join(", ")}`);
  }
  return given as T;
}

export function boolean(option: string, given: unknown): boolean {
  if (typeof given !== "boolean") throw badOption(option, given, "true or false");
  return given;
}

export function text(option: string, given: unknown): string {
  if (typeof given !== "string") throw badOption(option, given, "a string");
  return given;
}

export function callable<T>(option: string, given: T): T {
  if (typeof given !== "function") throw badOption(option, given, "a function");
  return given;
}
