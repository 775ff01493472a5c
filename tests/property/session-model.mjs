/** The documented rules of sessions over one table, in their plainest form: objects, and no bytes. */
import { open } from "./known.mjs";
import { copy, put, same } from "./values.mjs";

export const GONE = 120_000;

/** A session as the server keeps it. Its ids, from the first to the living one, are objects that stand for cookies. */
class Row {
  constructor(model, fields, { now, subject, meta }) {
    Object.assign(this, { fields, subject, meta, version: 1, created: now, touched: now });
    this.model = model;
    this.flash = new Map();
    this.sent = undefined;
    this.over = undefined;
  }
  get expiresAt() {
    return Math.min(this.touched + this.model.idle, this.created + this.model.absolute);
  }
  get lives() {
    if (this.over === undefined && this.model.now >= this.expiresAt) this.over = { at: undefined };
    return this.over === undefined;
  }
  touch() {
    this.touched = this.model.now;
  }
}

export class SessionModel {
  rows = [];
  constructor({ idle, absolute, grace, strict, saveOnError, maxAge }, now) {
    Object.assign(this, { idle, absolute, grace, strict, saveOnError, maxAge, now });
  }

  living() {
    return this.rows.filter((row) => row.lives);
  }

  of(subject) {
    return this.living().filter((row) => row.subject === subject);
  }

  begin(fields, about) {
    const row = new Row(this, fields, { now: this.now, ...about });
    this.rows.push(row);
    row.id = { row, cookie: undefined };
    return row.id;
  }

  /** Where an id leads: its row while it lives; `late` behind a renewal whose grace is over, or a login. */
  follow(id, underWay) {
    let at = id;
    for (let hops = 0; hops <= 8; hops++) {
      if (at === at.row.id) return at.row.lives ? { id: at } : {};
      // What became of an id is known for two minutes.
      if (this.now >= at.until + GONE) return {};
      if (at.nowhere || !(underWay || this.now < at.until)) return { late: true };
      at = at.next;
    }
    return { late: true };
  }

  /** Behind a login the old id leads nowhere; without a grace it leads on for requests that are under way. */
  renew(row, login) {
    const next = { row, cookie: undefined };
    Object.assign(row.id, { next, until: this.now + (login ? 0 : this.grace), nowhere: login });
    row.id = next;
  }

  end(row) {
    row.over = { at: this.now };
  }
}

/** What one request wants to become of its session. */
export class RequestModel {
  base = undefined;
  first = undefined;
  said = new Map();
  verdict = undefined;
  login = undefined;
  left = false;
  everywhere = undefined;
  looked = false;
  moved = false;
  outdone = false;
  owner = undefined;
  events = [];
  /** What was done, to be done again: behind the first update. */
  replay = undefined;
  equal = new Map();

  constructor(model, presented) {
    this.model = model;
    this.presented = presented !== undefined;
    this.clear();
    this.changes = { cleared: false, sets: new Map(), removes: new Set(), adds: new Map() };
    const { id, late } = presented?.row ? model.follow(presented, false) : {};
    if (late) this.events.push("reused-after-renew");
    this.id = id;
    this.replace = id !== undefined && id !== presented;
    if (id === undefined) return;
    id.row.touch();
    this.met = { version: id.row.version, createdAt: id.row.created, expiresAt: id.row.expiresAt };
    this.flashed = id.row.flash.size > 0;
  }

  /** The row as it is now, wherever it moved. */
  now() {
    if (this.id === undefined) return undefined;
    const { row } = this.id;
    if (row.id === this.id) return row.lives ? row : undefined;
    const { id, late } = this.model.follow(this.id, true);
    this.outdone = late === true;
    if (id === undefined) return undefined;
    this.id = id;
    this.moved = true;
    return id.row;
  }

  /** The fields and the flash as they were when first asked for. */
  read() {
    this.looked = true;
    if (this.base === undefined) {
      const row = this.now();
      row?.touch();
      this.base = { fields: copy(row?.fields ?? {}), flash: new Map(row?.flash) };
      if (this.first !== undefined) put(this.base.fields, this.first.name, this.first.value);
    }
    return this.base;
  }

  stored(name) {
    const { fields } = this.read();
    if (this.changes.removes.has(name) || this.changes.cleared || !Object.hasOwn(fields, name))
      return undefined;
    return { value: fields[name] };
  }

  current(name) {
    const stored = this.stored(name);
    if (this.changes.sets.has(name)) return { value: this.changes.sets.get(name) };
    if (this.changes.adds.has(name)) return { value: (stored?.value ?? 0) + this.changes.adds.get(name) };
    return stored;
  }

  get(name) {
    const untouched = this.base === undefined && !this.wrote;
    if (this.id === undefined || !untouched || (this.first !== undefined && this.first.name !== name)) {
      return this.current(name);
    }
    this.looked = true;
    if (this.first === undefined) {
      const { row } = this.id;
      if (row.id !== this.id || !row.lives) return this.current(name);
      row.touch();
      if (!Object.hasOwn(row.fields, name) || row.fields[name] === undefined) return this.current(name);
      this.first = { name, value: copy(row.fields[name]) };
    } else if (typeof this.first.value === "object" && this.first.value !== null) return this.current(name);
    return { value: this.first.value };
  }

  all() {
    const all = {};
    const names = new Set([
      ...Object.keys(this.read().fields),
      ...this.changes.sets.keys(),
      ...this.changes.adds.keys(),
    ]);
    for (const name of names) {
      const found = this.current(name);
      if (found !== undefined) put(all, name, copy(found.value));
    }
    return all;
  }

  #do(step) {
    step();
    this.wrote = true;
    this.replay?.steps.push(step);
  }

  #forget(name) {
    for (const part of ["sets", "removes", "adds"]) this.changes[part].delete(name);
  }

  #put(name, value, equal) {
    this.#forget(name);
    if (equal) this.equal.set(name, value);
    else {
      this.equal.delete(name);
      this.changes.sets.set(name, value);
    }
  }

  #same(name, value) {
    const stored = this.stored(name);
    return stored !== undefined && same(stored.value, value);
  }

  set(name, given) {
    const value = copy(given);
    const equal = this.#same(name, value);
    this.#do(() => this.#put(name, value, equal));
    this.replay?.updated.delete(name);
  }

  delete(name) {
    const had = this.current(name) !== undefined;
    const stored = Object.hasOwn(this.read().fields, name);
    this.#do(() => {
      this.#forget(name);
      if (stored && !this.changes.cleared) this.changes.removes.add(name);
      this.equal.delete(name);
    });
    this.replay?.updated.delete(name);
    return had;
  }

  clear() {
    if (this.changes === undefined) return;
    this.read();
    const cleared = this.id !== undefined;
    this.#do(() => {
      this.changes = { cleared, sets: new Map(), removes: new Set(), adds: new Map() };
      this.equal.clear();
    });
    this.replay?.updated.clear();
  }

  /** The sum; undefined where the field is no number. */
  increment(name, by) {
    // What is there and undefined is no number either.
    const before = this.current(name);
    if (before !== undefined && typeof before.value !== "number") return undefined;
    let after;
    this.#do(() => {
      const is = this.current(name)?.value;
      if (is !== undefined && typeof is !== "number") throw new NotANumber();
      after = (is ?? 0) + by;
      const { sets, removes, cleared, adds } = this.changes;
      const known = sets.has(name) || removes.has(name) || cleared;
      if (known || this.equal.delete(name)) this.#put(name, after, false);
      else adds.set(name, (adds.get(name) ?? 0) + by);
    });
    return after;
  }

  update(fn) {
    this.replay ??= { before: clone(this.changes), steps: [], updated: new Set() };
    const { updated } = this.replay;
    this.#do(() => {
      const fields = fn(this.all());
      for (const name of Object.keys(fields)) {
        const { cleared, sets, removes, adds } = this.changes;
        if (!(cleared || sets.has(name) || removes.has(name) || adds.has(name))) updated.add(name);
        this.#put(name, copy(fields[name]), this.#same(name, fields[name]));
      }
    });
  }

  flashOf(name) {
    const said = this.read().flash.get(name);
    return said !== undefined && said.version <= (this.met?.version ?? 0) ? said.value : undefined;
  }

  subject() {
    this.looked = true;
    const whose = this.#whose();
    return this.verdict === "login" ? this.login.subject : whose;
  }

  #whose() {
    this.owner ??= [this.now()?.subject];
    return this.owner[0];
  }

  logIn(subject, meta, keep) {
    const kept = this.verdict === "destroy" ? [] : keep;
    if (kept !== undefined)
      for (const name of Object.keys(this.all())) if (!kept.includes(name)) this.delete(name);
    this.login = { subject, meta: copy(meta ?? {}), keep: kept };
    this.left ||= this.verdict === "destroy";
    this.verdict = "login";
    this.looked = this.wrote = true;
  }

  logOut(everywhere) {
    this.verdict = "destroy";
    this.looked = true;
    if (everywhere) this.everywhere = this.#whose();
  }

  renew() {
    if (this.verdict !== "login") this.verdict = "renew";
    this.looked = true;
  }

  get own() {
    const { cleared, sets, removes, adds } = this.changes;
    return cleared || sets.size + removes.size + adds.size + this.said.size > 0 || this.verdict === "login";
  }

  /** { cookie: undefined | "deleted" | the id it is of, error: a code } */
  commit(status) {
    this.events = [];
    const { model } = this;
    const failed = status >= 500 && !model.saveOnError;
    if (this.verdict === "destroy" || (failed && this.verdict === "login" && this.left)) {
      if (this.everywhere !== undefined) for (const row of model.of(this.everywhere)) this.#ends(row);
      const row = this.now();
      if (row !== undefined) this.#ends(row);
      return { cookie: this.presented ? "deleted" : undefined };
    }
    if (this.verdict === "ignore" || failed) return {};
    const { own } = this;
    const slides = this.#slides();
    const send = slides || this.replace;
    if (!own && this.verdict !== "renew" && !slides && !this.flashed) {
      const lives = send && this.now() !== undefined;
      return { cookie: lives ? this.id : undefined };
    }
    const met = this.id !== undefined;
    let row = met ? this.now() : undefined;
    if (row !== undefined && row.version !== this.met.version) {
      const paths = model.strict ? this.#conflict(row) : [];
      if (paths.length > 0) return { error: "ERR_CONFLICT", paths };
      if (this.replay !== undefined && !this.#again(row.fields)) return { error: "ERR_NOT_A_NUMBER" };
      row = this.now();
    }
    return row === undefined ? this.#rowless(met, own) : this.#merge(row, send, own);
  }

  #ends(row) {
    this.model.end(row);
    this.events.push("destroyed");
  }

  #slides() {
    const { maxAge, now } = this.model;
    if (!this.looked || maxAge === undefined || this.id === undefined) return false;
    const { row } = this.id;
    if (row.id !== this.id || !row.lives) return false;
    row.touch();
    return row.sent !== undefined && now - row.sent >= maxAge / 2;
  }

  /** The fields that another request wrote meanwhile; any of them may be named. */
  #conflict(row) {
    const before = this.read().fields;
    const { sets, removes, cleared } = this.changes;
    const all = cleared ? [...Object.keys(before), ...Object.keys(row.fields)] : [];
    return [...sets.keys(), ...removes, ...all].filter((name) => {
      if (this.replay?.updated.has(name)) return false;
      const [was, is] = [Object.hasOwn(before, name), Object.hasOwn(row.fields, name)];
      return was !== is || !same(before[name], row.fields[name]);
    });
  }

  /** The updates, and what followed them, on the row as it is. */
  #again(fields) {
    this.base = { fields: copy(fields), flash: this.base?.flash ?? new Map() };
    this.changes = clone(this.replay.before);
    for (const name of this.replay.updated) this.equal.delete(name);
    this.replay.updated.clear();
    try {
      for (const step of this.replay.steps) step();
    } catch (error) {
      if (error instanceof NotANumber) return false;
      throw error;
    }
    return true;
  }

  #rowless(met, own) {
    if (own && (!met || (this.verdict === "login" && this.outdone))) {
      if (met) {
        if (this.replay !== undefined) this.#again({});
        for (const [name, value] of this.equal) this.changes.sets.set(name, value);
        // Whoever asked to be logged out everywhere is.
        if (this.everywhere !== undefined && !open.has("everywhere outdone"))
          for (const row of this.model.of(this.everywhere)) this.#ends(row);
      }
      const fields = {};
      for (const [name, by] of this.changes.adds) put(fields, name, by);
      for (const [name, value] of this.changes.sets) put(fields, name, copy(value));
      const { subject, meta } = this.verdict === "login" ? this.login : {};
      const id = this.model.begin(fields, { subject, meta });
      for (const [name, value] of this.said) id.row.flash.set(name, { version: 1, value });
      if (this.model.maxAge !== undefined) id.row.sent = this.model.now;
      this.events.push("created");
      return { cookie: id };
    }
    if (met && (own || this.verdict === "renew")) this.events.push("gone");
    return {};
  }

  #merge(row, send, own) {
    const { model } = this;
    const { cleared, sets, removes, adds } = this.changes;
    const login = this.verdict === "login" ? this.login : undefined;
    const fields = cleared ? {} : copy(row.fields);
    // Flash is read anew, and reading counts, whatever becomes of the commit.
    if (this.flashed || this.said.size > 0) row.touch();
    for (const name of removes) delete fields[name];
    if (login?.keep !== undefined) {
      for (const name of Object.keys(fields)) if (!login.keep.includes(name)) delete fields[name];
    }
    for (const [name, by] of adds) {
      const before = Object.hasOwn(fields, name) ? fields[name] : 0;
      if (typeof before !== "number") return { error: "ERR_NOT_A_NUMBER" };
      put(fields, name, before + by);
    }
    for (const [name, value] of sets) put(fields, name, copy(value));
    const onto = row.version;
    const renews = login !== undefined || (this.verdict === "renew" && !this.moved);
    const sends = send || renews || this.verdict === "renew";
    for (const [name, { version }] of [...row.flash]) {
      if ((this.flashed || this.said.size > 0) && version <= this.met.version) row.flash.delete(name);
    }
    for (const [name, value] of this.said) row.flash.set(name, { version: onto + 1, value });
    if (sends && model.maxAge !== undefined) row.sent = model.now;
    Object.assign(row, { fields, version: onto + 1 });
    row.touch();
    if (login !== undefined) Object.assign(row, { subject: login.subject, meta: login.meta });
    if (renews) model.renew(row, login !== undefined);
    if (own && onto !== this.met.version) this.events.push("merged");
    if (renews) this.events.push("renewed");
    if (login !== undefined && this.everywhere !== undefined) {
      for (const other of model.of(this.everywhere)) if (other !== row) this.#ends(other);
    }
    return { cookie: sends ? row.id : undefined };
  }
}

/** A number that became something else meanwhile. */
class NotANumber extends Error {}

const clone = ({ cleared, sets, removes, adds }) => ({
  cleared,
  sets: new Map(sets),
  removes: new Set(removes),
  adds: new Map(adds),
});
