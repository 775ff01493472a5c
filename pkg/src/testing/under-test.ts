import type { Guarantees, Store } from "../stores/contract.js";

/** The store to test, and what is known of it. */
export interface StoreUnderTest {
  /**
   * Gives a store that goes by this clock, which tests move. Called once in each test, and again for a second
   * store over the same engine. Sessions that other tests left there are no harm.
   */
  make(clock: { now: () => number }): Store | Promise<Store>;
  /** What the store promises. It has to declare the same. Default: everything. */
  guarantees?: Guarantees;
  /** A session of so many bytes is more than the store takes. Default: it takes any. */
  tooLarge?: number;
  /** Puts something else in the place of the bytes that the engine keeps under a key of the store's. */
  corrupt?(key: string, change: (kept: Uint8Array) => Uint8Array): Promise<void>;
}
