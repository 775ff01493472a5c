/**
 * Rows that end each at a time of its own, for frameworks that say how long with every write. A table has one
 * lifetime for all of its rows, so the time is kept in the row.
 */
import { badOption } from "../errors.js";
import { callable, known } from "../options.js";
import type { SessionsOptions } from "../sessions-options.js";
import { createTable, EtsError, type Row, type Table, table, tables } from "../table.js";

/** Where rows are kept that end each at a time of its own. */
export interface DeadlineOptions extends Pick<SessionsOptions, "limits"> {
  /** The table, by name (created if missing) or as an object. */
  table?: string | Table;
  /** The clock, in milliseconds since the Unix epoch. Default Date.now; a table of your own has its own beside it. */
  now?: () => number;
}

const UNTIL = "\0until";
/** At each so-manyth write, so many rows are looked at. */
const [WRITES, LOOKED_AT] = [16, 32];
/** Between two looks at all rows of a full table, in ms. */
const PAUSE = 1000;

export class Deadlines {
  readonly table: Table;
  /** Whether nobody had the table before. */
  readonly made: boolean;
  readonly now: () => number;
  #writes = 0;
  #cleared = Number.NEGATIVE_INFINITY;
  #after: string | undefined;

  /** `own` are the options that the adapter has beside these. */
  constructor(options: DeadlineOptions, name: string, own: string[] = []) {
    known("options", options, ["table", "limits", "now", ...own]);
    const { table: given = name, limits = {}, now = Date.now } = options;
    known("limits", limits, ["maxBytes", "maxRowBytes", "onFull"]);
    callable("now", now);
    if (typeof given !== "string" && typeof given?.lookup !== "function") {
      throw badOption("table", given, "a name, or a table of this package");
    }
    this.made = typeof given === "string" && !tables().includes(given);
    if (typeof given !== "string") this.table = given;
    else this.table = this.made ? createTable(given, { ...limits, now }) : table(given);
    this.now = now;
  }

  get(key: string): Row | undefined {
    const row = this.table.lookup(key);
    return row && this.#living(key, row);
  }

  has(key: string): boolean {
    const until = this.until(key);
    return until === undefined ? this.table.member(key) : !this.#over(key, until);
  }

  /** When a row ends; undefined for one that does not, or is not there. */
  until(key: string): number | undefined {
    return this.table.field(key, UNTIL) as number | undefined;
  }

  /** Stores a row until a time, or for good; a time that is past deletes it. */
  set(key: string, row: Row, until?: number): void {
    this.#look();
    if (until !== undefined && until <= this.now()) {
      this.table.delete(key);
      return;
    }
    const kept = until === undefined ? row : { ...row, [UNTIL]: until };
    try {
      this.table.insert(key, kept);
    } catch (error) {
      if (!(error instanceof EtsError && error.code === "ERR_TABLE_FULL") || !this.#clear()) throw error;
      this.table.insert(key, kept);
    }
  }

  /** Merges fields into a living row; false where there is none. */
  update(key: string, patch: Row, until: number): boolean {
    return this.has(key) && !this.#over(key, until) && this.table.update(key, { ...patch, [UNTIL]: until });
  }

  /** The living rows; those that are over are deleted on the way. */
  *rows(): IterableIterator<[string, Row]> {
    let after: string | undefined;
    do {
      const page = this.table.select({}, after === undefined ? {} : { after });
      for (const [key, row] of page.rows) {
        const living = this.#living(key, row);
        if (living) yield [key, living];
      }
      after = page.after;
    } while (after !== undefined);
  }

  /** Now and then a write looks at some rows: what nobody asks for any more would stay for ever. */
  #look(): void {
    if (++this.#writes % WRITES !== 0) return;
    const from = this.#after === undefined ? {} : { after: this.#after };
    const page = this.table.select({}, { limit: LOOKED_AT, ...from });
    for (const [key, row] of page.rows) this.#living(key, row);
    this.#after = page.after;
  }

  /** Looks at every row, which the table can't know to be over; whoever keeps it full can't ask for that often. */
  #clear(): boolean {
    const now = this.now();
    if (now - this.#cleared < PAUSE) return false;
    this.#cleared = now;
    for (const _ of this.rows());
    return true;
  }

  #living(key: string, { [UNTIL]: until, ...row }: Row): Row | undefined {
    return this.#over(key, until) ? undefined : row;
  }

  #over(key: string, until: unknown): boolean {
    if (!(typeof until === "number" && until <= this.now())) return false;
    // A table that hashes its keys gives hashes, by which nothing can be deleted.
    if (!this.table.delete(key)) this.table.deleteWhere({ where: { [UNTIL]: until } });
    return true;
  }
}
