import type { Meta, Row, Term } from "./types.js";

/** What an id leads to, as the core numbers it: nothing, a row whose time is over, a living row, an end, ... */
export const MISSING = 0;
export const EXPIRED = 1;
export const LIVES = 2;
export const DEAD = 3;
/** ... another id for a while, or for a while no more. */
export const RENEWED = 4;
export const LATE = 5;
/** The row that was met at a spot is not there any more. */
export const ELSEWHERE = 3;

/** Where a row was met, and how its key begins: a request reads it again without looking for it. */
export interface Spot {
  /** The row's address; below zero where it has to be looked for. */
  readonly place: number;
  readonly low: number;
  readonly high: number;
}

/** Where a request's session is read from: a table, or what a store gave for this request. */
export interface Source {
  readonly name: string;
  /** The row of an id, its timestamp refreshed; sooner, where it was met at a spot and is there still. */
  read(id: string, spot: Spot): Row | undefined;
  peek(id: string): Row | undefined;
  /** As read, one field. */
  readField(id: string, name: string, spot: Spot): Term;
  meta(id: string): Meta | undefined;
  /** The living id that a renewed one leads to; where there is none, a number that tells why. */
  follow(id: string, underWay: boolean): string | number;
  /** The one-way hash that stands for an id wherever it is shown. */
  hash(id: string): string;
}
