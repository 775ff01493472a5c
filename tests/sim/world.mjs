/** One world: a scheduler that owns all that happens, a step at a time, and an oracle that looks at each. */
import { random } from "../schedule/orders.mjs";
import { audit } from "./audit.mjs";
import { Engine } from "./engine.mjs";
import { giveBack, settled, Timers, take } from "./globals.mjs";
import { Isolate } from "./isolate.mjs";
import { Broken, must } from "./judge.mjs";
import { Operator } from "./operator.mjs";
import { Oracle } from "./oracle.mjs";
import { Request } from "./request.mjs";
import { Trace } from "./trace.mjs";
import { Visitor } from "./visitor.mjs";
import { Weather } from "./weather.mjs";

const START = 1_700_000_000_000;
/** Nobody waits for more steps than that. */
const MOST_STEPS = 20_000;

const WEIGHTS = [
  ["look", 10],
  ["set", 8],
  ["increment", 9],
  ["append", 5],
  ["whose", 4],
  ["flashed", 5],
  ["flash", 3],
  ["delete", 3],
  ["renew", 3],
  ["login", 4],
  ["clear", 1],
  ["logout", 1.5],
  ["everywhere", 0.7],
  ["destroy", 1],
  ["ignore", 1],
  ["fail", 1],
].flatMap(([kind, weight]) => Array.from({ length: weight * 10 }, () => kind));

const CODES = new Set(["ERR_STORE", "ERR_CONFLICT", "ERR_TABLE_FULL", "ERR_ROW_TOO_LARGE"]);

export class World {
  time = START;
  step = 0;
  values = 0;
  requests = [];
  times = [[0, START]];
  #judged = [];
  #unhandled = [];

  constructor(seed, plan, packages, { trace = false, harm = {} } = {}) {
    Object.assign(this, { seed, plan, harm });
    plan.blind = plan.kind === "blind";
    this.random = random(seed ^ 0x2545f491);
    this.trace = new Trace(trace);
    this.timers = new Timers(() => this.time);
    this.engine = new Engine({
      guarantees: plan.guarantees,
      lag: plan.lag,
      forgets: plan.forgets,
      random: this.random,
      now: () => this.time,
      fault: () => this.#fault(),
      slow: () => !this.healthy && this.random.next() < plan.slow,
    });
    this.isolates = packages.slice(0, plan.isolates).map((pack, at) => new Isolate(this, at, pack));
    if (plan.clocks !== "one") for (const one of this.isolates) one.offset = this.random.below(10_000) - 5000;
    this.visitors = Array.from({ length: plan.visitors }, (_, at) => new Visitor(at));
    this.oracle = new Oracle(this);
    this.operator = new Operator(this);
    this.weather = new Weather(this);
  }

  #fault() {
    if (this.healthy) return undefined;
    const { before, after, hang } = this.plan;
    const drawn = this.random.next();
    if (drawn < before) return "before";
    if (drawn < before + after) return "after";
    return drawn < before + after + hang ? "hang" : undefined;
  }

  /** What is found out between two steps is judged in its order, in the step that led to it. */
  judge(judge, label) {
    this.#judged.push([judge, label]);
  }

  async play() {
    const unhandled = () => this.#unhandled.push("a rejection that nobody handled");
    process.on("unhandledRejection", unhandled);
    take(this.timers, this.seed);
    try {
      for (const isolate of this.isolates) await isolate.start();
      for (;;) {
        const more = this.#next();
        await this.settle();
        if (!more) break;
      }
      await audit(this);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      this.broken = error;
    } finally {
      for (const isolate of this.isolates) isolate.stop();
      giveBack();
      process.off("unhandledRejection", unhandled);
    }
    return { digest: this.trace.digest, steps: this.step, broken: this.broken, trace: this.trace.lines };
  }

  async settle() {
    await this.restarting?.();
    this.restarting = undefined;
    await settled();
    while (this.#judged.length > 0) {
      const [judge, label] = this.#judged.shift();
      this.trace.add(label);
      judge();
    }
    must("no rejection unhandled", this.#unhandled.length === 0, this.#unhandled[0]);
    this.#accounted();
  }

  /** The budget holds after every step, and every row that ever was is accounted for. */
  #accounted() {
    for (const { manager } of this.isolates) {
      const { size, bytes, maxBytes, inserted, deleted, expired, evicted } = manager.table.info();
      if (bytes > maxBytes) must("budget held", false, `${bytes} of ${maxBytes} bytes`);
      if (inserted - deleted - expired - evicted !== size) must("exact accounting", false, `${size} rows`);
    }
  }

  /** Takes one step; false when nothing is left to be done. */
  #next() {
    this.step++;
    must("an end of it", this.step < MOST_STEPS, "no end of it");
    const active = this.requests.filter((one) => one.active);
    const { plan, random } = this;
    const coming = this.requests.length < plan.requests;
    const due = this.timers.due();
    const { calls } = this.engine;
    const ready = active.filter((one) => one.ready);
    const weather = coming || active.length > 0;
    if (weather && coming && this.weather.any()) return true;
    const may = [];
    if (coming && active.length + this.operator.asking < plan.abreast) may.push("come");
    if (ready.length > 0) may.push("act", "act");
    if (calls.length > 0) may.push("engine", "engine", "engine");
    if (due.length > 0) may.push("timer");
    if (may.length === 0) {
      const next = this.timers.next();
      if (next !== undefined) this.weather.pass(next - this.time);
      else
        must(
          "every request has an answer",
          active.length === 0 && this.operator.asking === 0,
          "one has none",
        );
      return next !== undefined;
    }
    const what = random.pick(may);
    if (what === "come") this.#come();
    else if (what === "act") random.pick(ready).advance();
    else if (what === "timer") this.timers.fire(random.pick(due));
    else this.advance(this.#swift(calls));
    return true;
  }

  /** Some calls take far longer than others: what happens meanwhile is what orders alone seldom show. */
  #swift(calls) {
    const call = this.random.pick(calls);
    return call.slow && this.random.next() < 0.9 ? this.random.pick(calls) : call;
  }

  advance(call) {
    const { kind, state, context, fault } = call;
    this.trace.add(
      `${context.name} ${kind} ${state === "sent" ? "arrives" : "returns"}${fault ? ` (${fault})` : ""}`,
    );
    this.engine.advance(call);
  }

  #come() {
    const { random, visitors, isolates } = this;
    const isolate = random.pick(isolates);
    if (random.next() < 0.1 && this.plan.guarantees.subjects) {
      this.operator.asks(isolate);
      return;
    }
    const visitor = random.pick(visitors);
    const cookie = visitor.cookie(random);
    const handled = random.next() < 0.3;
    const request = new Request(this, visitor, isolate, { cookie, handled, left: random.below(5) });
    this.requests.push(request);
    const whose = this.oracle.lives.ids.get(request.id)?.name ?? (cookie ? "a strange id" : "no id");
    this.trace.add(`${request.name}: ${visitor.name} at ${isolate.name} with ${whose}`);
  }

  acting(request) {
    const kind = this.random.pick(WEIGHTS);
    const lengths = this.plan.squeezed ? [0, 30, 300] : [0, 0, 30];
    const value = kind === "set" ? this.random.pick(lengths) : this.random.below(3);
    this.trace.add(`${request.name} ${kind}`);
    request.act(kind, value);
  }

  /** From when on a request sees all that was done: here, and in other isolates. */
  window(request) {
    const { plan } = this;
    request.here = request.begin;
    request.since = request.begin;
    if (plan.memory) return;
    const { maxStale } = plan.options;
    request.since = Math.min(
      request.here,
      maxStale > 0 ? request.isolate.since(maxStale * 1000) : request.begin,
    );
    // Of an id that is renewed elsewhere this isolate hears nothing by what it does under the new one.
    if (this.oracle.lives.moved(request.id)) request.here = request.since;
    if (plan.lag > 0) {
      const seen = this.times.findLast(([, time]) => time <= this.time - plan.lag)?.[0] ?? 0;
      request.since = Math.min(request.since, seen);
      request.here = request.since;
    }
  }

  refusal(request, error) {
    const { code } = error;
    must(
      "every refusal has a known code",
      error.name === "EtsError" && CODES.has(code),
      `${code ?? error.name}: ${error.message}`,
    );
    if (code === "ERR_TABLE_FULL" || code === "ERR_ROW_TOO_LARGE") {
      must("room is refused where there is none", this.plan.memory && this.plan.squeezed, code);
    }
    if (code === "ERR_CONFLICT")
      must("conflicts are asked for", this.plan.options.onConflict === "throw", code);
    const lossy = !this.plan.calm || (request.everywhere !== undefined && !this.plan.guarantees.subjects);
    if (code === "ERR_STORE") must("nothing fails in good weather", lossy && !this.plan.memory, code);
  }
}
