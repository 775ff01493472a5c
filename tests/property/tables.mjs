/** Random sequences of operations on two tables, each of which a plain model carries out too. */
import fc from "fast-check";
import { caught, counted, deepEqual, equal, fail, ok, refuses, T0, unique } from "./check.mjs";
import { noKey, noRow, refused } from "./refused.mjs";
import { TableModel } from "./table-model.mjs";
import { copy, fieldName, row, same, term } from "./values.mjs";

const VALUE = "ERR_UNSUPPORTED_VALUE";

/** Few, so that operations meet: packed and not, of one length packed and not, text of every plane. */
const key = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("a", "b", "AAAAAAAA", "\0\0\0\0\0\0") },
  {
    weight: 1,
    arbitrary: fc.constantFrom("ключ", "\u{1f600}", "__proto__", "A".repeat(24), "x".repeat(300)),
  },
  { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 9 }) },
);

const which = fc.constantFrom(0, 1);
const by = fc.oneof(
  fc.integer({ min: -9, max: 9 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constant(-0),
);
const edge = fc.constantFrom(undefined, -5, 0, 3, 1e9, Infinity, -Infinity);
const bound = fc.record({ min: edge, max: edge }).filter(({ min = -Infinity, max = Infinity }) => min <= max);

const where = fc.oneof(
  fc.constant({}),
  fc.record({ a: fc.oneof(term, fc.array(term, { maxLength: 3 })) }),
  fc.record({ from: key, name: fieldName, many: fc.boolean() }),
);
const filter = fc.record(
  {
    where,
    idleFor: fc.constantFrom(1, 2, 0.001, 3600),
    hasSubject: fc.boolean(),
    subject: fc.constantFrom("", "ada"),
  },
  { requiredKeys: ["where"] },
);

/** Ways of asking for what can't be done, and the code of the refusal. */
const wrongs = [
  ["ERR_BAD_OPTION", (t) => t.updateCounter("a", "n", Number.NaN)],
  ["ERR_BAD_OPTION", (t) => t.updateCounter("a", "n", Infinity)],
  ["ERR_BAD_OPTION", (t) => t.updateCounter("a", "n", "1")],
  ["ERR_BAD_OPTION", (t) => t.updateCounter("a", "n", 1, { min: 2, max: 1 })],
  ["ERR_BAD_OPTION", (t) => t.updateCounter("a", "n", 1, { min: Number.NaN })],
  ["ERR_BAD_OPTION", (t) => t.updateCounter("a", "n", 1, { least: 1 })],
  ["ERR_BAD_OPTION", (t) => t.select({}, { limit: 0 })],
  ["ERR_BAD_OPTION", (t) => t.select({}, { limit: 1.5 })],
  ["ERR_BAD_OPTION", (t) => t.select({}, { after: "next" })],
  ["ERR_BAD_OPTION", (t) => t.select({ were: {} })],
  ["ERR_BAD_OPTION", (t) => t.count({ idleFor: 0 })],
  ["ERR_BAD_OPTION", (t) => t.deleteWhere({ where: null })],
  ["ERR_BAD_OPTION", (t) => t.deleteWhere({ hasSubject: 1 })],
  ["ERR_BAD_OPTION", (t) => t.deleteWhere({ subject: "\ud800" })],
  ["ERR_BAD_OPTION", (t) => t.sweep(-1)],
  ["ERR_BAD_OPTION", (t) => t.sweep(Number.NaN)],
  ["ERR_BAD_OPTION", (t) => t.update("a", {}, "n")],
  ["ERR_BAD_OPTION", (t) => t.restore("bytes")],
  ["ERR_BAD_SNAPSHOT", (t) => t.restore(new Uint8Array(0))],
  ["ERR_BAD_SNAPSHOT", (t) => t.restore(new Uint8Array(100))],
  ["ERR_ROW_TOO_LARGE", (t) => t.insert("a", { v: "x".repeat(70_000) })],
  ["ERR_ROW_TOO_LARGE", (t) => t.insert("x".repeat(70_000), {})],
  ["ERR_ROW_TOO_LARGE", (t) => t.insertNew("fresh", { v: new Uint8Array(70_000) })],
  ["ERR_ROW_TOO_LARGE", (t) => t.updateCounter("fresh", "n".repeat(70_000))],
];

const operations = (tie) => [
  [tie, "insert", [key, row]],
  [tie, "insertNew", [key, row]],
  [tie, "update", [key, row, fc.array(fieldName, { maxLength: 2 })]],
  [tie, "updateCounter", [key, fc.constantFrom("n", "a", "", "__proto__", "n".repeat(129)), by, bound]],
  [tie, "field", [key, fc.oneof(fieldName, fc.constant("n".repeat(129)))]],
  [tie, "lookup", [key]],
  [tie, "peek", [key]],
  [tie, "member", [key]],
  [tie, "take", [key]],
  [tie, "touch", [key]],
  [tie, "delete", [key]],
  [tie, "deleteWhere", [filter]],
  [tie, "select", [filter, fc.integer({ min: 1, max: 4 })]],
  [tie, "pagesAndWrites", [fc.array(fc.tuple(fc.boolean(), key), { minLength: 1, maxLength: 4 })]],
  [tie, "keys", []],
  [tie, "clear", []],
  [tie, "sweep", [fc.constantFrom(undefined, 0, 1, 1.5, Infinity)]],
  [tie, "snapshot", []],
  [tie, "restore", [fc.nat(3)]],
  [tie, "damaged", [fc.nat(3), fc.nat(), fc.integer({ min: 1, max: 255 }), fc.boolean()]],
  [tie, "reentrant", [key, row, fc.constantFrom("insert", "delete", "clear", "update", "lookup"), key, row]],
  [tie, "refusedValue", [key, row, fieldName, refused, fc.constantFrom("insert", "insertNew", "update")]],
  [tie, "refusedRow", [key, noRow, fc.constantFrom("insert", "insertNew", "update")]],
  [tie, "refusedKey", [noKey, row]],
  [tie, "refusedName", [key, fc.constantFrom("\ud800", `${"x".repeat(200)}\udfff`)]],
  [tie, "wrong", [fc.nat(wrongs.length - 1)]],
  [tie, "manyNames", []],
];

/** Milliseconds on, at and around the deadlines there are. */
const step = fc.oneof(
  fc.constantFrom(1, 999, 1000, 1001, 1999, 2000, 59_999, 60_000),
  fc.nat(3000),
  fc.double({ min: 0, max: 3000, noNaN: true }),
);
const madness = fc.constantFrom(Number.NaN, Infinity, -1, 8.64e15 + 2, undefined, "soon", 0, -3000);

class Step {
  constructor(name, args) {
    Object.assign(this, { name, args });
  }
  check() {
    return true;
  }
  run(model, real) {
    counted.operations++;
    real[this.name](model, ...this.args);
    real.agree(model);
  }
  toString() {
    return `${this.name}(${this.args.map((one) => fc.stringify(one)).join(", ")})`;
  }
}

class Real {
  constructor(lib, options) {
    this.lib = lib;
    this.time = T0;
    const now = () => this.time;
    this.tables = options.map((one) => lib.table.createTable(unique("property"), { ...one, now }));
    this.snapshots = [];
    this.offsets = [0, 0];
  }

  advance(models, ms) {
    this.time = (typeof this.time === "number" && this.time >= 0 && this.time < 8e15 ? this.time : T0) + ms;
    this.#seen(models);
  }

  mad(models, reading) {
    this.time = typeof reading === "number" && reading < -1 ? this.time + reading : reading;
    this.#seen(models);
  }

  #seen(models) {
    models.forEach((model, i) => {
      if (typeof this.time === "number") model.tick(this.time);
      this.tables[i].member("nobody");
    });
  }

  insert(models, i, key, row) {
    this.tables[i].insert(key, row);
    models[i].insert(key, row);
  }

  insertNew(models, i, key, row) {
    const fresh = models[i].get(key) === undefined;
    equal(this.tables[i].insertNew(key, row), fresh, "insertNew");
    if (fresh) models[i].insert(key, row);
  }

  update(models, i, key, patch, remove) {
    equal(this.tables[i].update(key, patch, remove), models[i].update(key, patch, remove), "update");
  }

  updateCounter(models, i, key, name, by, bound) {
    const expected = models[i].count(key, name, by, bound);
    const call = () => this.tables[i].updateCounter(key, name, by, bound);
    if (expected === undefined) refuses(this.lib, call, "ERR_NOT_A_NUMBER");
    else equal(call(), expected, "updateCounter");
  }

  field(models, i, key, name) {
    const row = this.#read(i, () => models[i].touch(key));
    const expected = row !== undefined && Object.hasOwn(row.fields, name) ? row.fields[name] : undefined;
    deepEqual(this.tables[i].field(key, name), expected, "field");
    this.#counted(i);
  }

  lookup(models, i, key) {
    const row = this.#read(i, () => models[i].touch(key));
    deepEqual(this.tables[i].lookup(key), row?.fields, "lookup");
    this.#counted(i);
  }

  /** Reads count as hits or misses. */
  #read(i, ask) {
    this.before = this.tables[i].info();
    const row = ask();
    this.hit = row !== undefined;
    return row;
  }

  #counted(i) {
    const { hits, misses } = this.tables[i].info();
    equal(hits - this.before.hits, this.hit ? 1 : 0, "hits");
    equal(misses - this.before.misses, this.hit ? 0 : 1, "misses");
  }

  peek(models, i, key) {
    deepEqual(this.tables[i].peek(key), models[i].get(key)?.fields, "peek");
  }

  member(models, i, key) {
    equal(this.tables[i].member(key), models[i].get(key) !== undefined, "member");
  }

  take(models, i, key) {
    const row = models[i].get(key);
    models[i].delete(key);
    deepEqual(this.tables[i].take(key), row?.fields, "take");
  }

  touch(models, i, key) {
    equal(this.tables[i].touch(key), models[i].touch(key) !== undefined, "touch");
  }

  delete(models, i, key) {
    equal(this.tables[i].delete(key), models[i].delete(key), "delete");
  }

  /** A condition may ask for what a row has. */
  #filter(model, { where, ...rest }) {
    if (where.from === undefined) return { where, ...rest };
    const fields = model.get(where.from)?.fields ?? {};
    const value = Object.hasOwn(fields, where.name) ? fields[where.name] : 5;
    return { where: Object.fromEntries([[where.name, where.many ? ["other", value] : [value]]]), ...rest };
  }

  deleteWhere(models, i, wanted) {
    const filter = this.#filter(models[i], wanted);
    const found = models[i].found(filter);
    equal(this.tables[i].deleteWhere(filter), found.length, "deleteWhere");
    for (const [stored] of found) models[i].rows.delete(stored);
    models[i].deleted += found.length;
  }

  select(models, i, wanted, limit) {
    const filter = this.#filter(models[i], wanted);
    const expected = models[i].found(filter);
    equal(this.tables[i].count(filter), expected.length, "count");
    const found = [...pages(this.tables[i], filter, limit)].flat();
    sameRows(models[i], found, expected);
  }

  /** Rows that are there from the first page to the last come exactly once. */
  pagesAndWrites(models, i, writes) {
    const throughout = new Set(models[i].rows.keys());
    const seen = [];
    const left = [...writes];
    for (const page of pages(this.tables[i], {}, 1)) {
      seen.push(...page.map(([stored]) => stored));
      const [adds, key] = left.shift() ?? [];
      if (key === undefined) continue;
      throughout.delete(models[i].stored(key));
      if (adds) this.insert(models, i, key, { n: 1 });
      else this.delete(models, i, key);
    }
    for (const stored of throughout)
      equal(seen.filter((one) => one === stored).length, 1, "times that a row came");
    equal(new Set(seen).size, seen.length, "rows that came once");
  }

  keys(models, i) {
    const { rows } = models[i];
    deepEqual([...this.tables[i].keys()].sort(), [...rows.keys()].sort(), "keys");
    for (const [stored, row] of this.tables[i].entries()) deepEqual(row, rows.get(stored)?.fields, "entries");
  }

  clear(models, i) {
    models[i].deleted += this.tables[i].size;
    this.tables[i].clear();
    models[i].rows.clear();
    equal(this.tables[i].info().bytes, 0, "bytes of an empty table");
  }

  sweep(models, i, limit) {
    const before = this.tables[i].size;
    const swept = this.tables[i].sweep(limit);
    const due = before - models[i].rows.size;
    equal(swept, Math.min(due, Math.floor(limit ?? Infinity)), "sweep");
    equal(this.tables[i].size, before - swept, "size after sweep");
  }

  snapshot(models, i) {
    this.snapshots.unshift({ bytes: this.tables[i].snapshot(), model: models[i].snapshot() });
    this.snapshots.length = Math.min(this.snapshots.length, 4);
  }

  restore(models, i, number) {
    const { bytes, model } = this.snapshots[number] ?? {};
    if (bytes === undefined) return;
    const table = this.tables[i];
    if (model.hashed && !models[i].hashKeys) {
      refuses(this.lib, () => table.restore(bytes), "ERR_BAD_SNAPSHOT");
      return;
    }
    const before = table.size;
    const expected = models[i].restore(model);
    equal(table.restore(bytes), expected, "restore");
    equal(table.size, expected, "size after restore");
    this.offsets[i] += expected - before;
  }

  damaged(_models, i, number, at, by, cut) {
    const { bytes } = this.snapshots[number] ?? {};
    if (bytes === undefined) return;
    const worse = cut ? bytes.slice(0, at % bytes.length) : bytes.slice();
    if (!cut) worse[at % bytes.length] ^= by;
    refuses(this.lib, () => this.tables[i].restore(worse), "ERR_BAD_SNAPSHOT");
  }

  /** A getter uses the table while its row is written. */
  reentrant(models, i, key, row, name, other, inner) {
    const table = this.tables[i];
    let called = 0;
    const use = () => {
      called++;
      if (name === "insert") this.insert(models, i, other, inner);
      else if (name === "delete") this.delete(models, i, other);
      else if (name === "clear") this.clear(models, i);
      else if (name === "update") this.update(models, i, other, inner, []);
      else this.lookup(models, i, other);
      return "read";
    };
    const before = copy(row);
    delete before.hook;
    const outer = {
      ...before,
      get hook() {
        return use();
      },
      behind: "x".repeat(100),
    };
    table.insert(key, outer);
    equal(called, 1, "calls of the getter");
    models[i].insert(key, { ...before, hook: "read", behind: "x".repeat(100) });
  }

  refusedValue(_models, i, key, row, name, { value, under }, how) {
    const fields = copy(row);
    Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true });
    const { details } = refuses(this.lib, () => this.tables[i][how](key, fields), VALUE);
    const { path, exact } = under(name);
    ok(
      exact ? details.path === path : String(details.path).startsWith(path),
      `path ${details.path}, expected ${path}`,
    );
  }

  refusedRow(_models, i, key, { value }, how) {
    const { details } = refuses(this.lib, () => this.tables[i][how](key, value), VALUE);
    equal(details.path, "", "path");
  }

  refusedKey(_models, i, key, row) {
    const table = this.tables[i];
    const calls = [
      () => table.insert(key, row),
      () => table.insertNew(key, row),
      () => table.update(key, row),
      () => table.updateCounter(key, "n"),
      () => table.field(key, "n"),
      ...["lookup", "peek", "member", "take", "touch", "delete"].map((name) => () => table[name](key)),
    ];
    for (const call of calls) refuses(this.lib, call, "ERR_BAD_KEY");
  }

  refusedName(_models, i, key, name) {
    const table = this.tables[i];
    const row = Object.fromEntries([[name, 1]]);
    const calls = {
      insert: () => table.insert(key, row),
      update: () => table.update(key, row),
      remove: () => table.update(key, {}, [name]),
      updateCounter: () => table.updateCounter(key, name),
      field: () => table.field(key, name),
      where: () => table.count({ where: row }),
    };
    for (const [what, call] of Object.entries(calls)) {
      const error = caught(call);
      ok(error?.code === "ERR_BAD_KEY", `${what}: ${error?.name} ${error?.code} (${error?.message})`);
    }
  }

  wrong(_models, i, number) {
    const [code, call] = wrongs[number];
    refuses(this.lib, () => call(this.tables[i]), code);
  }

  /** More names than a table numbers: those that follow stand in their rows. */
  manyNames(models, i) {
    const row = Object.fromEntries(Array.from({ length: 1100 }, (_, n) => [`name-${n}`, n]));
    this.insert(models, i, "names", row);
    deepEqual(this.tables[i].peek("names"), row, "a row of many names");
    this.delete(models, i, "names");
  }

  agree(models) {
    models.forEach((model, i) => {
      const table = this.tables[i];
      const all = [...pages(table, {}, 100)].flat();
      sameRows(model, all, [...model.rows]);
      equal(table.count(), model.rows.size, "count");
      const { size, bytes, maxBytes, inserted, deleted, expired, evicted, refused } = table.info();
      equal(size, table.size, "size");
      ok(size >= model.rows.size, "size is less than count");
      ok(bytes >= 0 && bytes <= maxBytes, "bytes");
      equal(inserted, model.inserted, "inserted");
      equal(deleted, model.deleted, "deleted");
      equal(evicted + refused, 0, "evicted and refused");
      equal(size, inserted - deleted - expired + this.offsets[i], "rows made less rows gone");
    });
  }

  drop() {
    for (const table of this.tables) table.drop();
  }
}

function* pages(table, filter, limit) {
  let after;
  do {
    const page = table.select(filter, after === undefined ? { limit } : { limit, after });
    ok(page.rows.length <= limit, "a page is longer than its limit");
    yield page.rows;
    after = page.after;
    ok(after === undefined || page.rows.length > 0, "an empty page that is not the last");
  } while (after !== undefined);
}

function sameRows(model, found, expected) {
  equal(found.length, expected.length, "rows found");
  const wanted = new Map(expected);
  for (const [stored, fields, meta] of found) {
    const row = wanted.get(stored);
    if (row === undefined) fail("a row was found that is not among those expected");
    deepEqual(fields, row.fields, "row");
    deepEqual(meta, model.meta(row), "meta");
    ok(same(fields, row.fields), "the model's own equality");
  }
}

const duration = fc.constantFrom(undefined, 1, 2, "2s", 0.5, "1m", "0.001s", "30d");
const options = fc.record({ idle: duration, absolute: duration, hashKeys: fc.boolean() });

const UNITS = { s: 1000, m: 60_000, d: 86_400_000 };
const ms = (given) => {
  if (typeof given !== "string") return given === undefined ? undefined : given * 1000;
  return Math.round(Number.parseFloat(given) * UNITS[given.at(-1)]);
};

const hashes = new Map();

/** The hash of a key is the same in every table. */
function hashOf(lib, key) {
  let hash = hashes.get(key);
  if (hash === undefined) {
    const table = lib.table.createTable(unique("hash"), { hashKeys: true });
    table.insert(key, {});
    [hash] = table.keys();
    table.drop();
    if (hashes.size > 10_000) hashes.clear();
    hashes.set(key, hash);
  }
  return hash;
}

export default {
  name: "tables",
  runs: 260,
  property(lib, { replayPath } = {}) {
    const clock = [
      step.map((ms) => new Step("advance", [ms])),
      madness.map((reading) => new Step("mad", [reading])),
    ];
    const all = operations(which).map(([tie, name, args]) =>
      fc.tuple(tie, ...args).map((given) => new Step(name, given)),
    );
    const commands = fc.commands([...all, ...clock, clock[0], all[0], all[2]], {
      maxCommands: 40,
      size: "max",
      replayPath,
    });
    return fc.property(options, options, commands, (first, second, steps) => {
      const real = new Real(
        lib,
        [first, second].map((one) => JSON.parse(JSON.stringify(one))),
      );
      const models = [first, second].map(
        (one) =>
          new TableModel({ ...one, idle: ms(one.idle), absolute: ms(one.absolute) }, (key) =>
            hashOf(lib, key),
          ),
      );
      real.advance(models, 0);
      try {
        fc.modelRun(() => ({ model: models, real }), steps);
      } finally {
        real.drop();
      }
    });
  },
};
