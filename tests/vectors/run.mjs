/** The TypeScript codec against the vectors that the Rust core holds to (tests/vectors.rs): to bytes and back. */
import { readFileSync } from "node:fs";
import { FieldNames } from "../../pkg/dist/codec.js";
import { Reader, readTerm } from "../../pkg/dist/decode.js";
import { Writer, writeTerm } from "../../pkg/dist/encode.js";
import { collect, print } from "../runtimes/report.mjs";
import { deepEqual, equal, group, runAll, test } from "../suite/harness.js";

const vectors = JSON.parse(readFileSync(new URL("../fixtures/records.json", import.meta.url), "utf8"));

const SPECIAL = { NaN: Number.NaN, Infinity: Number.POSITIVE_INFINITY, "-Infinity": -Infinity, "-0": -0 };
const number = (v) => (typeof v === "string" ? SPECIAL[v] : v);

function define(fields) {
  const object = {};
  for (const [name, v] of fields) {
    Object.defineProperty(object, name, {
      value: value(v),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return object;
}

/** The value that a vector describes, see the file's `about`. */
function value({ t, v, negative, class: name }) {
  switch (t) {
    case "undefined":
      return undefined;
    case "null":
      return null;
    case "number":
      return number(v);
    case "bigint":
      return BigInt(`0x0${v}`) * (negative ? -1n : 1n);
    case "date":
      return new Date(number(v));
    case "array":
      return v.map(value);
    case "set":
      return new Set(v.map(value));
    case "map":
      return new Map(v.map(([key, of]) => [value(key), value(of)]));
    case "object":
      return define(v);
    case "binary": {
      const { buffer } = Uint8Array.from(v.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
      return name === "ArrayBuffer" ? buffer : new globalThis[name](buffer);
    }
    default:
      return v;
  }
}

const hex = (w) =>
  Array.from(w.bytes.subarray(0, w.at), (byte) => byte.toString(16).padStart(2, "0")).join("");

function readerOf(text) {
  const r = new Reader();
  r.bytes = Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  return r;
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
        equal(readTerm(readerOf(bytes)) instanceof ArrayBuffer, true);
      });
      continue;
    }
    test(`${name}: the same bytes, and back`, () => {
      const w = new Writer();
      writeTerm(w, value(described));
      equal(hex(w), bytes);
      const r = readerOf(bytes);
      deepEqual(readTerm(r), value(described));
      equal(r.at, r.bytes.length);
    });
  }
  for (const { name, fields, hex: bytes } of vectors.records) {
    test(`record ${name}: the same bytes, and back`, () => {
      const [w, known] = [new Writer(), names()];
      known.write(w, define(fields));
      equal(hex(w), bytes);
      deepEqual(known.read(readerOf(bytes)), define(fields));
    });
  }
});

print("vectors", await collect(runAll, {}));
