/**
 * The suite's whole machinery: registering tests, and the few assertions they need.
 *
 * Written by hand because it has to run unchanged in Node, workerd, Chromium, Deno and Bun, where no test
 * runner and no assertion library is common to all.
 */

const registered = new Map();
let prefix = "";
let current;

/** Tests defined inside carry the group's name in front of theirs. */
export function group(name, define) {
  const outer = prefix;
  prefix = outer === "" ? name : `${outer}: ${name}`;
  define();
  prefix = outer;
}

export function test(name, fn) {
  const full = `${prefix}: ${name}`;
  if (registered.has(full)) throw new Error(`two tests are called "${full}"`);
  registered.set(full, fn);
}

export const names = () => [...registered.keys()];

/** Runs everything registered, or some by their names, in order, one at a time: the tests share one wasm instance. */
export async function runAll(lib, report, some = registered.keys()) {
  current = lib;
  for (const name of some) {
    let failure = null;
    try {
      await registered.get(name)(lib);
    } catch (error) {
      failure = error instanceof Error ? error : new Error(`threw ${show(error)}`);
    }
    await report(name, failure);
  }
}

let counter = 0;

/** A name nobody else uses: tables live as long as the instance, which all tests share. */
export const unique = (stem = "t") => `${stem}-${++counter}`;

export const makeTable = (lib, options) => lib.table.createTable(unique(), options);

export const T0 = 1_700_000_000_000;

/** A clock that moves only when told to. */
export function clock(start = T0) {
  let at = start;
  return {
    now: () => at,
    advance: (ms) => {
      at += ms;
    },
    set: (value) => {
      at = value;
    },
  };
}

/** Every row that the filter finds, through as many pages as it takes. */
export function allRows(table, filter) {
  const rows = [];
  let after;
  do {
    const page = table.select(filter, after === undefined ? undefined : { after });
    rows.push(...page.rows);
    after = page.after;
  } while (after !== undefined);
  return rows;
}

/** Key, row and meta of the table's only row, read without refreshing anything. */
export function onlyRow(table) {
  const rows = allRows(table);
  equal(rows.length, 1, "rows in the table");
  const [key, row, meta] = rows[0];
  return { key, row, meta };
}

export function fail(message) {
  throw new Error(message);
}

export function ok(value, message = "not true") {
  if (!value) fail(message);
}

export function equal(actual, expected, what = "value") {
  if (!Object.is(actual, expected)) fail(`${what}: ${show(actual)}, expected ${show(expected)}`);
}

/** Same types, same prototypes, same contents; Object.is at the leaves, so NaN is NaN and -0 is not 0. */
export function deepEqual(actual, expected, what = "value") {
  const found = difference(actual, expected, what);
  if (found !== null) fail(found);
}

/** The error's own details are compared as given; a function among them is asked instead. */
export function throwsCode(fn, code, details) {
  try {
    fn();
  } catch (error) {
    return isCode(error, code, details);
  }
  return fail(`nothing was thrown, expected ${code}`);
}

export async function rejectsCode(promise, code, details) {
  try {
    await promise;
  } catch (error) {
    return isCode(error, code, details);
  }
  return fail(`nothing was thrown, expected ${code}`);
}

function isCode(error, code, details = {}) {
  if (!(error instanceof current.EtsError))
    fail(`threw ${show(error)} (${error?.message}), expected ${code}`);
  const codes = Array.isArray(code) ? code : [code];
  if (!codes.includes(error.code))
    fail(`threw ${error.code} (${error.message}), expected ${codes.join(" or ")}`);
  for (const [name, expected] of Object.entries(details)) {
    const actual = error.details?.[name];
    if (typeof expected === "function") ok(expected(actual), `details.${name} is ${show(actual)}`);
    else equal(actual, expected, `details.${name}`);
  }
  return error;
}

/** No object, and no buffer under a view, can be reached from both. */
export function sharesNothing(a, b) {
  const seen = reachable(a, new Set());
  for (const object of reachable(b, new Set())) ok(!seen.has(object), `both hold the same ${show(object)}`);
}

function reachable(value, seen) {
  if (typeof value !== "object" || value === null || seen.has(value)) return seen;
  seen.add(value);
  if (ArrayBuffer.isView(value)) seen.add(value.buffer);
  else if (value instanceof Map) for (const pair of value) for (const part of pair) reachable(part, seen);
  else if (value instanceof Set) for (const part of value) reachable(part, seen);
  else for (const key of Object.keys(value)) reachable(value[key], seen);
  return seen;
}

function difference(a, b, path) {
  if (Object.is(a, b)) return null;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return `${path}: ${show(a)}, expected ${show(b)}`;
  }
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) {
    return `${path}: ${show(a)} has another prototype than ${show(b)}`;
  }
  if (a instanceof Date) return difference(a.getTime(), b.getTime(), `${path} (time)`);
  if (a instanceof Map || a instanceof Set) return difference([...a], [...b], `${path} (entries)`);
  if (a instanceof ArrayBuffer) return difference(new Uint8Array(a), new Uint8Array(b), path);
  if (a instanceof DataView) return difference(bytesOf(a), bytesOf(b), path);
  if (ArrayBuffer.isView(a)) return difference(Array.from(a), Array.from(b), `${path} (elements)`);
  if (Array.isArray(a) && a.length !== b.length) return `${path}: length ${a.length}, expected ${b.length}`;
  const keys = Reflect.ownKeys(a);
  const wanted = Reflect.ownKeys(b);
  for (const key of wanted) if (!Object.hasOwn(a, key)) return `${path}: has no own ${String(key)}`;
  for (const key of keys) if (!Object.hasOwn(b, key)) return `${path}: has an own ${String(key)} too many`;
  for (const key of keys) {
    const found = difference(
      a[key],
      b[key],
      Array.isArray(a) ? `${path}[${String(key)}]` : `${path}.${String(key)}`,
    );
    if (found !== null) return found;
  }
  return null;
}

const bytesOf = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

export function show(value) {
  // What looks like a session id stays out of the output.
  if (typeof value === "string" && /^[A-Za-z0-9_-]{24,60}$/.test(value))
    return `(${value.length} id characters)`;
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === "bigint") return `${value}n`;
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "object" && value !== null) return Object.prototype.toString.call(value);
  return String(value);
}
