/** The package as built, through what it exports. */
import { sessions } from "ets-session";

const URL = "https://shop.test/";
let made = 0;

/** What sessions() asks of a request; a real one costs more than all the rest. */
const light = (cookie) => ({
  url: URL,
  method: "GET",
  headers: { get: (name) => (name.toLowerCase() === "cookie" ? (cookie ?? null) : null) },
});

const real = (cookie) => new Request(URL, cookie === undefined ? {} : { headers: { cookie } });

export class Ours {
  #request;
  #manager;
  #told = [];

  constructor({ requests } = {}) {
    this.#request = requests === "real" ? real : light;
  }

  begin(now) {
    this.#told = [];
    const onEvent = ({ type }) => this.#told.push(type);
    this.#manager = this.make({ now, onEvent });
  }

  make(options) {
    return sessions({ ...options, table: `schedule-${++made}` });
  }

  /** The table, for who wants to do harm. */
  get table() {
    return this.#manager.table;
  }

  end() {
    this.#manager.table.drop();
  }

  open(cookie) {
    return this.#manager.open(this.#request(cookie && `__Host-sid=${cookie}`));
  }

  async commit(session) {
    const response = await this.#manager.commit(session, new Response(null));
    const lines = response.headers.getSetCookie();
    if (lines.length > 1) throw new Error("two cookies of ours");
    const [, value, rest] = /^__Host-sid=([^;]*)(.*)$/.exec(lines[0] ?? "") ?? [];
    const deleted = rest?.includes("Max-Age=0") ?? false;
    return { cookie: deleted ? undefined : value, deleted };
  }

  /** The types of what was told since the last time. */
  events() {
    return this.#told.splice(0);
  }

  revoke(subject) {
    return this.#manager.revoke(subject);
  }

  list(subject) {
    return this.#manager.list(subject);
  }

  count() {
    return this.#manager.table.count();
  }

  account() {
    const { table } = this.#manager;
    table.sweep();
    return { size: table.info().size, count: table.count() };
  }
}
