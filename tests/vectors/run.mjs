/** The TypeScript codec against the vectors that the Rust core holds to (tests/core/vectors.rs): to bytes and back. */
import { readFileSync } from "node:fs";
import { FieldNames } from "../../target/typescript/codec.js";
import { readByte, readTerm, seek } from "../../target/typescript/decode.js";
import { bytesOf, putTerm } from "../../target/typescript/encode.js";
import { collect, print } from "../runtimes/report.mjs";
import { deepEqual, equal, group, runAll, test } from "../suite/harness.js";
import { define, value } from "./describe.mjs";

const vectors = JSON.parse(readFileSync(new URL("../fixtures/records.json", import.meta.url), "utf8"));

const hex = (of) => Array.from(of, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Stands behind what is read: no tag of a value. */
const BEHIND = 0xff;

/** Has what follows read from bytes in hexadecimal, and gives what `read` does, which must read all of them. */
function readAll(text, read) {
  seek(
    Uint8Array.from([...(text.match(/../g) ?? []), "ff"], (byte) => Number.parseInt(byte, 16)),
    0,
  );
  const found = read();
  equal(readByte(), BEHIND, "what stands behind what was read");
  return found;
}

/** Numbers names from 1 as they come, and leaves long ones inline, as a table does. */
function names() {
  const list = [];
  return new FieldNames({
    intern: (name) => (new TextEncoder().encode(name).length > 128 ? 0 : list.push(name)),
    name: (at) => list[at - 1],
  });
}

group("vectors", () => {
  for (const { name, value: described, hex: bytes } of vectors.terms) {
    if (described.class === "Float16Array" && !("Float16Array" in globalThis)) {
      // Node 20 has no such class; there its bytes come back as they are.
      test(`${name}: comes back as bytes where the class is missing`, () => {
        equal(readAll(bytes, readTerm) instanceof ArrayBuffer, true);
      });
      continue;
    }
    test(`${name}: the same bytes, and back`, () => {
      equal(hex(bytesOf(() => putTerm(0, value(described)))), bytes);
      deepEqual(readAll(bytes, readTerm), value(described));
    });
  }
  for (const { name, fields, hex: bytes } of vectors.records) {
    test(`record ${name}: the same bytes, and back`, () => {
      const [row, known] = [define(fields), names()];
      equal(hex(bytesOf(() => known.put(0, row, known.shape(row)))), bytes);
      deepEqual(
        readAll(bytes, () => known.read()),
        define(fields),
      );
    });
  }
});

print("vectors", await collect(runAll, {}));
