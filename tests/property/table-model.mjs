/** A table as a Map and its rules in their plainest form: no budget, no bytes. */
import { copy, put, same } from "./values.mjs";

const LATEST = 8.64e15;
const stricter = (a, b) => Math.min(a ?? Number.POSITIVE_INFINITY, b ?? Number.POSITIVE_INFINITY);

export class TableModel {
  rows = new Map();
  now = 0;
  inserted = 0;
  deleted = 0;

  /** `idle` and `absolute` in milliseconds; `stored` gives the form in which a key is shown. */
  constructor({ idle, absolute, hashKeys }, hash) {
    this.idle = stricter(idle);
    this.absolute = stricter(absolute);
    this.hashKeys = hashKeys;
    this.hash = hash;
  }

  stored(key) {
    return this.hashKeys ? this.hash(key) : key;
  }

  tick(reading) {
    if (reading >= 0 && reading <= LATEST) this.now = Math.max(this.now, Math.floor(reading));
    for (const [key, row] of this.rows) if (this.now >= this.deadline(row)) this.rows.delete(key);
  }

  deadline({ touched, created, idle, absolute }) {
    return Math.min(touched + idle, created + absolute);
  }

  meta(row) {
    const deadline = this.deadline(row);
    const expiresAt = deadline === Number.POSITIVE_INFINITY ? undefined : deadline;
    const { created, touched, version } = row;
    return { createdAt: created, touchedAt: touched, expiresAt, version, subject: undefined };
  }

  get(key) {
    return this.rows.get(this.stored(key));
  }

  touch(key) {
    const row = this.get(key);
    // Of a snapshot from a clock that was ahead.
    if (row !== undefined) row.touched = Math.max(row.touched, this.now);
    return row;
  }

  #write(key, fields) {
    const { now, idle, absolute } = this;
    const there = this.touch(key);
    if (there !== undefined) Object.assign(there, { fields, version: there.version + 1 });
    else {
      this.rows.set(this.stored(key), { fields, version: 1, created: now, touched: now, idle, absolute });
      this.inserted++;
    }
  }

  insert(key, fields) {
    this.#write(key, copy(fields));
  }

  update(key, patch, remove) {
    const row = this.get(key);
    if (row === undefined) return false;
    const fields = copy(row.fields);
    for (const name of remove) delete fields[name];
    for (const name of Object.keys(patch)) put(fields, name, copy(patch[name]));
    this.#write(key, fields);
    return true;
  }

  /** The sum, or undefined where the field is no number. */
  count(key, name, by, { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }) {
    const fields = copy(this.get(key)?.fields ?? {});
    const before = Object.hasOwn(fields, name) ? fields[name] : 0;
    if (typeof before !== "number") return undefined;
    const sum = before + by;
    const after = sum > max ? max : sum < min ? min : sum;
    put(fields, name, after);
    this.#write(key, fields);
    return after;
  }

  delete(key) {
    const was = this.rows.delete(this.stored(key));
    this.deleted += was ? 1 : 0;
    return was;
  }

  found({ where = {}, subject, hasSubject, idleFor = 0 }) {
    const one = (value) => (Array.isArray(value) ? value : [value]);
    return [...this.rows].filter(
      ([, row]) =>
        subject === undefined &&
        hasSubject !== true &&
        this.now - row.touched >= idleFor * 1000 &&
        Object.keys(where).every(
          (name) =>
            Object.hasOwn(row.fields, name) &&
            one(where[name]).some((value) => same(row.fields[name], copy(value))),
        ),
    );
  }

  snapshot() {
    return { hashed: this.hashKeys, rows: new Map([...this.rows].map(([key, row]) => [key, { ...row }])) };
  }

  restore({ hashed, rows }) {
    this.rows.clear();
    for (const [key, row] of rows) {
      const own = { idle: Math.min(row.idle, this.idle), absolute: Math.min(row.absolute, this.absolute) };
      this.rows.set(hashed ? key : this.stored(key), { ...row, ...own });
    }
    this.tick(this.now);
    return this.rows.size;
  }
}
