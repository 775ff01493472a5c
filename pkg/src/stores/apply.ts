import { encode } from "../codec.js";
import { setField } from "../decode.js";
import { EtsError } from "../errors.js";
import { decodeTerm } from "../term.js";
import type { Row } from "../types.js";
import type { Change, StoredRow } from "./contract.js";

/** How many commits a row remembers by their tokens. */
const REMEMBERED = 8;

/** The fields of a row, sharing nothing with it. */
export function fieldsOf(data: Uint8Array): Row {
  return decodeTerm(data) as Row;
}

/** Whether a row knows a commit already. */
export function isRepeated(row: StoredRow, { token }: Change): boolean {
  return token !== undefined && row.recent?.includes(token) === true;
}

/**
 * The row that a change makes of one, or of nothing: what stores call that keep rows as bytes. Who calls it has
 * looked at the version, and at whether the change is a repetition.
 *
 * @throws {EtsError} ERR_NOT_A_NUMBER for an increment of something else
 */
export function applyChange(row: StoredRow | null, change: Change): StoredRow {
  const { set, remove = [], increments = {}, touchedAt, expiresAt, token } = change;
  const writes = row === null || set !== undefined || remove.length > 0 || Object.keys(increments).length > 0;
  const subject = change.subject ?? row?.subject;
  const recent = token === undefined ? row?.recent : [...(row?.recent ?? []), token].slice(-REMEMBERED);
  // A slow request must not take back what a later one has prolonged.
  const late = row !== null && row.touchedAt > touchedAt;
  return {
    data: writes ? merged(row, change) : row.data,
    version: (row?.version ?? 0) + (writes || change.renamedFrom !== undefined ? 1 : 0),
    createdAt: row?.createdAt ?? touchedAt,
    touchedAt: late ? row.touchedAt : touchedAt,
    expiresAt: late ? row.expiresAt : expiresAt,
    ...(subject === undefined ? {} : { subject }),
    ...(recent === undefined ? {} : { recent }),
  };
}

function merged(row: StoredRow | null, { set, remove = [], increments = {} }: Change): Uint8Array {
  const fields = row === null ? {} : fieldsOf(row.data);
  for (const name of remove) delete fields[name];
  if (set !== undefined) {
    const sets = fieldsOf(set);
    for (const name of Object.keys(sets)) setField(fields, name, sets[name]);
  }
  for (const [name, by] of Object.entries(increments)) {
    const before = Object.hasOwn(fields, name) ? fields[name] : 0;
    if (typeof before !== "number") {
      throw new EtsError("ERR_NOT_A_NUMBER", "the field is not a number", { path: name });
    }
    setField(fields, name, before + by);
  }
  return encode(fields, "");
}
