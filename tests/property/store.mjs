/** init, get, put and delete, as spec'd by Plug.Session.ETS, beside the table under them. */
import fc from "fast-check";
import { counted, deepEqual, equal, ok, refuses, T0, unique } from "./check.mjs";
import { noKey, noRow, refused } from "./refused.mjs";
import { copy, put, row } from "./values.mjs";

const ID = /^[A-Za-z0-9_-]{24}$/;
const IDLE = 60_000;

/** An id of one's own, or the number of one that was minted. */
const sid = fc.oneof(
  fc.constantFrom("mine", "A".repeat(24), "ключ", "a b/=+", "__proto__"),
  fc.nat(5),
  fc.nat(5),
);

const operation = fc.oneof(
  fc.tuple(fc.constant("mint"), row),
  fc.tuple(fc.constant("put"), sid, row),
  fc.tuple(fc.constant("put"), sid, row),
  fc.tuple(fc.constant("get"), sid),
  fc.tuple(fc.constant("get"), sid),
  fc.tuple(fc.constant("delete"), sid),
  fc.tuple(fc.constant("advance"), fc.constantFrom(1, 1000, IDLE - 1, IDLE)),
  fc.tuple(fc.constant("badId"), noKey, row),
  fc.tuple(fc.constant("badRow"), sid, noRow),
  fc.tuple(fc.constant("badValue"), sid, refused),
  fc.tuple(fc.constant("badInit"), fc.constantFrom({}, undefined, null, { table: undefined })),
  fc.tuple(fc.constant("noTable"), fc.constantFrom("none", "", "__proto__", 5, null)),
);

function play(lib, hashKeys, operations) {
  let time = T0;
  const table = lib.table.createTable(unique("store"), { idle: 60, hashKeys, now: () => time });
  const { init, get, put: store, delete: remove } = lib.store;
  // Other options are none of its business.
  const config = init({ table: table.name, max_age: 5 });
  const rows = new Map();
  const minted = [];
  const idOf = (id) => (typeof id === "number" ? (minted[id] ?? `unknown-${id}`) : id);
  const living = () => {
    for (const [id, { touched }] of rows) if (time - touched >= IDLE) rows.delete(id);
    return rows;
  };
  const step = {
    mint(data) {
      const id = store(null, data, config);
      ok(
        ID.test(id) && !rows.has(id) && !minted.includes(id),
        "an id that is minted is 24 characters, and new",
      );
      minted.push(id);
      rows.set(id, { data: copy(data), touched: time });
    },
    put(given, data) {
      const id = idOf(given);
      equal(store(id, data, config), id, "put");
      rows.set(id, { data: copy(data), touched: time });
    },
    get(given) {
      const id = idOf(given);
      const there = living().get(id);
      const found = get(id, config);
      if (there === undefined) return deepEqual(found, [null, {}], "get of an unknown id");
      there.touched = time;
      deepEqual(found, [id, there.data], "get");
      // What is handed out is the caller's.
      put(found[1], "planted", 1);
      return undefined;
    },
    delete(given) {
      equal(remove(idOf(given), config), "ok", "delete");
      rows.delete(idOf(given));
    },
    advance(ms) {
      time += ms;
    },
    badId(id, data) {
      refuses(lib, () => get(id, config), "ERR_BAD_KEY");
      refuses(lib, () => remove(id, config), "ERR_BAD_KEY");
      if (id !== null) refuses(lib, () => store(id, data, config), "ERR_BAD_KEY");
    },
    badRow(id, { value }) {
      refuses(lib, () => store(idOf(id), value, config), "ERR_UNSUPPORTED_VALUE");
      refuses(lib, () => store(null, value, config), "ERR_UNSUPPORTED_VALUE");
    },
    badValue(id, { value }) {
      refuses(lib, () => store(idOf(id), { a: 1, value }, config), "ERR_UNSUPPORTED_VALUE");
      refuses(lib, () => store(null, { value }, config), "ERR_UNSUPPORTED_VALUE");
    },
    badInit(options) {
      refuses(lib, () => init(options), "ERR_MISSING_OPTION");
    },
    noTable(name) {
      const tables = lib.table.tables();
      refuses(lib, () => init({ table: name }), "ERR_NO_TABLE", "ERR_BAD_OPTION");
      deepEqual(lib.table.tables(), tables, "tables");
    },
  };
  try {
    for (const [name, ...args] of operations) {
      counted.operations++;
      step[name](...args);
      equal(table.count(), living().size, "rows");
      for (const [id, { data }] of rows) deepEqual(table.peek(id), data, "row");
    }
  } finally {
    table.drop();
  }
  refuses(lib, () => get("mine", config), "ERR_NO_TABLE");
  refuses(lib, () => store(null, {}, config), "ERR_NO_TABLE");
}

export default {
  name: "store",
  runs: 150,
  property: (lib) =>
    fc.property(
      fc.boolean(),
      fc.array(operation, { minLength: 1, maxLength: 30, size: "max" }),
      (hashKeys, all) => play(lib, hashKeys, all),
    ),
};
