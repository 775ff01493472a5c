/** What keeps sessions, as the rules see it: a table, or a store with a table before it. */
import type { Change } from "./change.js";
import type { Fields } from "./fields.js";
import type { Maybe } from "./maybe.js";
import type { Source, Spot } from "./source.js";
import type { Meta, Row } from "./types.js";

export interface Found {
  /** What the request reads from. */
  source: Source;
  /** What became of the id, as source.ts numbers it; never RENEWED, which was followed. */
  code: number;
  /** The id that it is about: of a living row, or the one that led nowhere. */
  sid: string | undefined;
  /** The row, where it lives. */
  meta: Meta | undefined;
  /** Whether the row has something said to this request. */
  flashed: boolean;
  /** Where the row was met. */
  spot?: Spot | undefined;
  /** Whether the id was renewed and leads on for a while only. */
  replace: boolean;
}

/** What a commit does beside merging a change. */
export interface How {
  /** Gives the row a fresh id; the old one leads on for `grace` milliseconds. */
  renew?: boolean;
  grace?: number;
  /** Whose the row is from now on. */
  subject?: string;
  /** The change was computed from the row as it was seen, and fits no other. */
  exact?: boolean;
}

export interface Merged {
  /** The session's id from now on. */
  id: string;
  /** The version that it was merged into, where that need not be the one that was seen. */
  onto?: number;
}

export interface Backend {
  /** Whether sessions can be bound to subjects, and why not. */
  readonly refusesLogin: boolean;
  find(id: string | undefined): Maybe<Found>;
  /** Merges into the session's row; undefined where that is not as it was thought. */
  commit(fields: Fields, change: Change, how: How): Maybe<Merged | undefined>;
  /** Looks again at what the session has become. */
  refresh(fields: Fields): Maybe<void>;
  /** Stores a new row under a fresh id, which it gives. */
  create(fields: Fields, change: Change, subject: string | undefined): Maybe<string>;
  /** Prolongs a session that was read. */
  touch(fields: Fields): Maybe<void>;
  /** Ends the session, and gives the id under which it was; undefined where there was none. */
  end(fields: Fields): Maybe<string | undefined>;
  /** A subject's sessions by their hashes. */
  list(subject: string): Maybe<Array<[hash: string, row: Row, meta: Meta]>>;
  /** Ends a subject's sessions, all but one, and gives the hashes of those that it ended. */
  endAll(subject: string, except: string | undefined): Maybe<string[]>;
  endOne(subject: string, hash: string): Maybe<boolean>;
}
