/**
 * An engine whose every call is two steps, its effect and its answer, taken when the scheduler says so, and spoilt
 * where it says so. It knows nothing of sessions.
 */

export class Engine {
  rows = new Map();
  /** Calls on their way: to the engine ("sent") or back ("done"). */
  calls = [];
  #writings = 0;
  #made = 0;

  constructor({ guarantees, lag, forgets, random, now, fault, slow }) {
    Object.assign(this, { guarantees, lag, forgets, random, now, fault, slow });
  }

  /** The engine as one request of one life of an isolate reaches it. */
  client(context) {
    const ask = (kind, run) => this.#call(context, kind, run);
    return {
      guarantees: this.guarantees,
      read: (key) => ask("read", () => this.#read(key)),
      write: (as, writes) => ask("write", () => this.#write(as, writes)),
      ...(this.guarantees.subjects && { keysOf: (subject) => ask("keys", () => this.#keys(subject)) }),
    };
  }

  #call(context, kind, run) {
    // Who is dead asks nobody.
    if (context.isDead()) return new Promise(() => {});
    return new Promise((resolve, reject) => {
      const id = ++this.#made;
      const [fault, slow] = [this.fault(), this.slow()];
      const at = this.now();
      this.calls.push({ id, kind, context, run, resolve, reject, fault, slow, state: "sent", at });
    });
  }

  /** The row of a key now. */
  #now(key) {
    const versions = this.rows.get(key);
    const last = versions?.at(-1);
    if (last === undefined || (this.forgets && last.expiresAt <= this.now())) return undefined;
    return last;
  }

  #read(key) {
    const row = this.lag > 0 ? this.#late(key) : this.#now(key);
    return row && { bytes: row.bytes.slice(), tag: row.tag };
  }

  /** Any of what a key was since the lag began, which may be nothing. */
  #late(key) {
    const versions = this.rows.get(key) ?? [];
    const first = versions.findLastIndex(({ at }) => at + this.lag <= this.now());
    const choices = first < 0 ? [undefined, ...versions] : versions.slice(first);
    return this.random.pick(choices);
  }

  #write(as, writes) {
    if (this.guarantees.atomic && as.some(([key, tag]) => this.#now(key)?.tag !== tag)) return false;
    for (const { key, bytes, subject, expiresAt } of writes) {
      const version = { bytes: bytes.slice(), tag: ++this.#writings, subject, expiresAt, at: this.now() };
      if (this.lag > 0 && this.rows.has(key)) this.rows.get(key).push(version);
      else this.rows.set(key, [version]);
    }
    return true;
  }

  #keys(subject) {
    const keys = [];
    for (const [key, versions] of this.rows) if (versions.at(-1).subject === subject) keys.push(key);
    return keys;
  }

  /** One step of a call: its effect, or its answer. */
  advance(call) {
    if (call.state === "sent") {
      call.state = "done";
      if (call.fault === "before") call.error = "the engine is away";
      else {
        call.answer = call.run();
        if (call.fault === "after") call.error = "the answer is lost";
      }
      if (call.fault === "hang") this.#drop(call);
      return;
    }
    this.#drop(call);
    if (call.context.isDead()) return;
    if (call.error === undefined) call.resolve(call.answer);
    else call.reject(new Error(call.error));
  }

  #drop(call) {
    this.calls.splice(this.calls.indexOf(call), 1);
  }

  /** Those on their way arrive before time goes on much. */
  arrive() {
    for (const call of [...this.calls]) if (call.state === "sent") this.advance(call);
  }

  /** What was acknowledged stays, and what was written; all who wait are told nothing good. */
  restart() {
    for (const call of this.calls) {
      if (call.state === "sent") call.fault = "before";
      else call.error = "the connection is gone";
    }
  }
}
