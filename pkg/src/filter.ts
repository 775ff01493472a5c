import { encode, type FieldNames } from "./codec.js";
import { isWellFormed, type Writer, writeFloat, writeText } from "./encode.js";
import { badOption, EtsError } from "./errors.js";
import { boolean, known, milliseconds } from "./options.js";
import type { Filter } from "./types.js";

const utf8 = new TextEncoder();

/** Writes a filter in the format of src/select.rs. */
export function writeFilter(w: Writer, filter: Filter, names: FieldNames): void {
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
  w.room(16);
  w.bytes[w.at++] = (subject === undefined ? 0 : 1) | wanted;
  writeFloat(w, idle);
  if (subject !== undefined) {
    const bytes = utf8.encode(subject);
    w.length(bytes.length);
    w.append(bytes);
  }
  w.length(fields.length);
  for (const [name, number, value] of fields) {
    w.length(number);
    if (number === 0) writeText(w, name);
    const values = Array.isArray(value) ? value : [value];
    w.length(values.length);
    for (const one of values) w.append(encode(one, name));
  }
}
