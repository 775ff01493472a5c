/** The peer: a Map of the table's rows as JSON. */
import { ID_LENGTH } from "./sessions.js";
import { page, table } from "./table.js";

let map;
let ids;

export function forget() {
  map = undefined;
  ids = undefined;
}

/** Makes it, if there is none of these rows. Undefined: cancelled. */
export async function peer(_, task) {
  if (map === undefined) await make(task);
  return map && { size: map.size };
}

async function make(task) {
  const made = new Map();
  const keys = new Ids(table.size);
  let after;
  do {
    const { entries, after: next } = page({ after });
    for (const [key, json, timestamp] of entries) {
      made.set(key, { json, timestamp });
      keys.add(key);
    }
    after = next;
    if (!(await task.goOn(made.size, table.size))) return;
  } while (after !== undefined);
  map = made;
  ids = keys;
}

export const contenders = () => ({ map, ids });

/** Ids as bytes, so that each look-up has a string of its own, as a request brings it. */
class Ids {
  #bytes;
  count = 0;

  constructor(most) {
    this.#bytes = new Uint8Array(most * ID_LENGTH);
  }

  add(key) {
    const begin = this.count * ID_LENGTH;
    if (key.length !== ID_LENGTH || begin >= this.#bytes.length) return;
    for (let i = 0; i < ID_LENGTH; i++) this.#bytes[begin + i] = key.charCodeAt(i);
    this.count += 1;
  }

  at(index) {
    const begin = index * ID_LENGTH;
    return String.fromCharCode.apply(null, this.#bytes.subarray(begin, begin + ID_LENGTH));
  }
}
