/** An isolate: a copy of the package with a table and a clock of its own, started again when it was evicted. */

const warm = { isDead: () => false, warm: true };
/** As little as a clock may go back unnoticed, in ms. */
const SLACK = 1000;

export class Isolate {
  life = 0;
  born = 0;
  /** Ahead of the true time by so many ms; it stands still where a reading is held. */
  offset = 0;
  held;
  /** The latest reading that the package was given in this life. */
  seen = 0;
  /** From which step on the clock reads how much. */
  readings = [];
  events = [];

  constructor(world, at, pack) {
    Object.assign(this, { world, at, pack, name: `I${at}` });
  }

  reading() {
    return this.held ?? this.world.time + this.offset;
  }

  /** By which it is judged what is over: it does not go back as long as the package lives. */
  get time() {
    return Math.max(this.reading(), this.seen);
  }

  /** By which others' rows are prolonged and renewed: a store is told what the clock reads. */
  get written() {
    return this.world.plan.memory ? this.time : this.reading();
  }

  /** Somebody looks whenever the clock was set, so that the package has seen every time there was. */
  look() {
    if (this.world.plan.memory) return this.manager?.table.count();
    // What works with stores is loaded with the first question; a world has no time for that.
    return this.manager?.list("nobody", warm);
  }

  ticked() {
    const { seen } = this;
    const reading = this.reading();
    const looked = this.look();
    this.seen = Math.max(seen, reading);
    // How old an answer is, a clock that went back can't tell: until it has caught up, everything is asked for again.
    if (reading < seen - SLACK) this.readings = [];
    if (this.readings.length > 0 || reading > seen) this.readings.push([this.world.step, this.time]);
    return looked;
  }

  /** The first step whose state may still be served by what was said `maxStale` ago. */
  since(maxStale) {
    const after = this.time - maxStale;
    const first = this.readings.find(([, reading]) => reading >= after);
    return Math.max(this.born, first?.[0] ?? Number.POSITIVE_INFINITY);
  }

  async start() {
    const { world } = this;
    this.manager?.table.drop();
    this.manager = undefined;
    this.life++;
    this.born = world.step;
    this.seen = 0;
    this.readings = [];
    this.events = [];
    const { life } = this;
    const now = () => {
      const reading = this.reading();
      if (life === this.life) this.seen = Math.max(this.seen, reading);
      return reading;
    };
    this.now = now;
    this.manager = this.pack.sessions({
      ...world.plan.options,
      now,
      onEvent: (event) => {
        if (life === this.life) this.events.push(event);
      },
      ...(world.plan.memory ? {} : { store: (env) => this.store(env) }),
    });
    const looked = this.ticked();
    world.harm.table?.(this.manager.table, world);
    await looked;
  }

  store(context) {
    const { world, now, pack } = this;
    if (context.warm) return { ...idle, guarantees: world.plan.guarantees };
    const store = pack.storeOver(world.engine.client(context), now);
    return world.harm.store?.(store, world) ?? store;
  }

  /** Whether an event of this type and hash was told; it is taken. */
  told(type, id) {
    const at = this.events.findIndex((event) => event.type === type && event.id === id);
    if (at < 0) return false;
    this.events.splice(at, 1);
    return true;
  }

  stop() {
    this.manager?.table.drop();
    this.manager = undefined;
    this.life++;
  }
}

const idle = {
  load: async () => null,
  commit: async () => "gone",
  destroy: async () => false,
  bySubject: async () => [],
};
