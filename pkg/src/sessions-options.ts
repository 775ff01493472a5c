/** What sessions() is told, and what it tells. */
import type { CookieOptions } from "./cookie.js";
import { allowedOrigins, type CsrfOptions } from "./csrf.js";
import { badOption } from "./errors.js";
import { boolean, bytes, callable, type Duration, known, milliseconds, oneOf } from "./options.js";
import { NamedTable } from "./rows.js";
import { isTableName } from "./settings.js";
import type { Store } from "./stores/contract.js";
import type { Table, TableOptions } from "./types.js";

/** A method, so that its parameter can be what the application's `env` is: functions are held to `unknown`. */
interface StoreOf {
  of(env: unknown): Store;
}

/** What sessions() is told. Each has a default; a name that is not known is refused. */
export interface SessionsOptions {
  /** The table, by name (created if missing) or as an object. Default "session". */
  table?: string | Table;
  /** How the cookie is sent. */
  cookie?: CookieOptions;
  /**
   * Ids carry a tag that only who knows a secret can make, and one that was made up is refused before any
   * look-up. The first signs, all verify. At least 32 random bytes, as text.
   */
  secrets?: string | string[];
  /** A session neither read nor written for this long is gone. Default "30m". */
  idle?: Duration;
  /** A session this long after its creation is gone, however busy. Default "12h". */
  absolute?: Duration;
  /** Requests for which this returns true (assets, say) get an empty session, no look-up, and nothing is carried out. */
  skip?: (request: Request) => boolean;
  /** For so long a renewed id still leads to the session. Default "10s"; 0 for not at all, but for requests under way. */
  renewGrace?: Duration;
  /**
   * What keeps the sessions, with the table before it. Default none: the table keeps them. A function that is given the
   * env: whatever it gives, it is the same sessions, which the table remembers for all of them.
   */
  store?: Store | StoreOf["of"];
  /** With a store: how long what it said may be served without asking it again. Default 0, always ask. */
  maxStale?: Duration;
  /** With a store: how long it may take to answer. Default "5s". */
  storeTimeout?: Duration;
  /**
   * With a store that is only eventually consistent: log users in all the same, although an end is not seen
   * everywhere for a while. Default false: login() is refused.
   */
  acceptEventual?: boolean;
  /**
   * Unsafe requests from other sites get 403 from handle() and never reach the handler, but for those that `skip`
   * leaves without a session. Default false. An addition to the cookie's SameSite.
   */
  csrf?: boolean | CsrfOptions;
  /**
   * Requests that wrote the same field meanwhile: the later commit wins ("merge", default), or gets
   * ERR_CONFLICT and stores nothing ("throw").
   */
  onConflict?: "merge" | "throw";
  /** Commit even when the response is 5xx. Default false. A handler that throws never commits. */
  saveOnError?: boolean;
  /** maxBytes, maxRowBytes, onFull and reserve of a table created here. */
  limits?: Pick<TableOptions, "maxBytes" | "maxRowBytes" | "onFull" | "reserve">;
  /** The clock, in milliseconds since the Unix epoch. Default Date.now. */
  now?: () => number;
  /** Told what happens to sessions, each by the hash that stands for it. What it throws is dropped. */
  onEvent?: (event: SessionEvent) => void;
}

/** What happened to a session. `id` is the hash that stands for it, never the cookie's value. */
export type SessionEvent =
  | { type: "created" | "renewed" | "destroyed" | "expired"; id: string }
  /** A commit met a newer version of the row than its request had met. */
  | { type: "merged"; id: string }
  /** A commit came after the session was gone: nothing was stored. */
  | { type: "gone"; id: string }
  /** With `secrets`: an id that we did not give out, or that is not the only one. */
  | { type: "forged"; id: string }
  /**
   * A renewed id came after its grace, and not more than two minutes after it: whoever sent it missed the new one, or
   * stole the old one.
   */
  | { type: "reused-after-renew"; id: string }
  | { type: "cookie-unsendable"; reason: string }
  /** The store failed, or was too slow; the request gets ERR_STORE. */
  | { type: "store-error"; error: unknown };

const OPTIONS = [
  "table",
  "cookie",
  "secrets",
  "idle",
  "absolute",
  "renewGrace",
  "maxStale",
  "skip",
  "csrf",
  "saveOnError",
  "limits",
  "now",
  "onEvent",
  "onConflict",
  "store",
  "storeTimeout",
  "acceptEventual",
] as const;

/** The options in the units of the manager. */
export interface Checked {
  readonly idle: number;
  readonly absolute: number;
  readonly grace: number;
  readonly origins: string[] | undefined;
  readonly maxStale: number;
  readonly timeout: number;
}

/** Checks what needs no object of its own; what is wrong is refused at once. */
export function checkedOptions(options: SessionsOptions): Checked {
  known("options", options, OPTIONS);
  const { limits = {}, table = "session", onConflict, saveOnError, store, acceptEventual } = options;
  const { idle = "30m", absolute = "12h", renewGrace = "10s", maxStale = 0, storeTimeout = "5s" } = options;
  for (const option of ["skip", "onEvent", "now"] as const) {
    if (options[option] !== undefined) callable(option, options[option]);
  }
  if (store !== undefined && typeof store !== "function" && !isStore(store)) {
    throw badOption("store", store, "a store, or a function that gives one");
  }
  if (acceptEventual !== undefined) boolean("acceptEventual", acceptEventual);
  if (onConflict !== undefined) oneOf("onConflict", onConflict, ["merge", "throw"]);
  if (saveOnError !== undefined) boolean("saveOnError", saveOnError);
  known("limits", limits, ["maxBytes", "maxRowBytes", "onFull", "reserve"]);
  if (limits.maxBytes !== undefined) bytes("limits.maxBytes", limits.maxBytes);
  if (limits.maxRowBytes !== undefined) bytes("limits.maxRowBytes", limits.maxRowBytes);
  if (limits.onFull !== undefined) oneOf("limits.onFull", limits.onFull, ["evict", "refuse"]);
  if (limits.reserve !== undefined) boolean("limits.reserve", limits.reserve);
  if (!(table instanceof NamedTable) && (typeof table !== "string" || !isTableName(table))) {
    throw badOption("table", table, "a name of 1 to 255 bytes, or a table of this package");
  }
  return {
    idle: milliseconds("idle", idle),
    absolute: milliseconds("absolute", absolute),
    grace: milliseconds("renewGrace", renewGrace, { zero: true }),
    origins: allowedOrigins(options.csrf),
    maxStale: milliseconds("maxStale", maxStale, { zero: true }),
    timeout: milliseconds("storeTimeout", storeTimeout),
  };
}

/** Whether it is something that keeps sessions, as far as that can be seen. */
export function isStore(store: unknown): store is Store {
  if (typeof store !== "object" || store === null) return false;
  const { load, commit, destroy, guarantees } = store as Partial<Store>;
  return [load, commit, destroy].every((method) => typeof method === "function") && guarantees !== undefined;
}
