/** Sessions in a table alone: every step is done when it returns. */
import type { Backend, Found, How, Merged } from "./backend.js";
import type { Change } from "./change.js";
import type { Fields } from "./fields.js";
import { FLASH } from "./hidden.js";
import type { NamedTable } from "./rows.js";
import { SessionRows } from "./session-rows.js";
import { LIVES, RENEWED } from "./source.js";
import type { Meta, Row } from "./types.js";

export class Tabled implements Backend {
  readonly refusesLogin = false;
  readonly #table: () => NamedTable;
  readonly #idle: number;
  readonly #absolute: number;
  #rows: SessionRows | undefined;
  #lifetime: number | undefined;

  constructor(table: () => NamedTable, idle: number, absolute: number) {
    this.#table = table;
    this.#idle = idle;
    this.#absolute = absolute;
  }

  /** Made on first use, with the table. */
  #sessions(): SessionRows {
    this.#rows ??= new SessionRows(this.#table());
    return this.#rows;
  }

  find(id: string | undefined): Found {
    const rows = this.#sessions();
    let sid = id;
    let code = id === undefined ? 0 : rows.visit(id, FLASH);
    const replace = code === RENEWED;
    if (replace) {
      const next = rows.follow(id as string, false);
      code = typeof next === "string" ? rows.visit(next, FLASH) : next;
      if (typeof next === "string") sid = next;
    }
    const seen = code === LIVES ? rows.seen(sid as string, FLASH) : undefined;
    const { meta, has: flashed = false, spot } = seen ?? {};
    return { source: rows, code, sid, meta, flashed, spot, replace };
  }

  commit({ sid }: Fields, change: Change, how: How): Merged | undefined {
    const { found, id = sid as string } = this.#sessions().commit(sid as string, change, how);
    return found === LIVES ? { id } : undefined;
  }

  refresh(): void {}

  create(_fields: Fields, change: Change, subject: string | undefined): string {
    const rows = this.#sessions();
    this.#lifetime ??= rows.lifetime(this.#idle, this.#absolute);
    return rows.createFrom(change, this.#lifetime, subject);
  }

  /** Opening the session did. */
  touch(): void {}

  end(fields: Fields): string | undefined {
    fields.now();
    const { sid } = fields;
    return sid !== undefined && this.#sessions().end(sid) ? sid : undefined;
  }

  list(subject: string): Array<[hash: string, row: Row, meta: Meta]> {
    return this.#sessions().bySubject(subject);
  }

  endAll(subject: string, except: string | undefined): string[] {
    const rows = this.#sessions();
    const kept = except === undefined ? undefined : rows.hash(except);
    const hashes = rows.bySubject(subject).map(([hash]) => hash);
    rows.endAll(subject, except);
    return hashes.filter((hash) => hash !== kept);
  }

  endOne(subject: string, hash: string): boolean {
    return this.#sessions().endOne(subject, hash);
  }
}
