/** The package over an engine that fails now and then, before its effect or behind it; whoever meets that tries again. */
import { Toy } from "../suite/toy.js";
import { random } from "./orders.mjs";
import { OursStored } from "./stored.mjs";

const TRIES = 100;

class Flaky extends Toy {
  chance = 0;
  #random;

  constructor(seed) {
    super();
    this.#random = random(seed);
  }

  async #perhaps(work) {
    const fails = this.#random.next() < this.chance;
    const before = fails && this.#random.next() < 0.5;
    if (before) throw new Error("the engine is away");
    const answer = await work();
    if (fails) throw new Error("the answer is lost");
    return answer;
  }

  read(key) {
    return this.#perhaps(() => super.read(key));
  }

  write(as, writes) {
    return this.#perhaps(() => super.write(as, writes));
  }

  keysOf(subject) {
    return this.#perhaps(() => super.keysOf(subject));
  }
}

export class OursFlaky extends OursStored {
  lossy = true;
  #seed;
  #engine;

  constructor(seed, chance) {
    super();
    this.#seed = seed;
    this.chance = chance;
  }

  engine() {
    this.#engine = new Flaky(this.#seed++);
    this.#engine.chance = this.chance;
    return this.#engine;
  }

  /** Again and again, as somebody at a browser would, until it works. */
  async #again(work) {
    for (let i = 0; i < TRIES; i++) {
      try {
        return await work();
      } catch (error) {
        if (error.code !== "ERR_STORE") throw error;
      }
    }
    throw new Error(`the engine failed ${TRIES} times`);
  }

  open(cookie) {
    return this.#again(() => super.open(cookie));
  }

  commit(session) {
    return this.#again(() => super.commit(session));
  }

  list(subject) {
    return this.#again(() => super.list(subject));
  }

  revoke(subject) {
    return this.#again(() => super.revoke(subject));
  }

  /** Whoever keeps the account is not in the weather. */
  async count() {
    this.#engine.chance = 0;
    const count = await super.count();
    this.#engine.chance = this.chance;
    return count;
  }

  events() {
    return super.events().filter((type) => type !== "store-error");
  }
}
