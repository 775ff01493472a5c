/** One of every kind of value a row can hold, and the edges of each kind. */

const own = (entries) => {
  const object = {};
  // Definition, not assignment: assigning to "__proto__" would set the prototype.
  for (const [key, value] of entries) {
    Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
  }
  return object;
};

const nested = (depth, wrap, core) => {
  let value = core;
  for (let i = 0; i < depth; i++) value = wrap(value);
  return value;
};

/** Names a value, and makes it afresh for each use, so that nothing one test does reaches another. */
export const terms = {
  null: () => null,
  undefined: () => undefined,
  true: () => true,
  false: () => false,
  "integers about every power of two": () =>
    Array.from({ length: 54 }, (_, i) => [2 ** i - 1, 2 ** i, -(2 ** i), -(2 ** i) - 1]),
  "whole numbers beyond 2^53": () => [2 ** 53, 2 ** 53 + 2, -(2 ** 60), 1e21, 1e300],
  fractions: () => [
    0.1,
    -0.5,
    1 / 3,
    Math.PI,
    Number.EPSILON,
    Number.MIN_VALUE,
    Number.MAX_VALUE,
    -Number.MAX_VALUE,
  ],
  "NaN, both zeros, both infinities": () => [Number.NaN, 0, -0, Infinity, -Infinity],
  "small bigints": () => [0n, 1n, -1n, 127n, 128n, 255n, 256n, -128n, -129n],
  "bigints about 2^63 and 2^64": () =>
    [63n, 64n].flatMap((e) => [-1n, 0n, 1n].flatMap((d) => [2n ** e + d, -(2n ** e) + d])),
  "huge bigints": () => [10n ** 100n, -(10n ** 100n), 2n ** 4096n - 1n, -(2n ** 4096n)],
  "the empty string": () => "",
  "ASCII, control characters and NUL": () =>
    Array.from({ length: 128 }, (_, i) => String.fromCharCode(i)).join(""),
  "Latin-1": () => Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join(""),
  "strings of the lengths where encodings change": () =>
    [15, 16, 23, 24, 31, 32, 63, 64, 127, 128, 255, 256, 1023, 1024].flatMap((n) => [
      "x".repeat(n),
      "é".repeat(n),
      "€".repeat(n),
    ]),
  "non-ASCII strings": () => [
    "ß",
    "Ωμέγα",
    "日本語",
    "👩‍👩‍👧 family",
    "e\u0301 and é",
    "\ufeffBOM",
    "\ufffd",
    "\uffff",
    "\u2028\u2029",
  ],
  "a long string": () => "0123456789".repeat(5000),
  "a long non-ASCII string": () => "日本𝄞é".repeat(3000),
  "dates, before 1970 and at the ends of time": () =>
    [0, -1, 1, 1.7e12, -6.2e13, 8.64e15, -8.64e15].map((t) => new Date(t)),
  "an invalid date": () => new Date(Number.NaN),
  "empty containers": () => [[], {}, new Map(), new Set(), new Uint8Array(), new ArrayBuffer(0)],
  "an array with undefined in it": () => [undefined, null, undefined],
  "a long array": () => Array.from({ length: 5000 }, (_, i) => i * 7),
  "nested objects": () => ({ a: { b: { c: [{ d: 1 }, { d: "2" }] } }, e: null }),
  "a present undefined": () => ({ here: undefined, also: { here: undefined } }),
  "odd field names": () => ({
    "": 1,
    " ": 2,
    "a.b": 3,
    "a[0]": 4,
    0: 5,
    "-1": 6,
    ключ: 7,
    "👍": 8,
    "a\u0000b": 9,
  }),
  "very long field names": () => ({ ["n".repeat(300)]: 1, ["n".repeat(301)]: 2, ["é".repeat(2000)]: 3 }),
  "names of Object.prototype": () =>
    own(
      ["__proto__", "constructor", "prototype", "toString", "valueOf", "hasOwnProperty", "toJSON"].map(
        (k, i) => [k, i],
      ),
    ),
  "an object under __proto__": () => own([["__proto__", { polluted: true }]]),
  "the same object twice": () => {
    const shared = { n: 1 };
    return [shared, shared, { shared }];
  },
  "a Map with keys of all kinds": () =>
    new Map([
      ["a", 1],
      [1, "one"],
      [Number.NaN, "nan"],
      [1n, "big"],
      [null, "null"],
      [undefined, "undefined"],
      [true, false],
      [new Date(5), "date"],
      [[1, 2], new Map([["deep", new Set([1])]])],
      ["__proto__", "own"],
    ]),
  "a Map in its own order": () => new Map([3, 1, 2, 10, 0].map((n) => [n, n])),
  "a Set with members of all kinds": () =>
    new Set(["a", 1, Number.NaN, 1n, null, undefined, { o: 1 }, new Set([2])]),
  "a Set in its own order": () => new Set(["z", "a", "m"]),
  "100 fields": () => Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`field${i}`, i])),
  "objects of many shapes": () => Array.from({ length: 100 }, (_, i) => ({ [`a${i}`]: 1, [`b${i % 7}`]: 2 })),
  "arrays nested 150 deep": () => nested(150, (v) => [v], 1),
  "objects, maps and arrays nested 150 deep": () => nested(50, (v) => ({ m: new Map([["k", [v]]]) }), "core"),
  "an ArrayBuffer": () => Uint8Array.from([1, 2, 3, 255]).buffer,
  "a part of a buffer": () => new Uint8Array(Uint8Array.from([0, 1, 2, 3, 4, 5]).buffer, 2, 3),
  "every byte": () => Uint8Array.from({ length: 256 }, (_, i) => i),
  "bytes of every length up to 40": () => Array.from({ length: 41 }, (_, n) => new Uint8Array(n).fill(n)),
};

const arrays = {
  Int8Array: [-128, 127],
  Uint8Array: [0, 255],
  Uint8ClampedArray: [0, 255],
  Int16Array: [-32_768, 32_767],
  Uint16Array: [0, 65_535],
  Int32Array: [-(2 ** 31), 2 ** 31 - 1],
  Uint32Array: [0, 2 ** 32 - 1],
  Float32Array: [0.5, -0, Number.NaN, Infinity],
  Float64Array: [Math.PI, -0, Number.NaN, -Infinity],
  BigInt64Array: [-(2n ** 63n), 2n ** 63n - 1n],
  BigUint64Array: [0n, 2n ** 64n - 1n],
};
for (const [name, values] of Object.entries(arrays)) terms[`a ${name}`] = () => globalThis[name].from(values);
