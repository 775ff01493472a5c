/**
 * Sessions as a page of JavaScript, with one fault on request: what shows that the oracle finds faults, and that
 * it finds none where there is none.
 */
import { GRACE, IDLE } from "./oracle.mjs";

/** Each fault, and the promise that it breaks. */
export const FAULTS = {
  overwrite: "no lost update",
  "no second run": "no lost update",
  revive: "one row a session",
  "grace without end": "no revival",
  "login with grace": "no revival",
  "half an end": "one row a session",
  "old row stays": "one row a session",
  "ids come again": "no id twice",
  "old data in a fresh session": "own writes only",
  "cookie of before": "cookie",
  silent: "gone",
  miscounted: "info",
  "a late login starts afresh": "gone",
};

class Handle {
  sets = {};
  adds = {};
  updates = [];

  constructor(row, id, now) {
    this.row = row && { ...row.data };
    this.met = row;
    this.id = id;
    this.now = now;
  }

  get isNew() {
    return this.row === undefined;
  }

  get subject() {
    return this.met?.subject;
  }

  on(data, fault) {
    const after = { ...data };
    for (const [field, by] of Object.entries(this.adds)) after[field] = (after[field] ?? 0) + by;
    for (const update of this.updates) {
      Object.assign(after, fault === "no second run" ? update.first : update.fn(after));
    }
    return Object.assign(after, this.sets);
  }

  get data() {
    return this.on(this.row);
  }

  get(field) {
    return this.data[field];
  }

  set(field, value) {
    this.sets[field] = value;
  }

  increment(field, by) {
    this.adds[field] = (this.adds[field] ?? 0) + by;
  }

  update(fn) {
    this.updates.push({ fn, first: fn(this.data) });
  }

  renew() {
    this.verdict = "renew";
  }

  login(subject) {
    Object.assign(this, { verdict: "login", whose: subject });
  }

  logout({ everywhere } = {}) {
    this.verdict = "destroy";
    if (everywhere) this.everywhere = this.now()?.subject;
  }

  destroy() {
    this.verdict = "destroy";
  }

  get wrote() {
    const { sets, adds, updates, verdict } = this;
    return Object.keys(sets).length + Object.keys(adds).length + updates.length > 0 || verdict === "login";
  }
}

export class Plain {
  constructor(fault) {
    this.fault = fault;
  }

  begin(now) {
    this.clock = now;
    this.rows = new Map();
    this.renewed = new Map();
    this.told = [];
    this.drawn = 0;
  }

  end() {}

  mint() {
    return `${this.fault === "ids come again" ? this.drawn++ % 3 : this.drawn++}`;
  }

  living(id) {
    const row = this.rows.get(id);
    if (row === undefined || this.clock() < row.touched + IDLE) return row;
    this.rows.delete(id);
    return undefined;
  }

  follow(id, underWay = this.fault === "grace without end") {
    for (let at = id; at !== undefined; ) {
      if (this.living(at) !== undefined) return at;
      const { next, until } = this.renewed.get(at) ?? {};
      at = underWay || this.clock() < until ? next : undefined;
    }
    return undefined;
  }

  /** Whether an id was renewed, and leads on no more. */
  late(id, underWay = false) {
    for (let at = id; at !== undefined; ) {
      const { next, until } = this.renewed.get(at) ?? {};
      if (until === undefined) return false;
      if (next === undefined || !(underWay || this.clock() < until)) return this.clock() < until + 120_000;
      at = next;
    }
    return false;
  }

  async open(cookie) {
    if (this.late(cookie)) this.told.push("reused-after-renew");
    const id = this.follow(cookie);
    const row = id && this.rows.get(id);
    if (row) row.touched = this.clock();
    const handle = new Handle(row, id, () => this.living(this.follow(id, true)));
    return Object.assign(handle, {
      cookie,
      replaced: id !== undefined && id !== cookie,
      version: row?.version,
      logins: row?.life.logins,
    });
  }

  async commit(handle) {
    const { verdict } = handle;
    if (verdict === "destroy") return this.#end(handle);
    const id = this.follow(handle.id, true);
    const row = id && this.rows.get(id);
    if (row === undefined) return this.#without(handle);
    if (!handle.wrote && verdict !== "renew") {
      const current = this.fault === "cookie of before" ? handle.id : id;
      return { cookie: handle.replaced ? current : undefined, deleted: false };
    }
    if (row.version !== handle.version && handle.wrote) this.told.push("merged");
    const data = this.fault === "overwrite" ? handle.data : handle.on(row.data, this.fault);
    const after = { ...row, data, version: row.version + 1, touched: this.clock() };
    if (verdict === "login") {
      after.subject = handle.whose;
      after.life.logins++;
    }
    if (verdict === "login" || (verdict === "renew" && id === handle.id))
      return this.#renew(id, after, verdict);
    this.rows.set(id, after);
    return { cookie: handle.replaced || verdict === "renew" ? id : undefined, deleted: false };
  }

  #renew(old, row, verdict) {
    const id = this.mint();
    this.told.push("renewed");
    if (this.fault !== "old row stays") this.rows.delete(old);
    const until = this.clock() + GRACE;
    const led = verdict === "renew" || this.fault === "login with grace";
    this.renewed.set(old, led ? { next: id, until } : { until: this.clock() });
    this.rows.set(id, row);
    return { cookie: id, deleted: false };
  }

  #without(handle) {
    const { verdict, met, wrote } = handle;
    const nothing = { cookie: undefined, deleted: false };
    if (!wrote && verdict !== "renew") {
      return this.fault === "cookie of before" && handle.replaced
        ? { ...nothing, cookie: handle.id }
        : nothing;
    }
    const second =
      (met?.life.logins > handle.logins && this.late(handle.id, true)) ||
      this.fault === "a late login starts afresh";
    if (met !== undefined && !(verdict === "login" && second)) {
      if (this.fault !== "silent") this.told.push("gone");
      if (this.fault === "revive") this.rows.set(handle.id, { ...met, data: handle.data });
      return nothing;
    }
    if (!wrote) return nothing;
    const id = this.mint();
    this.told.push("created");
    const subject = verdict === "login" ? handle.whose : undefined;
    const data = this.fault === "old data in a fresh session" ? handle.data : handle.on({});
    this.rows.set(id, { data, subject, version: 1, touched: this.clock(), life: { logins: 0 } });
    return { ...nothing, cookie: id };
  }

  #end(handle) {
    if (handle.everywhere !== undefined) this.#endAll(handle.everywhere);
    const id = this.fault === "half an end" ? handle.id : this.follow(handle.id, true);
    if (this.living(id) !== undefined || (this.fault === "half an end" && this.follow(id, true))) {
      this.rows.delete(id);
      this.told.push("destroyed");
    }
    return { cookie: undefined, deleted: handle.cookie !== undefined };
  }

  #endAll(subject) {
    const all = [...this.rows].filter(
      ([id, row]) => row.subject === subject && this.living(id) !== undefined,
    );
    for (const [id] of all) {
      this.rows.delete(id);
      this.told.push("destroyed");
    }
    return all.length;
  }

  events() {
    return this.told.splice(0);
  }

  async revoke(subject) {
    return this.#endAll(subject);
  }

  async list(subject) {
    return [...this.rows].filter(([id, row]) => row.subject === subject && this.living(id) !== undefined);
  }

  count() {
    return [...this.rows.keys()].filter((id) => this.living(id) !== undefined).length;
  }

  account() {
    const count = this.count();
    return { size: count + (this.fault === "miscounted" && this.drawn > 2 ? 1 : 0), count };
  }
}
