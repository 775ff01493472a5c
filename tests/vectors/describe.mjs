/** Values from what the Rust tests write of them (tests/common/describe.rs). */
const SPECIAL = { NaN: Number.NaN, Infinity: Number.POSITIVE_INFINITY, "-Infinity": -Infinity, "-0": -0 };
export const number = (v) => (typeof v === "string" ? SPECIAL[v] : v);

/** A row or object of fields, whatever their names. */
export function define(fields) {
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

/** The value that is described as `about` in tests/fixtures/records.json says. */
export function value({ t, v, negative, class: name }) {
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
