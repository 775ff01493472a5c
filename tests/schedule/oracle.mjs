/**
 * What must be true of sessions, said again in the fewest words: rows as plain objects, ids as a chain, time as a
 * number. It shares no code with what it judges, and is told only what a browser or an operator could see.
 */

export const GRACE = 10_000;
export const IDLE = 30 * 60_000;
/** How long it is known of an id that it led on for a while. */
const REMEMBERED = 120_000;

/** A promise that was not kept: which, and how. Neither ids nor data are in it. */
export class Broken extends Error {
  constructor(rule, how) {
    super(`${rule}: ${how}`);
    this.rule = rule;
  }
}

function must(rule, holds, how) {
  if (!holds) throw new Broken(rule, how);
}

const amount = (list, what) => list.filter((one) => one === what).length;

export class Oracle {
  now = 1_700_000_000_000;
  /** Every cookie that was given out: its session, and where it leads for how long. */
  ids = new Map();
  sessions = [];
  latest;

  /**
   * `asMet`: a request knows whose its session is from when it met it, and does not look again.
   * `lossy`: whoever ends a session need not hear that it did, and finds it ended when trying again.
   */
  constructor({ asMet = false, lossy = false } = {}) {
    this.asMet = asMet;
    this.lossy = lossy;
  }

  /** The last id that an id leads to, be it over; for a request under way also behind the grace. */
  #last(id, underWay) {
    for (let at = id; ; ) {
      const { next, until } = this.ids.get(at) ?? {};
      if (next === undefined || !(underWay || this.now < until)) return at;
      at = next;
    }
  }

  /** The living id that an id leads to now; undefined when there is none. */
  leads(id, underWay = false) {
    const at = this.#last(id, underWay);
    const { session } = this.ids.get(at) ?? {};
    return session !== undefined && !session.ended && session.id === at ? at : undefined;
  }

  living(subject) {
    return this.sessions.filter((one) => !one.ended && (subject === undefined || one.subject === subject));
  }

  advance(ms) {
    this.now += ms;
    // Small steps of a run never add up to the limit, and a long one is past it for every session at once.
    if (ms >= IDLE) for (const session of this.living()) session.ended = "expired";
  }

  opened(cookie, { isNew, events }) {
    const held = this.leads(cookie);
    const session = held && this.ids.get(held).session;
    must("no revival", isNew || held !== undefined, "an ended id reads as a session");
    must("no lost session", !isNew || held === undefined, "a living id reads as no session");
    const { session: whose } = this.ids.get(cookie) ?? {};
    const { until } = this.ids.get(this.#last(cookie, false)) ?? {};
    const late = until !== undefined && this.now < until + REMEMBERED;
    must("events", amount(events, "reused-after-renew") === Number(late), "reused-after-renew");
    must("events", !events.includes("expired") || whose?.ended === "expired", "expired, but is not");
    return {
      cookie,
      held,
      session,
      replaced: held !== undefined && held !== cookie,
      from: session && session.rows.length - 1,
      seen: session && { ...session },
      sets: {},
      adds: {},
      verdict: undefined,
    };
  }

  /** What a field may read as: as the row was at any time since the request began, with the request's own writes. */
  read(request, field, value) {
    const { session, sets, adds, from } = request;
    const rows = session === undefined ? [{}] : session.rows.slice(from);
    if (this.leads(request.held, true) === undefined) rows.push({});
    const reads = (row) => {
      if (field in sets) return sets[field];
      return field in adds ? (row[field] ?? 0) + adds[field] : row[field];
    };
    must(
      "reads",
      rows.some((row) => reads(row) === value),
      `field ${field}`,
    );
  }

  everywhere(request) {
    if (this.asMet) request.everywhere = request.seen?.subject;
    else if (this.leads(request.held, true) !== undefined) request.everywhere = request.session.subject;
  }

  /** A commit, by what came of it. `outcome`: the cookie that was set, whether it was deleted, the events' types. */
  committed(request, outcome) {
    const { cookie, deleted, events } = outcome;
    const { verdict, sets, adds, held } = request;
    must("cookie", deleted === (verdict === "destroy" && request.cookie !== undefined), "deletion");
    if (verdict === "destroy") return this.#ended(request, outcome);
    const own = verdict === "login" || Object.keys(sets).length + Object.keys(adds).length > 0;
    if (this.leads(held, true) !== undefined) return this.#merged(request, own, outcome);
    if (held === undefined ? own : this.#startsAfresh(request)) return this.#created(request, outcome);
    const told = held !== undefined && (own || verdict === "renew");
    must("gone", amount(events, "gone") === Number(told), `${amount(events, "gone")} events`);
    must("events", events.length === Number(told), events.join(", "));
    must("cookie", cookie === undefined, "one for a session that is gone, or for none");
  }

  /** Behind another login, whose session it is now, a login gets one of its own; behind an end it is gone. */
  #startsAfresh({ verdict, session, seen, held }) {
    const { until } = this.ids.get(this.#last(held, true));
    const known = until !== undefined && this.now < until + REMEMBERED;
    return verdict === "login" && session.logins > seen.logins && known;
  }

  #apply(row, { sets, adds }) {
    const after = { ...row, ...sets };
    for (const [field, by] of Object.entries(adds)) after[field] = (row[field] ?? 0) + by;
    return after;
  }

  #fresh(cookie, session) {
    must("cookie", cookie !== undefined, "none for a new id");
    must("no id twice", !this.ids.has(cookie), "an id was given out before");
    this.ids.set(cookie, { session });
    session.id = cookie;
    this.latest = cookie;
  }

  #created(request, { cookie, events }) {
    must("events", events.join() === "created", `${events.join(", ") || "none"}, not created`);
    const { verdict, subject } = request;
    const { held } = request;
    const rows = [this.#apply({}, request)];
    const session = { rows, afresh: held !== undefined, commits: 0, writes: 0, logins: 0 };
    if (verdict === "login") session.subject = subject;
    this.sessions.push(session);
    this.#fresh(cookie, session);
  }

  #merged(request, own, { cookie, events }) {
    const { session, verdict, seen, replaced } = request;
    must("no lost update", !events.includes("gone"), "told gone, but the session lives");
    must("events", !events.includes("created"), "created, but the session lives");
    if (!own && verdict !== "renew") {
      must("events", events.length === 0, events.join(", "));
      must("cookie", cookie === (replaced ? session.id : undefined), "of a request that wrote nothing");
      return;
    }
    const others = own && session.writes > seen.writes;
    must("events", !others || events.includes("merged"), "not merged");
    const any = own && session.commits > seen.commits;
    must("events", any || !events.includes("merged"), "merged with nothing");
    const renewed = amount(events, "renewed");
    // One that met the session under an id that was renewed since need not renew it once more.
    const moved = session.id !== request.held;
    if (verdict === "login" || (verdict === "renew" && !moved)) must("events", renewed === 1, "not renewed");
    must("events", renewed === 0 || verdict !== undefined, "renewed unasked");
    must("events", events.length === renewed + amount(events, "merged"), events.join(", "));
    if (renewed > 0) {
      const old = this.ids.get(session.id);
      const id = session.id;
      this.#fresh(cookie, session);
      Object.assign(
        old,
        verdict === "renew" ? { next: cookie, until: this.now + GRACE } : { until: this.now },
      );
      must("no id twice", session.id !== id, "the renewed id is the old one");
    } else {
      const expected = replaced || verdict === "renew" ? session.id : undefined;
      must("cookie", cookie === expected, expected ? "not the session's id" : "without need");
    }
    if (verdict === "login") {
      session.subject = request.subject;
      session.logins++;
    }
    session.rows.push(this.#apply(session.rows.at(-1), request));
    session.commits++;
    if (own) session.writes++;
  }

  #ended(request, { cookie, events }) {
    const { session, held, everywhere } = request;
    must("cookie", cookie === undefined, "one with a deletion");
    const all = everywhere === undefined ? [] : this.living(everywhere);
    const own = this.leads(held, true) === undefined ? [] : [session];
    const ending = new Set([...all, ...own]);
    must(
      "events",
      events.every((type) => type === "destroyed"),
      events.join(", "),
    );
    const told = events.length === ending.size || (this.lossy && events.length < ending.size);
    must("events", told, `${events.length} destroyed, not ${ending.size}`);
    for (const one of ending) one.ended = "destroyed";
  }

  revoked(subject, count, events) {
    const all = this.living(subject);
    const ended = count === all.length || (this.lossy && count < all.length);
    must("revoke", ended, `${count} ended, not ${all.length}`);
    must("events", events.length === count && events.every((type) => type === "destroyed"), "of revoke");
    for (const session of all) session.ended = "revoked";
  }

  counted(count) {
    const living = this.living().length;
    if (count > living) throw new Broken("one row a session", `${count} rows, ${living} sessions`);
    must("no lost session", count === living, `${count} rows, ${living} sessions`);
  }

  /** An id, opened again at the end of the run. */
  settled(id, { isNew, data, subject }) {
    const lives = this.leads(id);
    must("no revival", isNew || lives !== undefined, "an ended id reads as a session at the end");
    must("no lost session", !isNew || lives === undefined, "a living id reads as no session at the end");
    if (lives === undefined) return;
    const { session } = this.ids.get(lives);
    const row = session.rows.at(-1);
    const rule = session.afresh ? "own writes only" : "no lost update";
    must("subject", subject === session.subject, "not who logged in");
    const fields = new Set([...Object.keys(row), ...Object.keys(data)]);
    for (const field of fields) must(rule, data[field] === row[field], `field ${field}`);
  }

  /** The table's own account, swept. */
  accounted({ size, count }) {
    must("info", size === count, `size ${size}, ${count} rows`);
  }

  listed(subject, count) {
    const all = this.living(subject).length;
    must("list", count === all, `${count} listed, not ${all}`);
  }
}
