import type { Meta, Row, Term } from "./types.js";

/** What an id leads to, as the core numbers it: nothing, a row whose time is over, a living row, an end, ... */
export const MISSING = 0;
export const EXPIRED = 1;
export const LIVES = 2;
export const DEAD = 3;
/** ... another id for a while, or for a while no more. */
export const RENEWED = 4;
export const LATE = 5;

/** Where a request's session is read from: a table, or what a store gave for this request. */
export interface Source {
  readonly name: string;
  /** The row of an id, its timestamp refreshed. */
  lookup(id: string): Row | undefined;
  peek(id: string): Row | undefined;
  field(id: string, name: string): Term;
  meta(id: string): Meta | undefined;
  /** The living id that a renewed one leads to; where there is none, a number that tells why. */
  follow(id: string, underWay: boolean): string | number;
  /** The one-way hash that stands for an id wherever it is shown. */
  hash(id: string): string;
}
