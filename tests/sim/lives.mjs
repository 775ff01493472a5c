/** Which sessions there are, as long as which clock says, and which ids lead to them: the oracle's other half. */
import { sees } from "./fields.mjs";
import { must } from "./judge.mjs";

/** For so long at least an end and a renewal are known. */
const KNOWN = 100_000;

/** A session, as those see it who may only look at cookies. */
class Session {
  changes = [];
  requests = [];
  /** Where it was taken for expired. */
  expired = [];
  /** From which step on it is surely over, and who said so. */
  over;
  /** The hash that stands for it, under its last id. */
  hash;

  constructor(name, visitor) {
    Object.assign(this, { name, visitor });
  }
}

export class Lives {
  sessions = [];
  ids = new Map();

  constructor(world) {
    this.world = world;
    const { idle, absolute, renewGrace } = world.plan.options;
    const ms = (given) =>
      typeof given === "number"
        ? given * 1000
        : { "10s": 10_000, "30m": 1_800_000, "12h": 43_200_000 }[given];
    this.idle = ms(idle);
    this.absolute = ms(absolute);
    this.grace = ms(renewGrace);
  }

  begin(visitor, change) {
    const session = new Session(`S${this.sessions.length}`, visitor);
    const { low, high } = change.request;
    Object.assign(session, { low, high, touched: [low, high] });
    session.wealth = this.evicted(change.isolate);
    this.sessions.push(session);
    return session;
  }

  evicted(isolate) {
    return isolate.manager?.table.info().evicted ?? 0;
  }

  /** A request may have prolonged it as late as this. */
  touch(session, request) {
    if (session !== undefined) session.touched[1] = Math.max(session.touched[1], request.late);
  }

  /** When it may be over at the earliest, and is at the latest. */
  soonest({ low, touched }) {
    return Math.min(touched[0] + this.idle, low + this.absolute);
  }

  latest({ high, touched }) {
    return Math.min(touched[1] + this.idle, high + this.absolute);
  }

  /** Whether its time can't be over, by the clock of a request and by the engine's. */
  young(session, request) {
    const soonest = this.soonest(session);
    const { plan, time } = this.world;
    return request.high < soonest && (!plan.forgets || time < soonest);
  }

  give(id, session, change) {
    this.ids.set(id, {
      session,
      change,
      name: `${session.name}.${[...this.ids.values()].filter((one) => one.session === session).length}`,
    });
  }

  /** Whether there may be a newer id of its session. */
  moved(id) {
    const known = this.ids.get(id);
    const moves = ({ kind, possible }) => possible && (kind === "renew" || kind === "login");
    return known?.session.changes.some(
      (one) => moves(one) && one !== known.change && !one.precedes(known.change),
    );
  }

  /** Behind a renewal or a login: ids that were given before lead on for so long. */
  supersede(session, id, change) {
    const { late } = change.request;
    for (const [old, known] of this.ids) {
      if (old === id || known.session !== session || !known.change.precedes(change)) continue;
      const until = change.kind === "login" ? Number.NEGATIVE_INFINITY : late + this.grace;
      if (known.late === undefined || until < known.late.until) known.late = { change, until };
    }
  }

  /** A cookie led to a session: it may, by all that is known. */
  met(request, known) {
    const { plan } = this.world;
    must("no id adopted", known !== undefined, "an id that was not given out opens a session");
    const { session, late } = known;
    must("never another's data", session.visitor === request.visitor, "the session");
    must(
      "no expired row",
      request.low < this.latest(session),
      `served ${request.low - this.latest(session)} ms late`,
    );
    if (plan.blind) return;
    const { over } = session;
    if (over !== undefined)
      must("no revival", !sees(request, over), `of ${session.name}, ended by ${over.request.name}`);
    if (late !== undefined && request.low >= late.until) {
      const rule =
        late.change.kind === "login"
          ? "an id is dead behind a login"
          : "a renewed id is dead behind its grace";
      must(rule, !sees(request, late.change), `${known.name}, by ${late.change.request.name}`);
    }
  }

  /** A cookie led to none: there has to be a reason. */
  missed(request, known) {
    if (known === undefined) return;
    const { session, change } = known;
    const { isolate, life } = request;
    const latest = this.latest(session);
    if (request.low >= latest) session.expired.push({ isolate, life });
    const lost = this.reason(request, session, (other) => other === change || other.precedes(change));
    must("no lost session", lost !== undefined, `${known.name} leads nowhere`);
  }

  /** Why a session may be gone for a request; `harmless` are changes that don't count. */
  reason(request, session, harmless) {
    const { plan } = this.world;
    if (plan.lag > 0) return "the engine lags";
    if (session.lost) return "its isolate is gone";
    if (session.over !== undefined) return "it is over";
    const { isolate, life } = request;
    if (session.expired.some((one) => one.isolate === isolate && one.life === life))
      return "it was expired here";
    if (!this.young(session, request)) return "its time may be over";
    if (plan.memory && this.evicted(request.isolate) > session.wealth) return "it may be evicted";
    const moved = session.changes.find((one) => one.kind !== undefined && one.possible && !harmless(one));
    return moved && `${moved.request.name}: ${moved.kind}`;
  }

  /** Whether a commit may have found the session gone that its request had met. */
  excused(request, session) {
    const { change } = request;
    const harmless = (other) =>
      other === change || sees(request, other) || (other.kind === "renew" && this.known(request));
    return this.reason(request, session, harmless) !== undefined;
  }

  /** Whether a renewed id leads whoever is under way to the session still, wherever it is. */
  known(request) {
    const { plan } = this.world;
    return (
      plan.clocks !== "wild" &&
      !plan.squeezed &&
      request.high - request.low < KNOWN &&
      this.world.time - request.began < KNOWN
    );
  }

  /** Whether an end by this request finds the session, be it renewed meanwhile. */
  reaches(request, session) {
    const { change } = request;
    if (session.lost || this.world.plan.blind || this.world.plan.lag > 0 || !this.young(session, request))
      return false;
    return !session.changes.some((other) => {
      if (other === change || !other.possible || sees(request, other)) return false;
      return other.kind === "login" || (other.kind === "renew" && !this.known(request));
    });
  }

  /** It is over. Where somebody else may have ended it elsewhere, this isolate need not have heard of it. */
  end(session, change) {
    if (session.over !== undefined && session.over.end <= change.end) return;
    const { isolate } = change;
    const ends = ({ kind }) => kind === "end" || kind === "revoke";
    const others = session.changes.some((one) => ends(one) && one.possible && one.isolate !== isolate);
    session.over = others ? Object.create(change, { isolate: { value: undefined } }) : change;
  }

  /** Sessions that are surely a subject's for whoever asks from this request on. */
  of(subject, request) {
    return this.sessions.filter((session) => {
      const logins = session.changes.filter((one) => one.kind === "login" && one.possible);
      const last = logins.find(
        (one) =>
          one.state === "done" &&
          one.end < request.begin &&
          logins.every((other) => other === one || other.precedes(one)),
      );
      return last?.subject === subject && this.young(session, request) && !session.lost;
    });
  }

  /** Sessions that may be a subject's. */
  maybe(subject) {
    return this.sessions.filter(({ changes }) =>
      changes.some((one) => one.kind === "login" && one.possible && one.subject === subject),
    );
  }
}
