/**
 * "ets-session/stores": what a store has to be, and what helps to make one.
 *
 * @module
 */
export { EtsError, type EtsErrorCode } from "../errors.js";
export { applyChange } from "./apply.js";
export type { Change, Committed, Ended, Guarantees, Store, StoredRow } from "./contract.js";
export { type Engine, type EngineStore, type Entry, storeOver, type Write } from "./engine.js";
