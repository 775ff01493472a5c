/** What engines keep: a row or an end as bytes that say whose they are, and that they are whole. */
import { encode } from "../codec.js";
import { EtsError } from "../errors.js";
import { deriveKey, tag } from "../tags.js";
import { decodeTerm } from "../term.js";
import type { Ended, StoredRow } from "./contract.js";

const VERSION = 1;
const SEAL = 24;

const ascii = new TextEncoder();

/** A keyed hash over the bytes and the key that they are kept under: another session's are not these. */
function sealOf(key: string, bytes: Uint8Array): Uint8Array {
  return ascii.encode(tag(deriveKey("\0stored", key), bytes));
}

export function seal(key: string, kept: StoredRow | Ended): Uint8Array {
  const bytes = encode({ v: VERSION, ...kept }, "");
  const sealed = new Uint8Array(SEAL + bytes.length);
  sealed.set(sealOf(key, bytes));
  sealed.set(bytes, SEAL);
  return sealed;
}

/** @throws {EtsError} ERR_STORE for what is not what was sealed under this key */
export function unseal(key: string, sealed: unknown): StoredRow | Ended {
  if (sealed instanceof Uint8Array && sealed.length > SEAL) {
    const bytes = sealed.subarray(SEAL);
    const right = sealOf(key, bytes);
    if (right.every((byte, i) => byte === sealed[i])) {
      const { v, ...kept } = decodeTerm(bytes) as { v: number } & (StoredRow | Ended);
      if (v === VERSION) return kept as StoredRow | Ended;
    }
  }
  throw new EtsError("ERR_STORE", "the engine's answer is not what was stored");
}
