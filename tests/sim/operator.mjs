/** Whoever lists and ends the sessions of users, beside their requests. */
import { SUBJECTS } from "./acts.mjs";
import { Change } from "./change.mjs";
import { must } from "./judge.mjs";

export class Operator {
  #asked = [];
  #made = 0;

  constructor(world) {
    this.world = world;
  }

  get asking() {
    return this.#asked.length;
  }

  ticked() {
    for (const one of this.#asked) {
      one.low = Math.min(one.low, one.isolate.time);
      one.high = Math.max(one.high, one.isolate.time);
    }
  }

  died(isolate) {
    for (const one of this.#asked) {
      if (one.isolate === isolate && one.change.state === "pending") one.change.state = "unknown";
    }
    this.#asked = this.#asked.filter((one) => one.isolate !== isolate);
  }

  #begin(isolate, what) {
    const { world } = this;
    const { life, time } = isolate;
    const asked = {
      name: `O${this.#made++}`,
      isolate,
      life,
      begin: world.step,
      began: world.time,
      low: time,
      high: time,
    };
    asked.isDead = () => isolate.life !== life;
    asked.change = new Change(asked);
    this.#asked.push(asked);
    world.trace.add(`${asked.name} at ${isolate.name}: ${what}`);
    return asked;
  }

  #end(asked) {
    this.#asked.splice(this.#asked.indexOf(asked), 1);
  }

  #wait(asked, promise, judge) {
    const { world } = this;
    const settle = (then, label) => {
      if (asked.isDead()) return;
      world.judge(() => {
        this.#end(asked);
        then();
      }, `${asked.name} ${label}`);
    };
    promise.then(
      (answer) => settle(() => judge(answer), "answered"),
      (error) => settle(() => this.#failed(asked, error), error.code ?? error.name),
    );
  }

  #failed(asked, error) {
    this.world.refusal(asked, error);
    if (asked.change.state === "pending") asked.change.state = "unknown";
  }

  asks(isolate) {
    const { random } = this.world;
    const subject = random.pick(SUBJECTS);
    const what = random.pick(["list", "revoke", "revoke", "revoke one"]);
    if (what === "list") this.list(isolate, subject);
    else if (what === "revoke") this.revoke(isolate, subject);
    else this.revokeOne(isolate, subject);
  }

  list(isolate, subject) {
    const { world } = this;
    const asked = this.#begin(isolate, "list");
    this.#wait(asked, isolate.manager.list(subject, asked), (listed) =>
      world.oracle.listed(subject, asked, listed),
    );
  }

  #revoking(isolate, what) {
    const asked = this.#begin(isolate, what);
    Object.assign(asked.change, { kind: "revoke", state: "pending", begin: this.world.step });
    return asked;
  }

  #done(asked) {
    Object.assign(asked.change, { state: "done", end: this.world.step });
  }

  revoke(isolate, subject) {
    const { oracle } = this.world;
    const asked = this.#revoking(isolate, "revoke");
    oracle.revoking(subject, asked.change);
    this.#wait(asked, isolate.manager.revoke(subject, {}, asked), () => {
      this.#done(asked);
      oracle.revoked(subject, asked.change);
    });
  }

  revokeOne(isolate, subject) {
    const { lives } = this.world.oracle;
    const { random } = this.world;
    const some = lives.maybe(subject).filter(({ hash }) => hash !== undefined);
    if (some.length === 0) return;
    const session = random.pick(some);
    const asked = this.#revoking(isolate, `revoke ${session.name}`);
    session.changes.push(asked.change);
    this.#wait(asked, isolate.manager.revoke(subject, { id: session.hash }, asked), (count) => {
      this.#done(asked);
      must("one is one at the most", count <= 1, `${count} ended`);
      if (count === 1) lives.end(session, asked.change);
      else asked.change.state = "refused";
    });
  }

  /** At the end: what is left, and then nothing. */
  audit(isolate) {
    return SUBJECTS.flatMap((subject) => [
      () => this.list(isolate, subject),
      () => this.revoke(isolate, subject),
      () => this.list(isolate, subject),
    ]);
  }
}
