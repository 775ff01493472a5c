/** The codes under which this package refuses. They are stable; texts may change. */
export type EtsErrorCode =
  | "ERR_MISSING_OPTION"
  | "ERR_BAD_OPTION"
  | "ERR_NO_TABLE"
  | "ERR_TABLE_EXISTS"
  | "ERR_TABLE_FULL"
  | "ERR_ROW_TOO_LARGE"
  | "ERR_BAD_KEY"
  | "ERR_UNSUPPORTED_VALUE"
  | "ERR_NOT_A_NUMBER"
  | "ERR_BAD_SNAPSHOT"
  | "ERR_CONFLICT"
  | "ERR_COMMITTED"
  | "ERR_COOKIE_TOO_LARGE"
  | "ERR_ID_EXHAUSTED"
  | "ERR_STORE"
  | "ERR_INSTANCE_LOST";

/**
 * Every refusal of this package. `details` has numbers and paths, never keys, ids or data:
 * `needed`, `used` and `limit` in bytes, `path`, `option` and `given`, `table`.
 *
 * @example
 * try { table("carts") } catch (error) {
 *   if (error instanceof EtsError && error.code === "ERR_NO_TABLE") createTable("carts");
 * }
 */
export class EtsError extends Error {
  readonly code: EtsErrorCode;
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
