import type { Row } from "../types.js";
import type { Case } from "./case.js";
import { same } from "./check.js";

function nested(depth: number): unknown {
  let value: unknown = "bottom";
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { in: value };
  return value;
}

/** One of everything that a session can hold. */
function everything(): Row {
  const { buffer } = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  return {
    null: null,
    undefined,
    booleans: [true, false],
    numbers: [0, -0, 1, -1, 0.1, 2 ** 53, -(2 ** 31), 1e308, 5e-324, Number.NaN, Infinity, -Infinity],
    bigints: [0n, -1n, 2n ** 64n, -(2n ** 200n)],
    strings: ["", "ascii", "ünïcode €", "😀", "\0", "\u2028", "x".repeat(1000)],
    dates: [new Date(0), new Date(-1), new Date(8.64e15), new Date(Number.NaN)],
    map: new Map<unknown, unknown>([
      ["a", 1],
      [1, new Map([[{ key: true }, null]])],
    ]),
    set: new Set<unknown>([1, "1", new Set([0n])]),
    binary: [
      buffer,
      new Uint8Array(buffer, 2, 3),
      new Uint8ClampedArray(buffer),
      new Int8Array(buffer),
      new Uint16Array(buffer),
      new Int16Array(buffer),
      new Uint32Array(buffer),
      new Int32Array(buffer),
      new Float32Array([0.5, -0]),
      new Float64Array([Math.PI, Number.NaN]),
      new BigInt64Array([-1n]),
      new BigUint64Array([2n ** 64n - 1n]),
      new DataView(buffer, 1, 2),
      new Uint8Array(0),
    ],
    objects: [{}, { "": 1, constructor: 2, toString: 3 }, JSON.parse('{"__proto__": 1}'), []],
    deep: nested(100),
  };
}

export const values: Case[] = [
  {
    name: "values: everything that a session can hold comes back as it was",
    async run(at) {
      const key = await at.made(everything());
      same((await at.row(key)).fields, everything(), "fields");
    },
  },
  {
    name: "values: and after commits of other fields, and a renewal",
    async run(at) {
      const key = await at.made({ other: 0 });
      await at.done(key, at.change(everything()));
      await at.done(key, at.change({ other: 1 }, { increments: { n: 1 } }));
      const row = await at.done(at.beside(key), at.renewal(key, undefined, { increments: { n: 1 } }));
      same(row.fields, { ...everything(), other: 1, n: 2 }, "fields");
    },
  },
];
