/** A table's rows as sessions: visited, met again, committed to, renewed and ended, each in one step of the core. */
import { type Access, idAt, metaOf, NOBODY } from "./access.js";
import { begin, beginWith, end, textAt, writeKey } from "./area.js";
import { type Change, changeNumbers, putChange, putCreated } from "./change.js";
import { putBytes } from "./encode.js";
import { NamedTable } from "./rows.js";
import { ELSEWHERE, LATE, LIVES, type Source, type Spot } from "./source.js";
import type { Meta, Row, Term } from "./types.js";
import * as wasm from "./wasm.js";
import { run } from "./wasm.js";

const utf8 = new TextEncoder();

export class SessionRows implements Source {
  readonly name: string;
  readonly #table: NamedTable;
  readonly #access: Access;

  constructor(table: NamedTable) {
    this.name = table.name;
    this.#table = table;
    this.#access = NamedTable.access(table);
  }

  read(key: string, spot: Spot): Row | undefined {
    const at = spot.place < 0 ? ELSEWHERE : this.#access.at(spot, 0);
    return at === ELSEWHERE ? this.#table.lookup(key) : this.#access.row(at);
  }

  readField(key: string, name: string, spot: Spot): Term {
    const access = this.#access;
    const number = spot.place < 0 ? 0 : access.names.known(name);
    const at = number === 0 ? ELSEWHERE : access.at(spot, number);
    return at === ELSEWHERE ? this.#table.field(key, name) : access.value(at);
  }

  peek(key: string): Row | undefined {
    return this.#table.peek(key);
  }

  meta(key: string): Meta | undefined {
    if (!this.#table.member(key)) return undefined;
    return metaOf(textAt(wasm.number(4), wasm.number(5)));
  }

  hash(key: string): string {
    return this.#access.hash(key);
  }

  /**
   * Touches a row and tells what its id leads to: 0 nothing, 1 a row that expired just now, 2 a living row,
   * of which {@link seen} tells more, 3 an end, 4 a fresh id, which {@link follow} tells, 5 one too late.
   */
  visit(key: string, watched: string): number {
    const access = this.#access;
    const number = access.number(watched);
    return access.ask(key, (core, length, now) => core.row_visit(access.handle, length, number, now));
  }

  /** What is known of the row that was visited last, and whether it has the field that was watched. */
  seen(key: string, watched: string): { meta: Meta; has: boolean; spot: Spot } {
    const [meta, has] = [metaOf(""), wasm.number(4) === 1];
    // As integers, which engines keep where they are.
    const spot = { place: wasm.number(5) | 0, low: wasm.number(6) | 0, high: wasm.number(7) | 0 };
    // The core can't tell of a name that has no number.
    const hidden = this.#access.number(watched) === 0 && this.#table.field(key, watched) !== undefined;
    return { meta, has: has || hidden, spot };
  }

  /**
   * The living id that a renewed one leads to, for a request that is under way also behind the grace; where
   * there is none, what became of the last one, as {@link visit} tells it.
   */
  follow(key: string, underWay: boolean): string | number {
    const access = this.#access;
    const now = access.now();
    const length = writeKey(key, access.settings.maxRowBytes, true);
    const at = run(() => wasm.core().row_follow(access.handle, length, +underWay, now));
    return at <= LATE ? at : idAt(at);
  }

  /** Merges a change into a living row, binds it to a subject and renews its id, all in one step or not at all. */
  commit(
    key: string,
    change: Change,
    how: { renew?: boolean; grace?: number; subject?: string },
  ): { found: number; id?: string } {
    const access = this.#access;
    const now = access.now();
    const { subject, renew, grace = 0 } = how;
    const numbers = changeNumbers(change, access.names);
    const whose = subject === undefined ? NOBODY : utf8.encode(subject);
    let length: number;
    let size: number;
    const before = begin();
    try {
      length = beginWith(key, access.settings.maxRowBytes, true);
      const at = putBytes(length, whose);
      size = access.fits(at, putChange(at, change, numbers));
    } finally {
      end(before);
    }
    const owned = subject === undefined ? 0 : 1;
    const late = renew === true ? grace : -1;
    const found = run(
      () => wasm.core().row_commit(access.handle, length, whose.length, owned, size, late, now),
      () => {
        const row = this.peek(key) ?? {};
        return [...change.increments.keys()].find((name) => typeof (row[name] ?? 0) !== "number");
      },
    );
    return found <= LIVES ? { found } : { found: LIVES, id: idAt(found) };
  }

  /** Deletes a row and knows its id for dead; false where there was none. */
  end(key: string): boolean {
    const access = this.#access;
    return access.ask(key, (core, length, now) => core.row_end(access.handle, length, now)) === 1;
  }

  /** All rows of a subject, by the hashes of their keys: keys that are not hashed are ids, which open sessions. */
  bySubject(subject: string): Array<[hash: string, row: Row, meta: Meta]> {
    const { rows } = this.#table.select({ subject }, { limit: 2 ** 31 - 1 });
    if (this.#access.settings.hashKeys) return rows;
    return rows.map(([key, row, meta]) => [this.hash(key), row, meta]);
  }

  /** Ends the one session of a subject that has this hash; false where there is none. */
  endOne(subject: string, hash: string): boolean {
    const access = this.#access;
    if (access.settings.hashKeys) {
      if (!this.bySubject(subject).some(([key]) => key === hash)) return false;
      const now = access.now();
      const length = writeKey(hash, Number.POSITIVE_INFINITY, true);
      return run(() => wasm.core().row_end_hashed(access.handle, length, now)) === 1;
    }
    const { rows } = this.#table.select({ subject }, { limit: 2 ** 31 - 1 });
    const found = rows.find(([key]) => this.hash(key) === hash);
    return found !== undefined && this.end(found[0]);
  }

  /** Ends all sessions of a subject but one, and gives how many. */
  endAll(subject: string, except?: string): number {
    const access = this.#access;
    const now = access.now();
    const kept = except === undefined ? NOBODY : utf8.encode(except);
    const size = access.filter({ subject }, kept);
    return run(() => wasm.core().table_end_where(access.handle, size, kept.length, now));
  }

  /** Stores the row that a change makes of nothing under a fresh id, which it gives. */
  createFrom(change: Change, lifetime: number, subject = ""): string {
    const access = this.#access;
    const now = access.now();
    const numbers = changeNumbers(change, access.names);
    const whose = utf8.encode(subject);
    return access.fresh(now, lifetime, whose, (at) => putCreated(at, change, numbers));
  }

  /** A lifetime that fresh rows may have, or the table's own where that is stricter; milliseconds, 0 for none. */
  lifetime(idle: number, absolute: number): number {
    return this.#access.lifetime(idle, absolute);
  }
}
