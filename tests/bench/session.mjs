/** The reference work: a session of six fields, about 142 bytes as JSON, under a random id. Portable. */
import { permutation, random } from "./random.mjs";

const ALPHABET = new TextEncoder().encode("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
const LENGTH = 24;
const BEGIN = 1_767_225_600_000;

const next = random(1);

function characters(length) {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = ALPHABET[Math.floor(next() * 64)];
  return bytes;
}

/** Where tokens are cut from: long enough that none is met twice in a cache. */
const noise = characters(1 << 20);

/** A string of its own each time, as a request brings it: never the object that a table has as its key. */
function text(bytes, begin) {
  return String.fromCharCode.apply(null, bytes.subarray(begin, begin + LENGTH));
}

export function session(index) {
  return {
    user_id: index,
    role: "admin",
    csrf_token: text(noise, Math.floor(next() * (noise.length - LENGTH))),
    cart: [`sku-${Math.floor(next() * 100)}`, `sku-${100 + Math.floor(next() * 900)}`],
    locale: "en-GB",
    last_seen: BEGIN + Math.floor(next() * 1e9),
  };
}

/** Ids by their row's number, and batches of them picked at random: no row again before all were picked. */
export class Ids {
  #bytes;
  #order;
  #at = 0;

  constructor(count) {
    this.count = count;
    this.#bytes = characters(count * LENGTH);
    this.#order = permutation(count, next);
  }

  id(index) {
    return text(this.#bytes, index * LENGTH);
  }

  pick(size) {
    const picked = new Uint32Array(size);
    for (let i = 0; i < size; i++) {
      picked[i] = this.#order[this.#at];
      this.#at = (this.#at + 1) % this.count;
    }
    return picked;
  }
}
