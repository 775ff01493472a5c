/** The codes under which this package refuses. They are stable; texts may change. */
export type EtsErrorCode =
  /** An option that has no default was not given: `option`. */
  | "ERR_MISSING_OPTION"
  /** An option, its name or an argument is not as it must be: `option`, `given`. */
  | "ERR_BAD_OPTION"
  /** There is no table of that name, or it was dropped. */
  | "ERR_NO_TABLE"
  /** The table's name is taken. */
  | "ERR_TABLE_EXISTS"
  /** The row does not fit and nothing may make room for it, or the host refuses memory: `needed`, `used`, `limit`. */
  | "ERR_TABLE_FULL"
  /** The row is larger than `maxRowBytes`, or than the store takes: `needed`, `limit`. */
  | "ERR_ROW_TOO_LARGE"
  /** A key or a table's name is no well-formed string, is empty, or too long; or a field's name is ill-formed. */
  | "ERR_BAD_KEY"
  /** The value at `path` can't be stored. */
  | "ERR_UNSUPPORTED_VALUE"
  /** What was to be counted up is not a number: `path`. */
  | "ERR_NOT_A_NUMBER"
  /** These bytes are no snapshot that this version reads; the table is as it was. */
  | "ERR_BAD_SNAPSHOT"
  /** With `onConflict: "throw"`: another request wrote the same field meanwhile. Nothing of the commit was stored. */
  | "ERR_CONFLICT"
  /** The session's response is out: it can't be written to any more. */
  | "ERR_COMMITTED"
  /** Browsers would drop the cookie: `needed`, `limit`. */
  | "ERR_COOKIE_TOO_LARGE"
  /** Fresh ids were taken again and again: the source of randomness is broken. */
  | "ERR_ID_EXHAUSTED"
  /** The store failed, was too slow or gave garbage, or can't do what is asked of it. `cause` has what it threw. */
  | "ERR_STORE"
  /** The module trapped and was replaced: its tables are empty, with their options. */
  | "ERR_INSTANCE_LOST";

/**
 * Every refusal of this package. `details` has numbers and paths, never keys, ids or data:
 * `needed`, `used` and `limit` in bytes, `path`, `option` and `given`.
 *
 * @example
 * try { table("carts") } catch (error) {
 *   if (error instanceof EtsError && error.code === "ERR_NO_TABLE") createTable("carts");
 * }
 */
export class EtsError extends Error {
  /** What went wrong, stable across versions. */
  readonly code: EtsErrorCode;
  /** Numbers and names, as each code has them; frozen. */
  readonly details: Readonly<Record<string, string | number>>;

  constructor(
    code: EtsErrorCode,
    message: string,
    details: Record<string, string | number> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.details = Object.freeze({ ...details });
  }

  /** Always "EtsError", in minified code too. */
  override get name(): string {
    return "EtsError";
  }
}

/** Refuses an option: which one, what was given, and what would have been right. */
export function badOption(option: string, given: unknown, wanted: string, cause?: unknown): EtsError {
  const details = { option, given: show(given) };
  const message = `option ${option} must be ${wanted}`;
  return new EtsError("ERR_BAD_OPTION", message, details, cause === undefined ? undefined : { cause });
}

function show(given: unknown): string | number {
  if (typeof given === "number") return given;
  if (typeof given === "string") return given.length > 64 ? `${given.slice(0, 64)}…` : given;
  return given === null ? "null" : typeof given;
}
