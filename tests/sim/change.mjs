/** What one request does to a session, as the oracle knows it: when it may have happened, and what it is then. */

export const TEXTS = ["a", "b", "c"];
export const COUNTERS = ["n", "m"];
export const LISTS = ["log"];
export const FIELDS = [...TEXTS, ...COUNTERS, ...LISTS];

export class Change {
  /** "none" before its commit, then "pending", "unknown", "done" or "refused". */
  state = "none";
  begin = Number.POSITIVE_INFINITY;
  /** When it was acknowledged: it happened before then. */
  end = Number.POSITIVE_INFINITY;
  /** Fields that are emptied first, what is set, and what is added. */
  resets = new Set();
  sets = new Map();
  adds = new Map();
  flash;
  /** "renew", "login", "end" or "revoke": what it does to the session's ids. */
  kind;
  subject;
  session;
  /** Commits behind which the flash of this one is gone. */
  spent = [];

  constructor(request) {
    this.request = request;
    this.visitor = request.visitor;
    this.isolate = request.isolate;
    this.life = request.isolate.life;
  }

  get writes() {
    return (
      this.resets.size + this.sets.size + this.adds.size > 0 ||
      this.flash !== undefined ||
      this.kind === "login"
    );
  }

  touches(field) {
    return this.resets.has(field) || this.sets.has(field) || this.adds.has(field);
  }

  set(field, value) {
    this.sets.set(field, value);
  }

  add(field, element) {
    if (!this.adds.has(field)) this.adds.set(field, []);
    this.adds.get(field).push(element);
  }

  empty(resets) {
    this.sets.clear();
    this.adds.clear();
    if (resets) for (const field of FIELDS) this.resets.add(field);
  }

  /** What was written beside an end is written to nothing. */
  nothing() {
    this.empty(false);
    this.resets.clear();
    this.flash = undefined;
  }

  /** Whether it may have happened by now. */
  get possible() {
    return this.state !== "none" && this.state !== "refused";
  }

  /** Whether it surely happened before another one. */
  precedes(other) {
    return this.end < other.begin;
  }
}
