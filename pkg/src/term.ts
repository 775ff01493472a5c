/** Single values, kept encoded so that nobody can reach what is kept. */
import { encode } from "./codec.js";
import { readTerm, seek } from "./decode.js";

export function decodeTerm(term: Uint8Array): unknown {
  seek(term, 0);
  return readTerm();
}

export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** What is handed out shares nothing with what is kept. */
export function copyTerm(value: unknown): unknown {
  return isObject(value) ? decodeTerm(encode(value, "")) : value;
}
