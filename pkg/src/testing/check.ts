/** The few assertions that the tests need: no library for them is common to all runners. */

export function fail(message: string): never {
  throw new Error(message);
}

export function check(value: unknown, message: string): asserts value {
  if (!value) fail(message);
}

/** Same types, same prototypes, same contents; NaN is NaN, and -0 is not 0. */
export function same(actual: unknown, expected: unknown, what: string): void {
  const found = difference(actual, expected, what);
  if (found !== undefined) fail(found);
}

/** Whether a promise is rejected with a code; gives the error. */
export async function refused(promise: Promise<unknown>, code: string): Promise<Error> {
  let answer: unknown;
  try {
    answer = await promise;
  } catch (error) {
    const given = (error as { code?: unknown } | null)?.code;
    if (error instanceof Error && given === code) return error;
    fail(`rejected with ${show(given ?? error)}, expected ${code}`);
  }
  return fail(`answered with ${show(answer)}, expected ${code}`);
}

function difference(a: unknown, b: unknown, path: string): string | undefined {
  if (Object.is(a, b)) return undefined;
  const objects = typeof a === "object" && typeof b === "object" && a !== null && b !== null;
  if (!objects || Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) {
    return `${path}: ${show(a)}, expected ${show(b)}`;
  }
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    const equal = a.length === b.length && a.every((byte, i) => byte === b[i]);
    return equal ? undefined : `${path}: ${a.length} bytes, other than the ${b.length} expected`;
  }
  const [x, y] = [partsOf(a), partsOf(b)];
  if (x.length !== y.length) return `${path}: ${x.length} parts, expected ${y.length}`;
  for (const [i, [name, value]] of y.entries()) {
    const [given, part] = x[i] as [unknown, unknown];
    const at = `${path}.${typeof name === "object" ? i : String(name)}`;
    const found = difference(given, name, `${at} (name)`) ?? difference(part, value, at);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What an object has in it, by names that are in one order where order says nothing. */
function partsOf(value: object): [name: unknown, value: unknown][] {
  if (value instanceof Date) return [["time", value.getTime()]];
  if (value instanceof Map) return [...value];
  if (value instanceof Set) return [...value].map((one, i) => [i, one]);
  if (value instanceof ArrayBuffer) return [["bytes", new Uint8Array(value)]];
  if (value instanceof DataView) {
    return [["bytes", new Uint8Array(value.buffer, value.byteOffset, value.byteLength)]];
  }
  const names = Object.keys(value).sort();
  return names.map((name) => [name, (value as Record<string, unknown>)[name]]);
}

/** What tests put into sessions is told by its kind only: the same habit as everywhere. */
function show(value: unknown): string {
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "number" || typeof value === "boolean" || value == null) return String(value);
  if (typeof value === "string" && value.length < 20) return JSON.stringify(value);
  if (value instanceof Error) return value.name;
  return typeof value === "object" ? Object.prototype.toString.call(value) : typeof value;
}
