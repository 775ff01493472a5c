/** Everything a row may hold, and what comes back of it. */
import { createContext, runInContext } from "node:vm";
import fc from "fast-check";

const kind = (value) => Object.prototype.toString.call(value).slice(8, -1);

/** Sets a field as JSON.parse would: a name that prototypes have is a name like any other. */
export function put(object, name, value) {
  Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}

/** What a value is when it comes back: equal, plain, and sharing nothing. */
export function copy(value) {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Array.from(value, copy);
  if (value instanceof DataView) return new DataView(bytes(value).buffer);
  if (ArrayBuffer.isView(value)) return new globalThis[value[Symbol.toStringTag]](bytes(value).buffer);
  switch (kind(value)) {
    case "Date":
      return new Date(value.getTime());
    case "Map":
      return new Map([...value].map(([key, inner]) => [copy(key), copy(inner)]));
    case "Set":
      return new Set([...value].map(copy));
    case "ArrayBuffer":
      return value.slice(0);
  }
  const plain = {};
  for (const name of Object.keys(value)) put(plain, name, copy(value[name]));
  return plain;
}

const bytes = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();

/** Equality as filters and set() have it: the order of an object's fields does not count, 0 is not -0. */
export function same(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Date) return Object.is(a.getTime(), b.getTime());
  if (a instanceof ArrayBuffer) return same([...new Uint8Array(a)], [...new Uint8Array(b)]);
  if (ArrayBuffer.isView(a)) return same([...bytes(a)], [...bytes(b)]);
  if (a instanceof Map || a instanceof Set) return same([...a], [...b]);
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => Object.hasOwn(b, name) && same(a[name], b[name]));
}

const BASE64URL = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"];

/** Strings at the borders of each way in which they could be written: lengths, alphabets, planes. */
export const text = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme", maxLength: 8 }),
  fc.string({ unit: fc.constantFrom(...BASE64URL), minLength: 7, maxLength: 72 }),
  fc.integer({ min: 60, max: 70 }).map((length) => "a".repeat(length)),
  fc.integer({ min: 20, max: 66 }).map((length) => "é".repeat(length)),
  fc.constantFrom(
    "",
    "\0",
    "\ufeff",
    "\ufeffx",
    "a\u{1f600}b",
    "\u{10ffff}",
    "\u0080",
    "\u07ff\u0800",
    "\uffff",
  ),
  fc.constantFrom(
    "AAAA",
    "AAAAAAAA",
    "________",
    "AAAAAAA=",
    "AAAAAAA\u0100",
    "x".repeat(127),
    "x".repeat(128),
  ),
);

const edges = [8, 16, 31, 32, 48, 53, 63].flatMap((bits) => [2 ** bits - 1, 2 ** bits, 2 ** bits + 1]);

const number = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, -0, 31, 32, 0.5, Number.NaN, Infinity, -Infinity, Number.MIN_VALUE, Number.MAX_VALUE),
  fc.constantFrom(...edges, ...edges.map((edge) => -edge)),
);

const scalar = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 4, arbitrary: number },
  { weight: 1, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: fc.constantFrom(null, undefined) },
  { weight: 1, arbitrary: fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }) },
  { weight: 1, arbitrary: fc.constantFrom(0n, -1n, 255n, 256n, -256n, 2n ** 64n, -(2n ** 64n), 16n ** 301n) },
);

const VIEWS = [
  Uint8Array,
  Int8Array,
  Uint8ClampedArray,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
];

const binary = fc
  .tuple(fc.uint8Array({ maxLength: 5 }), fc.constantFrom(...VIEWS), fc.boolean())
  .map(([source, View, whole]) => {
    // Eight bytes each, so that they fit every class; behind others, so that an offset that is lost shows.
    const long = Uint8Array.from({ length: 8 + source.length * 8 }, (_, i) => source[i >> 3] ?? i);
    return whole
      ? long.slice().buffer
      : new View(long.buffer, 8, (long.length - 8) / (View.BYTES_PER_ELEMENT ?? 1));
  });

const deep = (depth, wrap) => Array.from({ length: depth }).reduce(wrap, 1);
const realm = createContext({});
const shared = { twice: [1] };

/** What is unusual and may be stored all the same. They are never written to. */
const unusual = [
  ["a Buffer", Buffer.from("bytes")],
  ["a proxy of an object", new Proxy({ a: 1, b: [2] }, {})],
  ["a proxy of an array", new Proxy([1, { a: 2 }], {})],
  [
    "a getter",
    {
      get answer() {
        return [4, 2];
      },
    },
  ],
  ["another realm's object", runInContext("({ a: [1, { b: 2 }] })", realm)],
  ["another realm's Map", runInContext("new Map([[1, new Set(['a'])]])", realm)],
  ["another realm's Date", runInContext("new Date(5)", realm)],
  ["another realm's bytes", runInContext("new Uint8Array([1, 2])", realm)],
  ["one object twice", { a: shared, b: [shared, shared] }],
  ["a field that is a symbol's, passed over", { a: 1, [Symbol("s")]: 2 }],
  ["a field that is not enumerable, passed over", Object.defineProperty({ a: 1 }, "b", { value: 2 })],
  ["arrays nested 190 deep", deep(190, (value) => [value])],
  ["objects nested 190 deep", deep(190, (value) => ({ value }))],
  [
    "an object with a thousand fields",
    Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`f${i}`, i])),
  ],
  ["another NaN", new Float64Array(new BigUint64Array([0x7ff8_0000_0000_0001n]).buffer)[0]],
];

export const fieldName = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom("a", "b", "c", "n", "list") },
  {
    weight: 2,
    arbitrary: fc.constantFrom("__proto__", "constructor", "toString", "length", "0", "10", "then"),
  },
  { weight: 1, arbitrary: text },
);

const { term: made } = fc.letrec((tie) => ({
  term: fc.oneof(
    { depthSize: "small", maxDepth: 4 },
    { weight: 10, arbitrary: scalar },
    { weight: 1, arbitrary: fc.date({ noInvalidDate: false }) },
    { weight: 1, arbitrary: binary },
    { weight: 1, arbitrary: fc.constantFrom(...unusual).map(([, value]) => value) },
    { weight: 2, arbitrary: fc.array(tie("term"), { maxLength: 4 }) },
    { weight: 2, arbitrary: tie("plain") },
    {
      weight: 1,
      arbitrary: fc.array(fc.tuple(tie("term"), tie("term")), { maxLength: 3 }).map((all) => new Map(all)),
    },
    { weight: 1, arbitrary: fc.array(tie("term"), { maxLength: 3 }).map((all) => new Set(all)) },
  ),
  plain: fc
    .tuple(fc.array(fc.tuple(fieldName, tie("term")), { maxLength: 4 }), fc.boolean())
    .map(([all, bare]) => {
      const object = bare ? Object.create(null) : {};
      for (const [name, value] of all) put(object, name, value);
      return object;
    }),
}));

/** Whatever may be stored; half of them as simple as most are. */
export const term = fc.oneof(scalar, made);

/** A row of fields that few operations share, so that sequences meet them again. */
export const row = fc.array(fc.tuple(fieldName, term), { maxLength: 5 }).map((all) => {
  const fields = {};
  for (const [name, value] of all) put(fields, name, value);
  return fields;
});
