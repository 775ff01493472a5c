/** What the parts of this package know of one request's session, and the application does not. */
import { Change } from "./change.js";
import { LATE, type Source, type Spot } from "./source.js";
import type { Meta, Row } from "./types.js";

/**
 * What was decided about a session beside its data; the last decision counts (spec: Plug's configure_session). A
 * request that is skipped has none to make.
 */
export type Verdict = "renew" | "login" | "destroy" | "ignore" | "skip";

export interface Login {
  readonly subject: string;
  /** The fields that the session starts with; undefined for all. */
  readonly keep: ReadonlySet<PropertyKey> | undefined;
  /** Whether it came after a logout, which is carried out where the login is not. */
  readonly leaves: boolean;
}

/**
 * Most requests only read: what takes memory is made when it is needed, and what reading asks for stands first, where an
 * engine looks at an object anyway.
 */
export class Held implements Spot {
  readonly table: Source;
  /** The id of the session's row; undefined where there is none. */
  sid: string | undefined;
  /** Where the request met it, until it is known to be elsewhere. */
  place = -1;
  low = 0;
  high = 0;
  change: Change | undefined = undefined;
  /** The row's fields, once they were read ... */
  protected known: Row | undefined = undefined;
  /** ... or the one that was, where no other was asked for. */
  protected first: string | undefined = undefined;
  protected value: unknown = undefined;
  looked = false;
  /** The row as the request met it; undefined where it makes it. */
  met: Meta | undefined;
  /** Whether there was something said to this request. */
  flashed = false;
  /** Whether nobody may be logged in over what keeps the session. */
  refusesLogin = false;
  committed = false;
  /** Whether another request renewed the session since this one met it. */
  moved = false;
  /** Whether another request's login made of the session one that is not this one's any more. */
  outdone = false;
  verdict: Verdict | undefined = undefined;
  login: Login | undefined = undefined;
  /** Whose sessions end with this one. */
  everywhere: string | undefined = undefined;
  /** What flash() was told, encoded. */
  said: Map<string, Uint8Array> | undefined = undefined;
  /** Over a store: the id that the commit gives, and by what it is known should it have to be repeated. */
  fresh: string | undefined = undefined;
  token: string | undefined = undefined;

  constructor(table: Source, sid: string | undefined, met: Meta | undefined) {
    this.table = table;
    this.sid = sid;
    this.met = met;
  }

  /** What the commit will do to the row. */
  changes(): Change {
    this.change ??= new Change();
    return this.change;
  }

  /** Whether there is anything of the application's to store. */
  get writes(): boolean {
    return (
      (this.change !== undefined && !this.change.isEmpty) ||
      this.said !== undefined ||
      this.verdict === "login"
    );
  }

  /** The row as it is now, under the id that it has now; undefined where it is gone. */
  now(): Meta | undefined {
    const { sid, table } = this;
    if (sid === undefined) return undefined;
    const meta = table.meta(sid);
    if (meta !== undefined) return meta;
    const next = table.follow(sid, true);
    this.outdone = next === LATE;
    if (typeof next === "number") return undefined;
    this.sid = next;
    this.place = -1;
    this.moved = true;
    return table.meta(next);
  }

  meetAt({ place, low, high }: Spot): void {
    this.place = place;
    this.low = low;
    this.high = high;
  }

  /** The session is over for this request; its id is now this one. */
  close(sid: string | undefined): void {
    this.committed = true;
    this.sid = sid;
    this.place = -1;
  }
}
