/** The package with one promise broken from outside: what would be seen if it broke inside. */
import { Ours } from "./ours.mjs";

export const HARMS = {
  "overwrite the row": "no lost update",
  "revive the row": "one row a session",
  "keep the old row": "one row a session",
};

export class Harmed extends Ours {
  #harm;
  #opened = new WeakMap();

  constructor(harm) {
    super();
    this.#harm = harm;
  }

  async open(cookie) {
    const session = await super.open(cookie);
    if (!session.isNew)
      this.#opened.set(session, { cookie, data: session.data, member: this.#there(cookie) });
    return session;
  }

  #there(cookie) {
    return this.table.peek(cookie) !== undefined;
  }

  async commit(session) {
    const opened = this.#opened.get(session);
    const { data } = session;
    const outcome = await super.commit(session);
    if (opened?.member && !outcome.deleted) this.#do(opened, data, outcome);
    return outcome;
  }

  #do({ cookie, data: before }, data, outcome) {
    const lives = this.#there(cookie);
    const wrote = JSON.stringify(before) !== JSON.stringify(data);
    const done = {
      "overwrite the row": () => lives && wrote && this.table.insert(cookie, data),
      "revive the row": () => !lives && wrote && !outcome.cookie && this.table.insert(cookie, data),
      "keep the old row": () => !lives && outcome.cookie && this.table.insert(cookie, data),
    };
    done[this.#harm]();
  }
}
