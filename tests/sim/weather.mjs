/** What happens to a world from outside: time, mad clocks, isolates that are evicted, an engine that restarts. */

/** An engine's call arrives before so much time went by. */
const SLOWEST = 60_000;
const SHORT = [1, 50, 900];
const ALL = [1, 50, 900, 5100, 11_000, 31_000, 61_000, 125_000, 1_900_000];
const JUMPS = [7000, 70_000, 2_000_000];

export class Weather {
  constructor(world) {
    this.world = world;
  }

  /** Perhaps something happens: whether it did. */
  any() {
    const { engine, isolates, plan, random, trace } = this.world;
    const chance = (of) => of > 0 && random.next() < of;
    if (chance(plan.ticks)) this.pass(random.pick(plan.lengths === "short" ? SHORT : ALL));
    else if (chance(plan.restarts)) {
      trace.add("the engine restarts");
      engine.restart();
    } else if (chance(plan.evicts)) this.evict(random.pick(isolates));
    else if (plan.clocks === "wild" && chance(0.05)) this.#mad(random.pick(isolates));
    else return false;
    return true;
  }

  pass(ms) {
    const { engine, step, times, trace } = this.world;
    // What is on its way to the engine does not take for ever.
    const late = this.world.time + ms - SLOWEST;
    if (engine.calls.some(({ state, at }) => state === "sent" && at < late)) engine.arrive();
    this.world.time += ms;
    times.push([step, this.world.time]);
    trace.add(`${ms} ms pass`);
    this.#ticked();
  }

  #ticked() {
    const { isolates, operator, oracle, requests } = this.world;
    for (const isolate of isolates) isolate.ticked();
    for (const one of requests) {
      if (!one.active) continue;
      one.ticked();
      oracle.lives.touch(one.session, one);
    }
    operator.ticked();
  }

  #mad(isolate) {
    const { random, trace } = this.world;
    const what = random.pick(["ahead", "back", "stands", "goes"]);
    if (what === "ahead") isolate.offset += random.pick(JUMPS);
    if (what === "back") isolate.offset -= random.pick(JUMPS);
    if (what === "stands") isolate.held = isolate.reading();
    if (what === "goes") isolate.held = undefined;
    trace.add(`the clock of ${isolate.name}: ${what}`);
    this.#ticked();
  }

  evict(isolate) {
    const { world } = this;
    world.trace.add(`${isolate.name} is evicted`);
    for (const one of world.requests) {
      if (!one.active || one.isolate !== isolate) continue;
      if (one.change.state === "pending") one.change.state = "unknown";
      one.phase = "done";
    }
    world.operator.died(isolate);
    if (world.plan.memory) for (const session of world.oracle.lives.sessions) session.lost = true;
    world.restarting = () => isolate.start();
  }
}
