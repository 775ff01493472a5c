/** One request of a visitor: opened, worked on and committed, a step at a time and when the scheduler says so. */
import { ACTS } from "./acts.mjs";
import { Change } from "./change.mjs";
import { must } from "./judge.mjs";

const URL = "https://shop.test/";
/** As often a commit is tried again whose outcome is unknown. */
const TRIES = 3;

const asking = (cookie) => ({
  url: URL,
  method: "GET",
  headers: { get: (name) => (name.toLowerCase() === "cookie" ? (cookie ?? null) : null) },
});

export class Request {
  phase = "opening";
  saw = new Set();
  /** The fields that it wrote at any time, which it may see as it wrote them. */
  own = new Set();
  /** Whether nothing of it is to be stored. */
  voided = false;
  status = 200;
  tries = 0;
  ended = Number.POSITIVE_INFINITY;
  #commit;

  constructor(world, visitor, isolate, { cookie, handled, left }) {
    Object.assign(this, { world, visitor, isolate, handled, left });
    this.name = `R${world.requests.length}`;
    this.life = isolate.life;
    this.begin = world.step;
    this.began = world.time;
    this.low = isolate.time;
    this.high = isolate.time;
    this.early = isolate.written;
    this.late = isolate.written;
    this.presented = cookie !== undefined;
    this.id = cookie?.slice(0, 24);
    this.change = new Change(this);
    world.window(this);
    const request = asking(cookie === undefined ? undefined : `__Host-sid=${cookie}`);
    const { manager } = isolate;
    if (handled) this.#handle(manager, request);
    else
      manager.open(request, this).then(
        (session) => this.#opened(session),
        (error) => this.#failed(error),
      );
  }

  isDead() {
    return this.life !== this.isolate.life;
  }

  get active() {
    return this.phase !== "done";
  }

  /** Whether it does something as soon as it is told to. */
  get ready() {
    return this.phase === "open";
  }

  ticked() {
    const { time, written } = this.isolate;
    this.low = Math.min(this.low, time);
    this.high = Math.max(this.high, time);
    this.early = Math.min(this.early, written);
    this.late = Math.max(this.late, written);
  }

  #handle(manager, request) {
    const handler = (_request, session) =>
      new Promise((resolve) => {
        this.#commit = resolve;
        this.#opened(session);
      });
    manager
      .handle(handler)(request, this)
      .then(
        (response) => this.#answered(response),
        (error) => this.#failed(error),
      );
  }

  /** What the package did at once is judged in the scheduler's step. */
  #opened(session) {
    if (this.isDead()) return;
    this.session0 = session;
    this.phase = "open";
    this.world.judge(() => this.world.oracle.opened(this), `${this.name} opened`);
  }

  #failed(error) {
    if (this.isDead()) return;
    this.world.judge(() => this.#refused(error), `${this.name} ${error.code ?? error.name}`);
  }

  #refused(error) {
    this.world.refusal(this, error);
    this.ticked();
    const again = this.phase === "committing" && error.code === "ERR_STORE" && !this.handled;
    this.world.oracle.failed(this, error.code);
    if (again && this.tries < TRIES && this.world.random.next() < 0.6) this.phase = "open";
    else this.finish();
  }

  finish() {
    this.phase = "done";
    this.ended = this.world.step;
  }

  /** The next thing that the application does. */
  advance() {
    const { world } = this;
    if (this.left > 0 && this.tries === 0) {
      this.left--;
      world.acting(this);
      return;
    }
    this.tries++;
    this.phase = "committing";
    this.ticked();
    this.voided ||=
      this.status >= 500 && world.plan.options.saveOnError !== true && this.change.kind !== "end";
    world.oracle.committing(this);
    // A repeated commit may be told of what it did not want to write, such as flash that is over.
    const told = this.change.writes || this.change.kind === "renew" || this.tries > 1;
    this.hashed = told && this.change.kind !== "end" ? this.session0.id : undefined;
    world.trace.add(`${this.name} commits`);
    const response = new Response(null, { status: this.status });
    if (this.handled) this.#commit(response);
    else
      this.isolate.manager.commit(this.session0, response).then(
        (r) => this.#answered(r),
        (e) => this.#failed(e),
      );
  }

  #answered(response) {
    if (this.isDead()) return;
    const lines = response.headers.getSetCookie();
    this.world.judge(() => this.#done(lines), `${this.name} answered${lines.length > 0 ? ", a cookie" : ""}`);
  }

  #done(lines) {
    const { isolate, visitor, world } = this;
    this.ticked();
    this.finish();
    must("one cookie at the most", lines.length <= 1, `${lines.length} of them`);
    const [, cookie, rest] = /^__Host-sid=([^;]*)(.*)$/.exec(lines[0] ?? "") ?? [];
    this.deleted = rest?.includes("Max-Age=0") ?? false;
    const id = this.deleted ? undefined : cookie?.slice(0, 24);
    this.hash = this.session0.id;
    const gone = this.hashed !== undefined && isolate.told("gone", this.hashed);
    const created = this.hash !== undefined && isolate.told("created", this.hash);
    const met = this.session;
    world.oracle.committed(this, { id, gone, created });
    if (this.deleted) visitor.jar = undefined;
    else if (cookie !== undefined) visitor.given(cookie);
    world.trace.add(
      `${this.name} ${gone ? "gone" : created ? "created" : "done"} ${(this.change.session ?? met)?.name ?? ""}`,
    );
  }

  act(kind, value = 1) {
    ACTS[kind](this, value);
  }
}
