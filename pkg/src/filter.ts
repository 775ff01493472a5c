import { putName } from "./change.js";
import { encode, type FieldNames, fieldOf, fieldsOf } from "./codec.js";
import { isWellFormed, putByte, putBytes, putFloat, putLength } from "./encode.js";
import { badOption } from "./errors.js";
import { boolean, known, milliseconds } from "./options.js";
import type { Filter, Row } from "./types.js";

const utf8 = new TextEncoder();

/** Puts a filter in the format of src/select.rs. */
export function putFilter(at: number, filter: Filter, names: FieldNames): number {
  known("filter", filter, ["where", "subject", "hasSubject", "idleFor"]);
  const { where = {}, subject, hasSubject, idleFor } = filter;
  if (subject !== undefined && (typeof subject !== "string" || !isWellFormed(subject))) {
    throw badOption("subject", subject, "a well-formed string");
  }
  const wanted = hasSubject === undefined ? 0 : boolean("hasSubject", hasSubject) ? 2 : 4;
  const idle = idleFor === undefined ? 0 : milliseconds("idleFor", idleFor);
  if (typeof where !== "object" || where === null) throw badOption("where", where, "an object");
  const values = fieldsOf(where).map((name) => [name, oneOf(where, name)] as const);
  // Numbered behind all getters, of which one may clear the table.
  const fields = values.map(([name, terms]) => [name, names.number(name), terms] as const);
  let to = putFloat(putByte(at, (subject === undefined ? 0 : 1) | wanted), idle);
  if (subject !== undefined) {
    const bytes = utf8.encode(subject);
    to = putBytes(putLength(to, bytes.length), bytes);
  }
  to = putLength(to, fields.length);
  for (const [name, number, terms] of fields) {
    to = putLength(putName(to, name, number), terms.length);
    for (const term of terms) to = putBytes(to, term);
  }
  return to;
}

/** What a field may be, encoded; a getter may throw, and an array have holes. */
function oneOf(where: Row, name: string): Uint8Array[] {
  const value = fieldOf(where, name);
  if (!Array.isArray(value)) return [encode(value, name)];
  return Array.from(value, (one, i) => encode(i in value ? one : HOLE, `${name}[${i}]`));
}

/** Nothing that can be stored. */
const HOLE = Symbol("hole");
