/** What must be true of the product in its world: told only what browsers, applications and operators can see. */
import { Change } from "./change.mjs";
import { Fields } from "./fields.mjs";
import { must } from "./judge.mjs";
import { Lives } from "./lives.mjs";

export class Oracle {
  revokings = [];

  constructor(world) {
    this.world = world;
    this.lives = new Lives(world);
    this.fields = new Fields(world.plan, this.lives);
  }

  opened(request) {
    const known = this.lives.ids.get(request.id);
    if (request.session0.isNew) return this.lives.missed(request, known);
    this.lives.met(request, known);
    request.session = known.session;
    known.session.requests.push(request);
    if (this.world.plan.memory) {
      known.session.touched[0] = Math.max(known.session.touched[0], request.early);
      known.session.wealth = this.lives.evicted(request.isolate);
    }
    this.lives.touch(known.session, request);
    return undefined;
  }

  look(request, get) {
    this.fields.read(request, request.session, get);
  }

  committing(request) {
    const { change, session } = request;
    if (change.state !== "none" || request.voided) return;
    if (change.kind === "end") change.nothing();
    change.state = "pending";
    change.begin = this.world.step;
    session?.changes.push(change);
    if (change.kind === "login" && session !== undefined) this.#threatened(session, change);
    if (change.kind === "end" && request.everywhere !== undefined) this.revoking(request.everywhere, change);
  }

  /** A login beside which its user's sessions are being ended may be ended as well. */
  #threatened(session, { subject, begin }) {
    for (const revoking of this.revokings) {
      if (revoking.subject !== subject || revoking.change.end < begin) continue;
      if (!session.changes.includes(revoking.change)) session.changes.push(revoking.change);
    }
  }

  /** Whoever may be meant by it may be gone from now on. */
  revoking(subject, change) {
    this.revokings.push({ subject, change });
    for (const session of this.lives.maybe(subject)) {
      if (!session.changes.includes(change)) session.changes.push(change);
    }
  }

  failed(request, code) {
    const { change, session } = request;
    this.lives.touch(session, request);
    if (change.state === "none") return;
    const unknown = code === "ERR_STORE" || change.state === "unknown";
    change.state = unknown ? "unknown" : "refused";
    if (code === "ERR_CONFLICT") {
      const others = session?.changes.some(
        (one) => one !== change && one.possible && !(one.end < request.since),
      );
      must(
        "conflicts have a reason",
        others || change.state === "unknown" || this.world.plan.lag > 0,
        "nobody else wrote",
      );
    }
  }

  /** `answer`: the id of the cookie that was set, whether it was deleted, and which events were told. */
  committed(request, answer) {
    const { change, session } = request;
    this.lives.touch(session, request);
    if (request.voided)
      return must("a response without a commit has no cookie", answer.id === undefined, "it has");
    const tried = change.state === "unknown";
    change.state = "done";
    change.end = this.world.step;
    if (answer.gone) return this.#gone(request, tried);
    if (change.kind === "end") return this.#ended(request);
    if (answer.created || session === undefined) return this.#created(request, answer);
    return this.#merged(request, answer);
  }

  #gone(request, tried) {
    const { change, session } = request;
    change.end = Number.POSITIVE_INFINITY;
    change.state = tried ? "unknown" : "refused";
    must(
      "no lost update",
      this.lives.excused(request, session),
      `${request.name} is told gone, and ${session.name} lives`,
    );
  }

  #ended(request) {
    const { change, session, everywhere, deleted } = request;
    must("an end deletes the cookie", deleted === request.presented, "it does not");
    if (everywhere !== undefined) this.revoked(everywhere, change);
    if (session !== undefined && this.lives.reaches(request, session)) this.lives.end(session, change);
  }

  /** All sessions that were a subject's before are over. */
  revoked(subject, change) {
    for (const session of this.lives.of(subject, {
      ...change.request,
      begin: change.begin,
      high: change.request.high,
    })) {
      this.lives.end(session, change);
    }
  }

  #created(request, { id, created }) {
    const { change, session, visitor } = request;
    const own = change.writes;
    must("no lost update", !own || created, `${request.name} is acknowledged, and nothing is stored`);
    if (!own) return must("no session out of nothing", !created && id === undefined, "there is one");
    must(
      "no id twice",
      id !== undefined && !this.lives.ids.has(id) && id !== request.id,
      "a created session's id",
    );
    if (session !== undefined) {
      // Behind a login that came before it, a login has a session of its own.
      must(
        "no lost update",
        this.lives.excused(request, session),
        "a session of its own beside a living one",
      );
      session.changes.splice(session.changes.indexOf(change), 1);
    }
    const made = this.lives.begin(visitor, change);
    change.session = made;
    change.resets.clear();
    made.changes.push(change);
    made.requests.push(request);
    if (change.kind === "login") this.#threatened(made, change);
    made.hash = request.hash;
    this.lives.give(id, made, change);
    return undefined;
  }

  #merged(request, { id }) {
    const { change, session } = request;
    const { over } = session;
    if (change.writes || change.kind === "renew") {
      const late = over?.precedes(change) && !this.world.plan.blind;
      must("no revival", !late, `${request.name} is written to ${session.name}, which was over`);
    }
    if (change.writes) {
      session.touched[0] = Math.max(session.touched[0], request.early);
      session.wealth = Math.max(session.wealth, this.lives.evicted(request.isolate));
    }
    // Where the session can't be found any more, nothing is taken from it, and nobody is told.
    if (!this.lives.excused(request, session)) for (const flash of request.saw) flash.spent.push(change);
    if (id === undefined) {
      must("a login has a cookie", change.kind !== "login", "it has none");
      return;
    }
    const known = this.lives.ids.get(id);
    if (known !== undefined) {
      must("never another's data", known.session === session, "the cookie of another session");
      return;
    }
    const renewing = session.changes.some(
      (one) => one.possible && (one.kind === "renew" || one.kind === "login"),
    );
    must("no id without need", renewing, "a new one for a session that nobody renewed");
    session.hash = request.hash;
    this.lives.give(id, session, change);
    if (change.kind === "renew" || change.kind === "login") this.lives.supersede(session, id, change);
  }

  /** `hashes` of those that are listed; those that surely are a subject's are among them, and none that is over. */
  listed(subject, request, listed) {
    const change = new Change(request);
    for (const { id, meta } of listed) {
      must("never another's data", meta.subject === subject, "the list of another subject");
      const session = this.lives.sessions.find(({ hash }) => hash === id);
      const late = session?.over !== undefined && sure(session.over, request);
      must("no revival", !late, `${session?.name} is listed, and was over`);
    }
    const ids = new Set(listed.map(({ id }) => id));
    for (const session of this.lives.of(subject, request)) {
      const moved = session.changes.some(
        (one) =>
          one !== change &&
          one.possible &&
          (ENDS.has(one.kind) || (one.kind !== undefined && !sure(one, request))),
      );
      const gone = moved || session.over !== undefined || this.#evicted(session, request);
      must("no lost session", gone || ids.has(session.hash), `${session.name} is not listed`);
    }
  }

  #evicted(session, { isolate }) {
    return this.world.plan.memory && this.lives.evicted(isolate) > session.wealth;
  }
}

const ENDS = new Set(["end", "revoke"]);
const sure = (change, request) => change.state === "done" && change.end < request.begin;
