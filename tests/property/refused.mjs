/** What a row may not hold, somewhere in what it may, with the path that its refusal must name. */
import fc from "fast-check";
import { impostors } from "./impostors.mjs";
import { fieldName, put, term } from "./values.mjs";

class Point {
  x = 1;
}

function cyclic(value, close) {
  close(value);
  return value;
}

function revoked() {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function detached() {
  const buffer = new ArrayBuffer(8);
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
}

function broken() {
  throw new Error("no");
}

const traps = {
  ownKeys: broken,
  get: broken,
  getPrototypeOf: broken,
  getOwnPropertyDescriptor: broken,
  has: broken,
};
const deep = (depth, wrap) => Array.from({ length: depth }).reduce(wrap, 1);

/** Each with the end of its path, where that is said exactly. */
const LEAVES = [
  ["a function", () => {}, ""],
  ["an async function", async () => {}, ""],
  ["a class", Point, ""],
  ["a symbol", Symbol("s"), ""],
  ["a well-known symbol", Symbol.iterator, ""],
  ["a class's instance", new Point(), ""],
  ["an object of a prototype", Object.create({ inherited: 1 }), ""],
  ...impostors.map((one) => ["what is not what it says", one, ""]),
  ["a RegExp", /x/, ""],
  ["an Error", new Error("x"), ""],
  ["a promise", Promise.resolve(1), ""],
  ["a WeakMap", new WeakMap(), ""],
  ["a URL", new URL("https://h.test/"), ""],
  ["a boxed number", Object(1), ""],
  ["a boxed string", Object("s"), ""],
  ["a boxed bigint", Object(1n), ""],
  ["a generator", (function* () {})(), ""],
  ["a subclass of Map", new (class extends Map {})([[1, 2]]), ""],
  ["a subclass of Date", new (class extends Date {})(5), ""],
  ["a subclass of Array", new (class extends Array {})(), ""],
  ["a proxy of a Map", new Proxy(new Map([[1, 2]]), {}), ""],
  ["a SharedArrayBuffer", new SharedArrayBuffer(8), ""],
  ["a detached buffer", detached(), ""],
  [
    "a view of a detached buffer",
    (() => {
      const v = new Uint8Array(8);
      structuredClone(v.buffer, { transfer: [v.buffer] });
      return v;
    })(),
    undefined,
  ],
  ["a lone high surrogate", "\ud800", ""],
  ["a lone low surrogate", "a\udfffb", ""],
  ["a long string with a lone surrogate", `${"x".repeat(100)}\ud800`, ""],
  ["surrogates in the wrong order", "\udc00\ud800", ""],
  ["a name with a lone surrogate", { "\ud800": 1 }, ".\ud800"],
  [
    "a getter that throws",
    {
      get x() {
        return broken();
      },
    },
    ".x",
  ],
  ["a revoked proxy", revoked(), ""],
  ["a proxy that throws", new Proxy({ a: 1 }, traps), ""],
  [
    "a hole",
    cyclic([1], (v) => {
      v[2] = 3;
    }),
    "[1]",
  ],
  ["holes alone", new Array(3), "[0]"],
  [
    "a billion holes",
    cyclic([], (v) => {
      v[1e9] = 1;
    }),
    "[0]",
  ],
  [
    "an object in itself",
    cyclic({}, (v) => {
      v.self = v;
    }),
    undefined,
  ],
  ["an array in itself", cyclic([], (v) => v.push(v)), undefined],
  ["a Map in itself", cyclic(new Map(), (v) => v.set("self", v)), undefined],
  ["a Map that is its own key", cyclic(new Map(), (v) => v.set(v, 1)), undefined],
  ["a Set in itself", cyclic(new Set(), (v) => v.add(v)), undefined],
  ["arrays nested 201 deep", deep(201, (value) => [value]), undefined],
  ["Maps nested 100,000 deep", deep(100_000, (value) => new Map([[1, value]])), undefined],
];

const step = fc.oneof(
  fc.record({ in: fc.constant("object"), name: fieldName, beside: term }),
  fc.record({ in: fc.constant("array"), before: fc.array(term, { maxLength: 2 }) }),
  fc.record({ in: fc.constant("map"), key: fc.boolean() }),
  fc.record({ in: fc.constant("set") }),
);

function wrap(value, how) {
  switch (how.in) {
    case "object": {
      const object = how.name === "z" ? {} : { z: how.beside };
      put(object, how.name, value);
      return object;
    }
    case "array":
      return [...how.before, value, 1];
    case "map":
      return new Map([["first", 1], how.key ? [value, 1] : ["k", value]]);
    default:
      return new Set(["first", value]);
  }
}

/**
 * `under(field)`: what its refusal's path must be, or begin with. Inside of Map and Set it is settled only that it
 * leads there.
 */
export const refused = fc
  .tuple(fc.constantFrom(...LEAVES), fc.array(step, { maxLength: 3 }))
  .map(([[name, leaf, end], steps]) => {
    let value = leaf;
    for (const how of steps.toReversed()) value = wrap(value, how);
    const opaque = steps.findIndex((how) => how.in === "map" || how.in === "set");
    const shown = opaque < 0 ? steps : steps.slice(0, opaque);
    const path = shown
      .map((how) => (how.in === "object" ? `.${how.name}` : `[${how.before.length}]`))
      .join("");
    const exact = opaque < 0 && end !== undefined;
    // A field without a name has nothing before it that a point could follow.
    const under = (field) => {
      const whole = `${field}${path}${exact ? end : ""}`;
      return { path: field === "" ? whole.replace(/^\./, "") : whole, exact };
    };
    return { value, under, [fc.toStringMethod]: () => `(${name} at ${JSON.stringify(path)})` };
  });

/** Rows that are no rows. */
export const noRow = fc
  .constantFrom(null, undefined, 5, "row", true, [1], new Map(), new Date(5), new Point(), () => {})
  .map((value) => ({
    value,
    [fc.toStringMethod]: () => `(no row: ${Object.prototype.toString.call(value)})`,
  }));

/** Keys that are no keys. */
export const noKey = fc.constantFrom(
  "",
  "\ud800",
  "a\udfff",
  `${"x".repeat(200)}\ud800`,
  5,
  null,
  undefined,
  {},
  ["k"],
);
