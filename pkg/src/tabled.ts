/** Sessions in a table alone: every step is done when it returns. */
import type { Backend, Found, How, Merged } from "./backend.js";
import type { Change } from "./change.js";
import type { Fields } from "./fields.js";
import { FLASH } from "./hidden.js";
import type { NamedTable } from "./rows.js";
import { LIVES, RENEWED } from "./source.js";
import type { Meta, Row } from "./types.js";

export class Tabled implements Backend {
  readonly refusesLogin = false;
  readonly #table: () => NamedTable;
  readonly #idle: number;
  readonly #absolute: number;
  #lifetime: number | undefined;

  constructor(table: () => NamedTable, idle: number, absolute: number) {
    this.#table = table;
    this.#idle = idle;
    this.#absolute = absolute;
  }

  find(id: string | undefined): Found {
    const table = this.#table();
    let sid = id;
    let code = id === undefined ? 0 : table.visit(id, FLASH);
    const replace = code === RENEWED;
    if (replace) {
      const next = table.follow(id as string, false);
      code = typeof next === "string" ? table.visit(next, FLASH) : next;
      if (typeof next === "string") sid = next;
    }
    const seen = code === LIVES ? table.seen(sid as string, FLASH) : undefined;
    const { meta, has: flashed = false, spot } = seen ?? {};
    return { source: table, code, sid, meta, flashed, spot, replace };
  }

  commit({ sid }: Fields, change: Change, how: How): Merged {
    const { id = sid as string } = this.#table().commit(sid as string, change, how);
    return { id };
  }

  refresh(): void {}

  create(_fields: Fields, change: Change, subject: string | undefined): string {
    const table = this.#table();
    this.#lifetime ??= table.lifetime(this.#idle, this.#absolute);
    return table.createFrom(change, this.#lifetime, subject);
  }

  /** Opening the session did. */
  touch(): void {}

  end(fields: Fields): string | undefined {
    fields.now();
    const { sid } = fields;
    return sid !== undefined && this.#table().end(sid) ? sid : undefined;
  }

  list(subject: string): Array<[hash: string, row: Row, meta: Meta]> {
    return this.#table().bySubject(subject);
  }

  endAll(subject: string, except: string | undefined): string[] {
    const table = this.#table();
    const kept = except === undefined ? undefined : table.hash(except);
    const hashes = table.bySubject(subject).map(([hash]) => hash);
    table.endAll(subject, except);
    return hashes.filter((hash) => hash !== kept);
  }

  endOne(subject: string, hash: string): boolean {
    return this.#table().endOne(subject, hash);
  }
}
