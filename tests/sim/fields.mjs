/** What a field may read as: judged by which writes surely came before, and which may have. */
import { COUNTERS, FIELDS, LISTS, TEXTS } from "./change.mjs";
import { must } from "./judge.mjs";

const TWICE = "increments applied once";
const LOST = "no lost update";
const STALE = "nothing older than allowed";
const THEIRS = "never another's data";

/** Whether a request has to see what a change did. */
export function sees(request, change) {
  if (change.state !== "done") return false;
  const here = change.isolate === request.isolate && change.life === request.life;
  return change.end < (here ? request.here : request.since);
}

/** Something that is there was written by somebody who may have. */
function written(request, session, change, field) {
  must(THEIRS, change !== undefined, `${field} has what nobody wrote`);
  must(THEIRS, change.visitor === request.visitor, `${field} of another visitor`);
  must(THEIRS, (change.session ?? change.request.session) === session, `${field} of another session`);
  must("what is refused is not stored", change.possible, `${field} of ${change.request.name}`);
}

/** Nothing came surely behind it, and surely before the request, that took it away. */
function fresh(request, session, change, field, takes) {
  if (change.end === Number.POSITIVE_INFINITY) return;
  for (const other of session.changes) {
    if (other !== change && takes(other) && change.precedes(other) && sees(request, other)) {
      must(STALE, false, `${field} as ${change.request.name} left it, not as ${other.request.name}`);
    }
  }
}

/** What is not there was taken away by somebody who may have. */
function excused(session, change, field) {
  return session.changes.some(
    (other) => other !== change && other.possible && other.resets.has(field) && !other.precedes(change),
  );
}

export class Fields {
  /** Who wrote what: each value is written once. */
  writers = new Map();

  constructor(plan, lives) {
    Object.assign(this, { plan, lives });
  }

  /** A table is read when it is asked for, and the session may be gone by then. */
  #emptied(request, session) {
    return this.plan.blind || (this.plan.memory && this.lives.excused(request, session));
  }

  text(request, session, field, value) {
    if (value !== undefined) {
      const change = this.writers.get(`${field} ${value}`);
      written(request, session, change, field);
      if (!this.plan.blind) {
        fresh(request, session, change, field, (other) => other.sets.has(field) || other.resets.has(field));
      }
      return;
    }
    if (this.#emptied(request, session)) return;
    for (const change of session.changes) {
      if (change.sets.has(field) && sees(request, change) && !excused(session, change, field)) {
        must(LOST, false, `${field} of ${change.request.name} is not there`);
      }
    }
  }

  elements(request, session, field, found) {
    const { blind } = this.plan;
    const there = new Set();
    let before;
    for (const element of found) {
      must(TWICE, blind || !there.has(element), field);
      there.add(element);
      const change = this.writers.get(`${field} ${element}`);
      written(request, session, change, field);
      if (!blind) fresh(request, session, change, field, (other) => other.resets.has(field));
      if (LISTS.includes(field) && before !== undefined && !blind) {
        must("updates in their order", !change.precedes(before), field);
      }
      before = change;
    }
    if (this.#emptied(request, session)) return;
    for (const change of session.changes) {
      for (const element of change.adds.get(field) ?? []) {
        if (!there.has(element) && sees(request, change) && !excused(session, change, field)) {
          must(LOST, false, `${field} by ${change.request.name} is not there`);
        }
      }
    }
  }

  /** All fields of a request's session that it did not write itself. */
  read(request, session, get) {
    for (const field of FIELDS) {
      if (request.own.has(field) || request.change.touches(field)) continue;
      const value = get(field);
      if (session === undefined) must(THEIRS, value === undefined, `${field} where there is no session`);
      else if (TEXTS.includes(field)) this.text(request, session, field, value);
      else
        this.elements(
          request,
          session,
          field,
          COUNTERS.includes(field) ? digits(request, value) : (value ?? []),
        );
    }
  }

  flashed(request, session, value) {
    if (value === undefined) return this.#unsaid(request, session);
    must(THEIRS, session !== undefined, "flash where there is no session");
    const change = this.writers.get(`flash ${value}`);
    written(request, session, change, "flash");
    if (this.plan.blind) return;
    for (const other of change.spent) {
      must(
        "flash at most once",
        other === request.change || !sees(request, other),
        `after ${other.request.name}`,
      );
    }
    request.saw.add(change);
  }

  /** Flash may be gone where another request was there since it was said. */
  #unsaid(request, session) {
    if (session === undefined || this.#emptied(request, session)) return;
    for (const change of session.changes) {
      if (change.flash === undefined || !sees(request, change)) continue;
      const others = session.requests.some(
        (other) => other !== request && other !== change.request && other.ended > change.begin,
      );
      must("flash at least once", others, `what ${change.request.name} said`);
    }
  }

  subject(request, session, value) {
    const logins = (session?.changes ?? []).filter(({ kind }) => kind === "login");
    if (value === undefined) {
      if (session !== undefined && !this.#emptied(request, session))
        must(LOST, !logins.some((change) => sees(request, change)), "a login");
      return;
    }
    const fit = logins.filter((change) => change.subject === value && change.possible);
    must(THEIRS, fit.length > 0, "a subject that never logged in here");
    const late = (change) =>
      logins.some((other) => change.precedes(other) && sees(request, other) && other !== change);
    must(STALE, this.plan.blind || fit.some((change) => !late(change)), "the subject");
  }
}

/** Each increment is a power of four of its own: the digits say which were applied, and how often. */
function digits({ visitor }, value = 0) {
  const found = [];
  for (let rest = value, place = 0; rest > 0; rest = Math.floor(rest / 4), place++) {
    for (let i = 0; i < rest % 4; i++) found.push(`${visitor.name}:${place}`);
  }
  return found;
}
