/** Time and chance as the package finds them, put under the scheduler's rule from outside while a world runs. */
import { random } from "../schedule/orders.mjs";

const { setTimeout, clearTimeout, setImmediate } = globalThis;
const dateNow = Date.now;
const mathRandom = Math.random;
const draw = crypto.getRandomValues;

/** Until all that can happen without an answer, a timer or another step has happened. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Timers by the simulated clock. `owner` says whose a timer is that is set now. */
export class Timers {
  #made = 0;
  #set = new Map();

  constructor(now) {
    this.now = now;
  }

  set = (run, after = 0) => {
    const id = ++this.#made;
    this.#set.set(id, { id, run, at: this.now() + after });
    return id;
  };

  clear = (id) => {
    this.#set.delete(id);
  };

  due() {
    const now = this.now();
    const due = [];
    for (const timer of this.#set.values()) if (timer.at <= now) due.push(timer);
    return due;
  }

  /** When the next is due; undefined where none is set. */
  next() {
    let next;
    for (const { at } of this.#set.values()) if (next === undefined || at < next) next = at;
    return next;
  }

  fire(timer) {
    this.#set.delete(timer.id);
    timer.run();
  }
}

export function take(timers, seed) {
  const chance = random(seed ^ 0x5bd1e995);
  const bytes = random(seed ^ 0x1b873593);
  globalThis.setTimeout = timers.set;
  globalThis.clearTimeout = timers.clear;
  Date.now = timers.now;
  Math.random = chance.next;
  crypto.getRandomValues = (to) => {
    const view = new Uint8Array(to.buffer, to.byteOffset, to.byteLength);
    for (let i = 0; i < view.length; i++) view[i] = bytes.below(256);
    return to;
  };
}

export function giveBack() {
  globalThis.setTimeout = setTimeout;
  globalThis.clearTimeout = clearTimeout;
  Date.now = dateNow;
  Math.random = mathRandom;
  crypto.getRandomValues = draw;
}
