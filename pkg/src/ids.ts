/** Ids as cookies carry them: checked before anything is looked up, and authentic where there are secrets. */
import { isWellFormed } from "./encode.js";
import { badOption } from "./errors.js";
import { deriveKey, tag, tagMatches } from "./tags.js";

/** 18 random bytes as base64url, and as many of a tag: whole groups, so that each has one spelling only. */
const ID_LENGTH = 24;
const ID = /^[0-9A-Za-z_-]{24}$/;
const TAGGED = /^[0-9A-Za-z_-]{48}$/;

/** What a request's cookies say. */
export interface Presented {
  /** Whether there was a cookie of our name, whatever it said. */
  any: boolean;
  id: string | undefined;
  /** Whether the id was signed with a secret that signs no more. */
  stale: boolean;
  /** What begins a value that we never gave out, or did not give to one visitor; no event holds it as it is. */
  forged: string | undefined;
}

function secretsOf(given: unknown): string[] {
  const all: unknown[] = Array.isArray(given) ? given : [given];
  const fit = (secret: unknown) => typeof secret === "string" && secret !== "" && isWellFormed(secret);
  if (all.length === 0 || !all.every(fit)) {
    throw badOption("secrets", typeof given, "a well-formed string that is not empty, or some of them");
  }
  return all as string[];
}

export class Ids {
  readonly #secrets: string[];
  #keys: Uint8Array[] = [];

  constructor(secrets: string | string[] | undefined) {
    this.#secrets = secrets === undefined ? [] : secretsOf(secrets);
  }

  /** Keys are bound to the table; they are made when the first is needed. */
  #keysOf(table: string): Uint8Array[] {
    if (this.#keys.length === 0) this.#keys = this.#secrets.map((secret) => deriveKey(secret, table));
    return this.#keys;
  }

  /** The cookie's value for an id. */
  write(id: string, table: string): string {
    const [key] = this.#keysOf(table);
    return key === undefined ? id : id + tag(key, id);
  }

  /**
   * Of several values the first that has an id's shape counts; where there are secrets, the one that
   * verifies, and there must be no other that does.
   */
  read(values: Iterable<string>, table: string): Presented {
    const found: Presented = { any: false, id: undefined, stale: false, forged: undefined };
    let several = false;
    for (const value of values) {
      found.any = true;
      if (this.#secrets.length === 0) {
        if (!ID.test(value)) continue;
        found.id = value;
        break;
      }
      const id = value.slice(0, ID_LENGTH);
      const signed = TAGGED.test(value) ? this.#signedBy(id, value.slice(ID_LENGTH), table) : -1;
      if (signed < 0) found.forged ??= id;
      else {
        several ||= found.id !== undefined && found.id !== id;
        found.stale = signed > 0;
        found.id = id;
      }
    }
    if (several) return { any: true, id: undefined, stale: false, forged: found.id };
    // It may hold what is no text at all.
    found.forged = found.forged?.replace(/[^ -~]/g, "?");
    return found;
  }

  /** Which secret signed an id; -1 for none. */
  #signedBy(id: string, tag: string, table: string): number {
    return this.#keysOf(table).findIndex((key) => tagMatches(key, id, tag));
  }
}
