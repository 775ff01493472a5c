/** What the inspector's page is told. Times are in milliseconds since the Unix epoch. */
import type { TableInfo } from "../types.js";

export interface RowView {
  /** The hash that stands for the row, as in events; never an id. */
  id: string;
  createdAt: number;
  touchedAt: number;
  /** Absent for a row that never expires. */
  expiresAt?: number;
  version: number;
  subject?: string;
  /** Names and kinds; what is in a field is asked for by itself. */
  fields: Array<{ name: string; kind: string }>;
}

/** When rows will expire, counted in steps of the same length. */
export interface Expiry {
  from: number;
  step: number;
  counts: number[];
  never: number;
  /** How many rows were looked at; a large table's are not all. */
  looked: number;
}

export interface Chosen {
  now: number;
  isolate: string;
  /** Rows in the table, those included that are expired and not yet swept. */
  size: number;
  expiry: Expiry;
  rows: RowView[];
  /** The cursor of the page that comes next, where there is one. */
  after?: string;
}

export interface Look {
  now: number;
  /** Tells isolates apart: each has a memory of its own, and any may answer. */
  isolate: string;
  memoryBytes: number;
  tables: TableInfo[];
  /** The table of the sessions that the inspector was made for. */
  own: string;
}

export interface SubjectView {
  sessions: Array<{ id: string; createdAt: number; touchedAt: number; expiresAt: number; fields: string[] }>;
}

/** Which rows of a table. */
export type Who = "all" | "in" | "out";
