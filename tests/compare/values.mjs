/** Values that JSON can't say, and what came back of them. */

const AT = 1_700_000_000_000;

const otherwise = (value) => {
  if (value === undefined) return "nothing";
  if (typeof value === "object" && Object.keys(value).length === 0) return "an empty object";
  return `a ${typeof value}`;
};

export const VALUES = {
  Date: {
    value: new Date(AT),
    seen: (value) => (value instanceof Date && value.getTime() === AT ? "a Date" : otherwise(value)),
  },
  Map: {
    value: new Map([["a", 1]]),
    seen: (value) => (value instanceof Map && value.get("a") === 1 ? "a Map" : otherwise(value)),
  },
  "undefined in an object": {
    value: { a: undefined },
    seen: (value) => (value !== undefined && Object.hasOwn(value, "a") ? "kept" : "gone"),
  },
  bigint: { value: 5n, seen: (value) => (value === 5n ? "a bigint" : otherwise(value)) },
};
