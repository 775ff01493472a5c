import { putName } from "./change.js";
import { encode, type FieldNames } from "./codec.js";
import { isWellFormed, putByte, putBytes, putFloat, putLength } from "./encode.js";
import { badOption, EtsError } from "./errors.js";
import { boolean, known, milliseconds } from "./options.js";
import type { Filter } from "./types.js";

const utf8 = new TextEncoder();

/** Puts a filter in the format of src/select.rs. */
export function putFilter(at: number, filter: Filter, names: FieldNames): number {
  known("filter", filter, ["where", "subject", "hasSubject", "idleFor"]);
  const { where = {}, subject, hasSubject, idleFor } = filter;
  if (typeof where !== "object" || where === null) throw badOption("where", where, "an object");
  if (subject !== undefined && (typeof subject !== "string" || !isWellFormed(subject))) {
    throw badOption("subject", subject, "a well-formed string");
  }
  const wanted = hasSubject === undefined ? 0 : boolean("hasSubject", hasSubject) ? 2 : 4;
  const idle = idleFor === undefined ? 0 : milliseconds("idleFor", idleFor);
  const fields = Object.keys(where).map((name) => {
    if (!isWellFormed(name)) throw new EtsError("ERR_BAD_KEY", "a field's name must be a well-formed string");
    return [name, names.number(name), where[name]] as const;
  });
  let to = putFloat(putByte(at, (subject === undefined ? 0 : 1) | wanted), idle);
  if (subject !== undefined) {
    const bytes = utf8.encode(subject);
    to = putBytes(putLength(to, bytes.length), bytes);
  }
  to = putLength(to, fields.length);
  for (const [name, number, value] of fields) {
    const values = Array.isArray(value) ? value : [value];
    to = putLength(putName(to, name, number), values.length);
    for (const one of values) to = putBytes(to, encode(one, name));
  }
  return to;
}
