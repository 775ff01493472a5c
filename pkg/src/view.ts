import type { Source } from "./source.js";
import type { StoredRow } from "./stores/contract.js";
import { decodeTerm } from "./term.js";
import type { Meta, Row, Term } from "./types.js";

/** One session as a store gave it, for one request. */
export class View implements Source {
  readonly name: string;
  readonly #hash: (id: string) => string;
  /** The row as it was last heard of; undefined where it is gone. */
  row: StoredRow | undefined;
  /** The id under which it is kept. */
  sid: string | undefined;
  /** Why there is none. */
  why = 0;

  constructor(name: string, hash: (id: string) => string) {
    this.name = name;
    this.#hash = hash;
  }

  read(id: string): Row | undefined {
    return this.peek(id);
  }

  peek(id: string): Row | undefined {
    return this.row === undefined || id !== this.sid ? undefined : (decodeTerm(this.row.data) as Row);
  }

  readField(id: string, name: string): Term {
    const row = this.peek(id);
    return row !== undefined && Object.hasOwn(row, name) ? row[name] : undefined;
  }

  meta(id: string): Meta | undefined {
    if (this.row === undefined || id !== this.sid) return undefined;
    const { createdAt, touchedAt, expiresAt, version, subject } = this.row;
    return { createdAt, touchedAt, expiresAt, version, subject };
  }

  follow(id: string, _underWay: boolean): string | number {
    return this.row !== undefined && this.sid !== undefined && this.sid !== id ? this.sid : this.why;
  }

  hash(id: string): string {
    return this.#hash(id);
  }
}
