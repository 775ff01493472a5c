/** Random requests of a few visitors, one after the other and at once, beside the rules in their plainest form. */
import fc from "fast-check";
import { cookiesOf, isDeletion } from "../suite/client.js";
import { request } from "../suite/env.js";
import { caught, counted, deepEqual, equal, fail, isRefusal, ok, refuses, T0, unique } from "./check.mjs";
import { refused } from "./refused.mjs";
import { RequestModel, SessionModel } from "./session-model.mjs";
import { copy, term } from "./values.mjs";

const VISITORS = 2;
const SLOTS = 4;
const COOKIE = "__Host-sid";

const visitor = fc.nat(VISITORS - 1);
const slot = fc.nat(SLOTS - 1);
const name = fc.constantFrom("a", "b", "n", "n", "__proto__", "constructor");
const value = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 2 }) },
  { weight: 2, arbitrary: term },
);
const subject = fc.constantFrom("ada", "bob", "\u{1f600}");

/** Depending on nothing but the data, and on all kinds of them. */
const UPDATES = {
  count: (data) => ({ n: typeof data.n === "number" ? data.n + 1 : 1 }),
  swap: ({ a, b }) => ({ a: b, b: a }),
  sizes: (data) => ({ size: Object.keys(data).length }),
  either: ({ a }) => (a === 1 ? { one: true } : { other: true }),
  nothing: () => ({}),
  same: (data) => ({ ...data }),
};

const within = [
  ["get", name],
  ["has", name],
  ["set", name, value],
  ["set", name, value],
  ["delete", name],
  ["clear"],
  ["increment", name, fc.constantFrom(1, 1, -2, 0.5)],
  ["update", fc.constantFrom(...Object.keys(UPDATES))],
  ["data"],
  ["keys"],
  ["flash", name, value],
  ["flashed", name],
  ["flashed", name],
  ["about"],
  ["subject"],
  ["renew"],
  ["destroy"],
  ["ignore"],
  ["login", subject, fc.option(fc.record({ device: value }), { nil: undefined })],
  ["loginKeeping", subject, fc.array(name, { maxLength: 2 })],
  ["logout", fc.boolean()],
  ["refusedValue", name, refused],
  ["refusedKey", fc.constantFrom("", "\0flash", "\ud800", 5, null)],
];

const status = fc.constantFrom(200, 200, 200, 200, 404, 500, 503);
const inside = fc.oneof(...within.map(([name, ...args]) => fc.tuple(fc.constant(name), ...args)));

const few = fc.array(inside, { minLength: 1, maxLength: 3 });

/** [name, …arguments]; `visit` is a whole request, the others are parts of requests that overlap. */
const steps = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(fc.constant("visit"), visitor, fc.array(inside, { maxLength: 4 }), status),
  },
  { weight: 5, arbitrary: fc.tuple(fc.constant("open"), slot, visitor) },
  { weight: 6, arbitrary: fc.tuple(fc.constant("overlap"), visitor, few, few, fc.boolean(), status) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("replay"), slot, fc.nat(20)) },
  {
    weight: 8,
    arbitrary: fc.tuple(fc.constant("use"), slot, fc.array(inside, { minLength: 1, maxLength: 3 })),
  },
  { weight: 5, arbitrary: fc.tuple(fc.constant("commit"), slot, status) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constant("advance"), fc.constantFrom(1, 5000, 9999, 10_000, 30_000, 119_999)),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constant("advance"),
      fc.constantFrom(120_000, 299_999, 300_000, 599_999, 600_000, 1_800_000),
    ),
  },
  { weight: 1, arbitrary: fc.tuple(fc.constant("list"), subject) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("revoke"), subject, fc.option(slot, { nil: undefined })) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("sweep")) },
);

const options = fc.record({
  renewGrace: fc.constantFrom(10, 0, 60),
  onConflict: fc.constantFrom("merge", "merge", "throw"),
  saveOnError: fc.boolean(),
  signed: fc.boolean(),
  maxAge: fc.constantFrom(undefined, undefined, 600),
  idle: fc.constantFrom(600, 1800),
});

class Step {
  constructor([name, ...args]) {
    Object.assign(this, { name, args });
  }
  check() {
    return true;
  }
  async run(model, site) {
    counted.operations++;
    await site[this.name](model, ...this.args);
    site.agree(model);
  }
  toString() {
    return `${this.name}(${this.args.map((one) => fc.stringify(one)).join(", ")})`;
  }
}

/** A site, and what its visitors have: cookies, which stand beside what the model has for them. */
class Site {
  constructor(lib, { signed, maxAge, ...options }) {
    this.lib = lib;
    this.time = T0;
    this.events = [];
    this.table = unique("site");
    this.manager = lib.sessions({
      table: this.table,
      now: () => this.time,
      absolute: 3600,
      ...options,
      ...(signed ? { secrets: ["a secret of the property's own"] } : {}),
      ...(maxAge === undefined ? {} : { cookie: { maxAge } }),
      onEvent: ({ type }) => this.events.push(type),
    });
    this.jars = Array.from({ length: VISITORS });
    this.issued = [];
    this.open_ = Array.from({ length: SLOTS });
  }

  async #opened(model, id) {
    const cookie = id === undefined ? {} : { cookie: `${COOKIE}=${id.cookie}` };
    this.events.length = 0;
    const session = await this.manager.open(request("https://site.test/", cookie));
    const one = new RequestModel(model, id);
    // That a row is expired is told by whoever meets it first.
    deepEqual(
      this.events.filter((type) => type !== "expired"),
      one.events,
      "events of an opening",
    );
    return { session, one };
  }

  async open(model, slot, visitor) {
    this.open_[slot] = { visitor, ...(await this.#opened(model, this.jars[visitor])) };
  }

  /** A cookie of any earlier time. */
  async replay(model, slot, number) {
    const id = this.issued[number % Math.max(this.issued.length, 1)];
    this.open_[slot] = { visitor: undefined, ...(await this.#opened(model, id)) };
  }

  async use(_model, slot, all) {
    const opened = this.open_[slot];
    if (opened !== undefined) for (const one of all) this.#within(opened, ...one);
  }

  async visit(model, visitor, all, status) {
    const opened = { visitor, ...(await this.#opened(model, this.jars[visitor])) };
    for (const one of all) this.#within(opened, ...one);
    await this.#committed(opened, status);
  }

  /** Two requests of one visitor at once. */
  async overlap(model, visitor, first, second, turned, status) {
    const open = async () => ({ visitor, ...(await this.#opened(model, this.jars[visitor])) });
    const [one, other] = [await open(), await open()];
    for (const use of first) this.#within(one, ...use);
    for (const use of second) this.#within(other, ...use);
    await this.#committed(turned ? other : one, 200);
    await this.#committed(turned ? one : other, status);
  }

  async commit(_model, slot, status) {
    const opened = this.open_[slot];
    this.open_[slot] = undefined;
    if (opened !== undefined) await this.#committed(opened, status);
  }

  #within({ session, one }, name, ...args) {
    const { lib } = this;
    const [key, value] = args;
    const fallback = { fallback: true };
    switch (name) {
      case "get": {
        const expected = one.get(key);
        const found = session.get(key, fallback);
        return expected === undefined
          ? equal(found, fallback, "get")
          : deepEqual(found, expected.value, "get");
      }
      case "has":
        return equal(session.has(key), one.current(key) !== undefined, "has");
      case "set":
        one.set(key, value);
        return void session.set(key, value);
      case "delete":
        return equal(session.delete(key), one.delete(key), "delete");
      case "clear":
        one.clear();
        return session.clear();
      case "increment": {
        const expected = one.increment(key, value);
        if (expected === undefined)
          return void refuses(lib, () => session.increment(key, value), "ERR_NOT_A_NUMBER");
        return equal(session.increment(key, value), expected, "increment");
      }
      case "update":
        one.update(UPDATES[key]);
        return void session.update(UPDATES[key]);
      case "data":
        return deepEqual({ ...session.data }, one.all(), "data");
      case "keys":
        return deepEqual([...session.keys()].sort(), Object.keys(one.all()).sort(), "keys");
      case "flash":
        one.said.set(key, copy(value));
        one.looked = true;
        return session.flash(key, value);
      case "flashed":
        return deepEqual(session.flashed(key), one.flashOf(key), "flashed");
      case "about":
        one.looked = true;
        equal(session.isNew, one.id === undefined, "isNew");
        equal(session.id === undefined, one.id === undefined, "whether there is an id");
        equal(session.createdAt, one.met?.createdAt, "createdAt");
        return equal(session.expiresAt, one.met?.expiresAt, "expiresAt");
      case "subject":
        return equal(session.subject, one.subject(), "subject");
      case "renew":
        one.renew();
        return session.renew();
      case "destroy":
        one.verdict = "destroy";
        one.looked = true;
        return session.destroy();
      case "ignore":
        one.verdict = "ignore";
        return session.ignore();
      case "login":
        one.logIn(key, value);
        return session.login(key, value);
      case "loginKeeping":
        one.logIn(key, undefined, value);
        return session.login(key, undefined, { keep: value });
      case "logout":
        one.logOut(key);
        return session.logout({ everywhere: key });
      case "refusedValue": {
        const { path, exact } = value.under(key);
        for (const call of [() => session.set(key, value.value), () => session.flash(key, value.value)]) {
          const { details } = refuses(lib, call, "ERR_UNSUPPORTED_VALUE");
          ok(exact ? details.path === path : String(details.path).startsWith(path), `path ${details.path}`);
        }
        one.looked = true;
        return undefined;
      }
      case "refusedKey": {
        const calls = [() => session.set(key, 1), () => session.get(key), () => session.delete(key)];
        for (const call of [...calls, () => session.increment(key), () => session.flash(key, 1)]) {
          refuses(lib, call, "ERR_BAD_KEY");
        }
        one.looked = true;
        return undefined;
      }
    }
    return fail(`there is no ${name}`);
  }

  async #committed({ visitor, session, one }, status) {
    const { looked } = one;
    const expected = one.commit(status);
    this.events.length = 0;
    let response;
    try {
      response = await this.manager.commit(session, new Response(null, { status }));
    } catch (error) {
      ok(expected.error !== undefined, `commit threw ${error.code ?? error}`);
      isRefusal(this.lib, error, [expected.error]);
      if (expected.paths !== undefined)
        ok(expected.paths.includes(error.details.path), "the field of a conflict");
      return;
    }
    ok(expected.error === undefined, `commit did not throw ${expected.error}`);
    deepEqual([...this.events].sort(), one.events.toSorted(), "events of a commit");
    const cookies = cookiesOf(response);
    equal(cookies.length, expected.cookie === undefined ? 0 : 1, "cookies");
    const error = caught(() => session.set("late", 1));
    isRefusal(this.lib, error, ["ERR_COMMITTED"]);
    this.#looked(response, looked, cookies);
    if (expected.cookie === undefined) return;
    equal(cookies[0].name, COOKIE, "the cookie's name");
    equal(isDeletion(cookies[0]), expected.cookie === "deleted", "whether the cookie is deleted");
    if (expected.cookie === "deleted") {
      if (visitor !== undefined) this.jars[visitor] = undefined;
      return;
    }
    const id = expected.cookie;
    if (id.cookie === undefined) {
      ok(!this.issued.some((other) => other.cookie === cookies[0].value), "an id that was given before");
      id.cookie = cookies[0].value;
      this.issued.push(id);
    }
    ok(cookies[0].value === id.cookie, "the cookie is another session's");
    if (visitor !== undefined) this.jars[visitor] = id;
  }

  /** What depends on a session no shared cache may keep. */
  #looked(response, looked, cookies) {
    const control = response.headers.get("cache-control");
    const vary = response.headers.get("vary");
    if (cookies.length > 0)
      ok(/no-store/.test(control) && /cookie/i.test(vary), "a cookie that may be cached");
    else if (looked)
      ok(/private|no-store/.test(control) && /cookie/i.test(vary), "a look that may be cached");
  }

  advance(model, ms) {
    this.time += ms;
    model.now = this.time;
  }

  sweep(model) {
    this.manager.table.sweep();
    equal(this.manager.table.size, model.living().length, "rows after a sweep");
  }

  async list(model, subject) {
    const found = await this.manager.list(subject);
    const about = ({ created, touched, expiresAt, meta }) => ({
      createdAt: created,
      touchedAt: touched,
      expiresAt,
      meta,
    });
    const expected = model.of(subject).map(about);
    const byAll = (one, other) => (fc.stringify(one) < fc.stringify(other) ? -1 : 1);
    deepEqual(found.map(({ id, ...rest }) => rest).sort(byAll), expected.sort(byAll), "list");
  }

  async revoke(model, subject, slot) {
    const except = slot === undefined ? undefined : this.open_[slot];
    const kept = except?.one.now();
    const ended = model.of(subject).filter((row) => row !== kept);
    for (const row of ended) model.end(row);
    const options = except === undefined ? {} : { except: except.session };
    equal(await this.manager.revoke(subject, options), ended.length, "revoked");
  }

  agree(model) {
    const { table } = this.manager;
    const { rows } = table.select({}, { limit: 1000 });
    const living = model.living();
    equal(rows.length, living.length, "living rows");
    equal(
      table.count({ hasSubject: true }),
      living.filter((row) => row.subject !== undefined).length,
      "with a subject",
    );
    const shown = (fields, { createdAt, touchedAt, expiresAt, version, subject }) =>
      fc.stringify([Object.entries(fields).sort(byName), createdAt, touchedAt, expiresAt, version, subject]);
    const mine = rows.map(([, row, meta]) => {
      const fields = Object.fromEntries(
        Object.entries(row).filter(([name]) => name !== "" && !name.startsWith("\0")),
      );
      return shown(fields, meta);
    });
    const theirs = living.map((row) => {
      const { fields, created, touched, expiresAt, version, subject } = row;
      return shown(copy(fields), { createdAt: created, touchedAt: touched, expiresAt, version, subject });
    });
    deepEqual(mine.sort(), theirs.sort(), "rows");
    const { evicted, refused } = table.info();
    equal(evicted + refused, 0, "evicted and refused");
  }
}

const byName = ([one], [other]) => (one < other ? -1 : 1);

export default {
  name: "sessions",
  runs: 260,
  property(lib, { replayPath } = {}) {
    const commands = fc.commands([steps.map((step) => new Step(step))], {
      maxCommands: 40,
      size: "max",
      replayPath,
    });
    return fc.asyncProperty(options, commands, async (given, all) => {
      const { renewGrace, onConflict, saveOnError, maxAge, idle } = given;
      const site = new Site(lib, JSON.parse(JSON.stringify(given)));
      const model = new SessionModel(
        {
          idle: idle * 1000,
          absolute: 3_600_000,
          grace: renewGrace * 1000,
          strict: onConflict === "throw",
          saveOnError,
          maxAge: maxAge === undefined ? undefined : maxAge * 1000,
        },
        T0,
      );
      try {
        await fc.asyncModelRun(() => ({ model, real: site }), all);
      } finally {
        site.manager.table.drop();
      }
    });
  },
};
