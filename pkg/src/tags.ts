/** Tags that make an id authentic, and the keys that they are made with: src/tag.rs has the rules. */
import { begin, decode, end, settle } from "./area.js";
import { putBytes } from "./encode.js";
import * as wasm from "./wasm.js";
import { run } from "./wasm.js";

const utf8 = new TextEncoder();

/** Begins the area with the bytes of some parts, and gives their lengths. */
function lay(...parts: ReadonlyArray<string | Uint8Array>): number[] {
  const all = parts.map((part) => (typeof part === "string" ? utf8.encode(part) : part));
  const before = begin();
  try {
    settle(all.reduce(putBytes, 0));
  } finally {
    end(before);
  }
  return all.map((part) => part.length);
}

/** The key of a table's tags. */
export function deriveKey(secret: string, table: string): Uint8Array {
  const [secretLength = 0, nameLength = 0] = lay(secret, table);
  const size = run(() => wasm.core().tag_key(secretLength, nameLength));
  return wasm.window(size).slice(0, size);
}

/** The tag that makes an id authentic: 24 characters of base64url. */
export function tag(key: Uint8Array, id: string | Uint8Array): string {
  const [, length = 0] = lay(key, id);
  const size = run(() => wasm.core().tag_of(length, 0));
  return decode(wasm.window(size).subarray(0, size));
}

/** Whether a tag is an id's, found out in a time that says nothing of either. */
export function tagMatches(key: Uint8Array, id: string, tag: string): boolean {
  const [, idLength = 0, tagLength = 0] = lay(key, id, tag);
  return tagLength > 0 && run(() => wasm.core().tag_of(idLength, tagLength)) === 1;
}
