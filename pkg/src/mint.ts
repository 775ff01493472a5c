/** Ids that are made here, for stores: a table's core makes its own. */
import { toBytes, toText } from "./base64url.js";
import { deriveKey, tag } from "./tags.js";

const BYTES = 18;

/** A fresh id: 144 random bits, of which a store that is cut into parts chooses twelve. */
export function mint(place: string | undefined): string {
  const id = toText(crypto.getRandomValues(new Uint8Array(BYTES)));
  return place === undefined ? id : place + id.slice(place.length);
}

/** A short name that no other commit has. */
export function token(): string {
  return toText(crypto.getRandomValues(new Uint8Array(9)));
}

/** The key under which stores keep an id: two characters of it, by which it is placed, and a one-way hash. */
export function keyOf(id: string, hash: (id: string) => string): string {
  return id.slice(0, 2) + hash(id);
}

/** What covers the id that another leads to: only who has the one can read it. */
function cover(old: string): Uint8Array {
  return toBytes(tag(deriveKey("\0renewed", "stores"), old));
}

export function covered(fresh: string, old: string): Uint8Array {
  const pad = cover(old);
  return toBytes(fresh).map((byte, i) => byte ^ (pad[i] as number));
}

export function uncovered(bytes: Uint8Array, old: string): string | undefined {
  if (bytes.length !== BYTES) return undefined;
  const pad = cover(old);
  return toText(bytes.map((byte, i) => byte ^ (pad[i] as number)));
}
