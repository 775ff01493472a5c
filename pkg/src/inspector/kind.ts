/** Values as the inspector names and writes them. */

/** As long as a value is written, in characters. */
const LONGEST = 4000;

export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (value instanceof Map || value instanceof Set) return `${value.constructor.name}(${value.size})`;
  if (value instanceof Date) return "Date";
  if (value instanceof ArrayBuffer) return `ArrayBuffer(${value.byteLength})`;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${value.byteLength})`;
  if (Array.isArray(value)) return `Array(${value.length})`;
  return typeof value;
}

/** A value to be read by people: JSON, and what JSON can't say by its name. */
export function textOf(value: unknown): string {
  const text = JSON.stringify(plain(value), null, 2);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function plain(value: unknown): unknown {
  if (value === undefined || typeof value === "bigint") return named(kindOf(value), String(value));
  if (typeof value === "number") {
    return Number.isFinite(value) && !Object.is(value, -0)
      ? value
      : Object.is(value, -0)
        ? "-0"
        : String(value);
  }
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return named("Date", Number.isNaN(+value) ? "invalid" : value.toISOString());
  if (value instanceof Map) return { [kindOf(value)]: [...value].map((pair) => pair.map(plain)) };
  if (value instanceof Set) return { [kindOf(value)]: [...value].map(plain) };
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return kindOf(value);
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
}

const named = (kind: string, text: string) => `${kind} ${text}`;
