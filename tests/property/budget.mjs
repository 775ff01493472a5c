/** Tables that are too small for what is written: the bound holds, and who goes is who would go soonest. */
import fc from "fast-check";
import { request } from "../suite/env.js";
import { caught, counted, deepEqual, equal, ok, T0, unique } from "./check.mjs";
import { open } from "./known.mjs";

const key = fc.integer({ min: 0, max: 60 });
const size = fc.oneof(fc.nat(60), fc.nat(400), fc.nat(3000), fc.nat(20_000));
/** Names that are few, and names that are many. */
const name = fc.oneof(
  fc.constantFrom("text", "a"),
  fc.nat(300).map((n) => `name-${n}`),
  fc.nat(9).map((n) => `n${n}`.repeat(50)),
);

const operation = fc.oneof(
  { weight: 12, arbitrary: fc.tuple(fc.constant("insert"), key, size, name) },
  { weight: 3, arbitrary: fc.tuple(fc.constant("fill"), key, fc.integer({ min: 1, max: 30 }), fc.nat(300)) },
  { weight: 3, arbitrary: fc.tuple(fc.constant("insertNew"), key, size, name) },
  { weight: 4, arbitrary: fc.tuple(fc.constant("update"), key, size, name) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("updateCounter"), key, name) },
  { weight: 4, arbitrary: fc.tuple(fc.constant("login"), size, fc.constantFrom("ada", "bob")) },
  { weight: 2, arbitrary: fc.tuple(fc.constant("touch"), key) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("delete"), key) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("deleteWhere"), name) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("clear")) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("snapshot")) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("restore")) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("again")) },
  {
    weight: 4,
    arbitrary: fc.tuple(fc.constant("advance"), fc.constantFrom(1, 400, 1000, 1500, 30_000, 60_000)),
  },
);

const options = fc.record({
  maxBytes: fc.constantFrom(300, 1000, 2048, 4096, 16_384, 65_536),
  maxRowBytes: fc.constantFrom(200, 1000, 4096, 65_536),
  onFull: fc.constantFrom("evict", "refuse"),
  idle: fc.constantFrom(undefined, 60, 120),
  absolute: fc.constantFrom(undefined, 90),
  hashKeys: fc.boolean(),
});

const FULL = ["ERR_TABLE_FULL", "ERR_ROW_TOO_LARGE"];

class Small {
  constructor(lib, options) {
    this.time = T0;
    const now = () => this.time;
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    this.options = options;
    this.table = lib.table.createTable(unique("small"), { ...given, now });
    this.lib = lib;
    this.manager = lib.sessions({ table: this.table, now });
    /** Rows tell by their field `o` in which order they were made. */
    this.order = 0;
    this.offset = 0;
    this.saved = undefined;
  }

  /** Living rows by their `o`, as they are. */
  rows() {
    const { rows } = this.table.select({}, { limit: 1e6 });
    return new Map(rows.map(([, row, meta]) => [row.o, { row, meta }]));
  }

  row(n, size, name) {
    const there = this.table.peek(`key-${n}`);
    this.target = there?.o ?? this.order;
    return { o: there?.o ?? this.order++, [name]: "x".repeat(size) };
  }

  insert(n, size, name) {
    this.table.insert(`key-${n}`, this.row(n, size, name));
  }
  insertNew(n, size, name) {
    this.table.insertNew(`key-${n}`, this.row(n, size, name));
  }
  update(n, size, name) {
    const { o, ...patch } = this.row(n, size, name);
    this.table.update(`key-${n}`, patch);
  }
  updateCounter(n, name) {
    if (this.table.member(`key-${n}`)) {
      this.row(n, 0, name);
      const error = caught(() => this.table.updateCounter(`key-${n}`, name));
      if (error?.code !== "ERR_NOT_A_NUMBER" && error !== undefined) throw error;
    }
  }
  async login(size, subject) {
    const session = await this.manager.open(request("https://small.test/"));
    this.target = this.order;
    session.set("o", this.order++).set("text", "x".repeat(size));
    session.login(subject);
    await this.manager.commit(session, new Response(null));
  }
  touch(n) {
    this.table.touch(`key-${n}`);
  }
  delete(n) {
    this.target = this.table.peek(`key-${n}`)?.o;
    this.removes = this.table.delete(`key-${n}`);
  }
  deleteWhere(name) {
    this.all = true;
    this.table.deleteWhere({ where: { [name]: ["", "x"] } });
  }
  clear() {
    this.all = true;
    this.table.clear();
    equal(this.table.info().bytes, 0, "bytes of an empty table");
  }
  snapshot() {
    this.saved = this.table.snapshot();
  }
  /** What a table gave it takes back. */
  again() {
    this.snapshot();
    if (open.has("own snapshot")) return;
    this.all = true;
    const error = caught(() => this.restore());
    ok(error === undefined, `its own snapshot: ${error?.code}`);
  }
  restore() {
    if (this.saved === undefined) return;
    const { size } = this.table;
    this.all = true;
    const restored = this.table.restore(this.saved);
    this.offset += restored - size;
  }
  advance(ms) {
    this.time += ms;
    this.table.member("nobody");
  }

  /** Carries one out and holds what it did against what may be done. */
  async step(name, ...args) {
    counted.operations++;
    this.target = undefined;
    this.all = false;
    if (name === "advance") this.advance(...args);
    const before = this.rows();
    const info = this.table.info();
    let error;
    try {
      if (name !== "advance") await this[name](...args);
    } catch (thrown) {
      error = thrown;
      ok(FULL.includes(error.code), `${error.name} ${error.code}: ${error.message}`);
    }
    this.judge(before, info, error);
  }

  judge(before, was, error) {
    const after = this.rows();
    const is = this.table.info();
    const { maxBytes, maxRowBytes, onFull } = this.options;
    ok(is.bytes <= maxBytes, `${is.bytes} bytes in a table of ${maxBytes}`);

    ok(is.bytes >= after.size * 16, "rows that cost nothing");
    equal(
      is.size,
      is.inserted - is.deleted - is.expired - is.evicted + this.offset,
      "rows made less rows gone",
    );
    const evicted = is.evicted - was.evicted;
    // A restore is no write.
    equal(is.refused - was.refused, error?.code === "ERR_TABLE_FULL" && !this.all ? 1 : 0, "refused");
    if (error !== undefined) this.refused(error, before, after, evicted);
    if (error?.code === "ERR_ROW_TOO_LARGE") equal(error.details.limit, maxRowBytes, "limit");
    if (this.all) return;
    const gone = [...before].filter(([o]) => !after.has(o) && !(o === this.target && this.removes));
    this.removes = false;
    equal(gone.length, evicted, "living rows gone, and rows evicted");
    if (onFull === "refuse") equal(evicted, 0, "evicted where it refuses");
    if (evicted > 0) equal(is.size, after.size, "expired rows beside which living ones were evicted");
    const stay = [...before].filter(([o]) => after.has(o) && o !== this.target);
    for (const one of gone) {
      ok(one[0] !== this.target, "a row is its own victim");
      for (const other of stay)
        ok(this.sooner(one, other), "a row went before one that would have gone sooner");
    }
  }

  refused({ code, details }, before, after, evicted) {
    const { needed, used, limit } = details;
    ok(needed > 0 && limit > 0, "a refusal without numbers");
    if (code === "ERR_TABLE_FULL")
      ok(used + needed > limit && limit === this.options.maxBytes, "there was room");
    equal(evicted, 0, "evicted for nothing");
    deepEqual([...after.keys()].sort(byNumber), [...before.keys()].sort(byNumber), "rows after a refusal");
    for (const [o, { row, meta }] of after) {
      deepEqual(row, before.get(o).row, "a row after a refusal");
      equal(meta.version, before.get(o).meta.version, "a version after a refusal");
    }
  }

  /** Strictly by expiry, to a second; the oldest among equals; those without a subject first. */
  sooner([a, { meta: one }], [b, { meta: other }]) {
    const rank = ({ subject }) => (subject === undefined ? 0 : 1);
    const second = ({ expiresAt = Infinity }) => Math.floor(expiresAt / 1000);
    if (rank(one) !== rank(other)) return rank(one) < rank(other);
    return second(one) === second(other) ? a < b : second(one) < second(other);
  }
}

const byNumber = (a, b) => a - b;

/** Many rows of one size. */
function filled([name, ...args]) {
  if (name !== "fill") return [[name, ...args]];
  const [first, count, size] = args;
  return Array.from({ length: count }, (_, i) => ["insert", (first + i) % 61, size, "text"]);
}

export default {
  name: "budget",
  runs: 130,
  property: (lib) =>
    fc.asyncProperty(
      options,
      fc.array(operation, { minLength: 1, maxLength: 40, size: "max" }),
      async (given, all) => {
        const small = new Small(lib, given);
        try {
          for (const [name, ...args] of all.flatMap(filled)) await small.step(name, ...args);
        } finally {
          small.table.drop();
        }
      },
    ),
};
