/** The package over a store: the same promises, kept somewhere else. */
import { sessions } from "ets-session";
import { storeOver } from "ets-session/stores";
import { Toy } from "../suite/toy.js";
import { Ours } from "./ours.mjs";

let made = 0;

export class OursStored extends Ours {
  asMet = true;
  #toy;
  #store;

  make(options) {
    this.#toy = this.engine();
    this.#store = storeOver(this.#toy, options.now);
    return sessions({ ...options, table: `stored-${++made}`, store: this.#store });
  }

  engine() {
    return new Toy();
  }

  async count() {
    const found = await Promise.all([...this.#toy.rows.keys()].map((key) => this.#store.load(key)));
    return found.filter((kept) => kept !== null && !("ended" in kept)).length;
  }

  async account() {
    const count = await this.count();
    return { size: count, count };
  }
}
