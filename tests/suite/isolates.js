/** Several isolates, each with a table of its own, before one store. */
import { client } from "./client.js";
import { clock, unique } from "./harness.js";
import { Toy } from "./toy.js";

/** `store` changes what each isolate is given of the store; `options` are those of sessions(). */
export function isolates(lib, { options = {}, store = (given) => given, toy = new Toy() } = {}) {
  const time = clock();
  const name = unique("stored");
  const calls = [];
  const counted = (given) => {
    const made = { guarantees: given.guarantees };
    for (const method of ["load", "commit", "destroy", "bySubject"]) {
      if (given[method] === undefined) continue;
      made[method] = (...args) => {
        calls.push(method);
        return given[method](...args);
      };
    }
    return made;
  };
  const isolate = () => {
    const events = [];
    const kept = store(counted(lib.stores.storeOver(toy, time.now)));
    const table = lib.table.createTable(unique(name), { hashKeys: true, now: time.now });
    const manager = lib.sessions({
      table,
      store: kept,
      now: time.now,
      onEvent: (event) => events.push(event),
      ...options,
    });
    return { manager, events, table, browser: client(manager) };
  };
  /** The same visitor at another isolate. */
  const moved = (from, to) => {
    const visitor = client(to.manager);
    for (const [name, value] of from.jar) visitor.jar.set(name, value);
    return visitor;
  };
  return { time, toy, calls, isolate, moved };
}
