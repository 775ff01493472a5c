/**
 * "ets-session": sessions for anything that has a Request and a Response, kept in WebAssembly memory.
 *
 * @module
 */
export type { CookieOptions } from "./cookie.js";
export { type Csrf, type CsrfOptions, csrf, isCrossSite } from "./csrf.js";
export { EtsError, type EtsErrorCode } from "./errors.js";
export { instantiate } from "./instantiate.js";
export { type Handler, type Listed, type Revoked, type Sessions, sessions } from "./manager.js";
export type { Bytes, Duration } from "./options.js";
export type { SessionEvent, SessionsOptions } from "./sessions-options.js";
export type { Filter, Meta, Row, Session, Table, TableInfo, TableOptions, Term } from "./types.js";
