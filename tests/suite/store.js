/** The seed's contract: init, get, put, delete, as Plug.Session.ETS has them. */
import {
  clock,
  deepEqual,
  equal,
  group,
  makeTable,
  ok,
  onlyRow,
  sharesNothing,
  T0,
  test,
  throwsCode,
  unique,
} from "./harness.js";

const ID = /^[A-Za-z0-9_-]{24}$/;

function made(lib, options = {}) {
  const time = clock();
  const t = makeTable(lib, { now: time.now, ...options });
  return { t, time, store: lib.store, config: lib.store.init({ table: t.name }) };
}

group("store", () => {
  test("init without a table is ERR_MISSING_OPTION", ({ store }) => {
    for (const options of [{}, { table: undefined }, { tabel: "typo" }]) {
      throwsCode(() => store.init(options), "ERR_MISSING_OPTION", { option: "table" });
    }
    throwsCode(() => store.init(), "ERR_MISSING_OPTION", { option: "table" });
  });

  test("init with a table that does not exist is ERR_NO_TABLE and makes none", ({ store, table }) => {
    const name = unique("none");
    throwsCode(() => store.init({ table: name }), "ERR_NO_TABLE");
    ok(!table.tables().includes(name));
  });

  test("init with what is no name is refused", ({ store }) => {
    for (const table of [5, {}, true, ["t"]]) {
      throwsCode(() => store.init({ table }), ["ERR_BAD_OPTION", "ERR_BAD_KEY", "ERR_NO_TABLE"]);
    }
  });

  test("init gives a config that names the table", (lib) => {
    const { t, config } = made(lib);
    equal(config.table, t.name);
  });

  test("get of an unknown id gives nothing and creates nothing", (lib) => {
    const { t, store, config } = made(lib);
    deepEqual(store.get("unknown", config), [null, {}]);
    equal(t.size, 0);
    equal(t.member("unknown"), false);
  });

  test("put with null mints an id, stores under it and gives it", (lib) => {
    const { t, store, config } = made(lib);
    const sid = store.put(null, { user: "ada" }, config);
    ok(ID.test(sid), "an id is not 24 base64url characters");
    deepEqual(store.get(sid, config), [sid, { user: "ada" }]);
    equal(t.size, 1);
  });

  test("put with an id stores under it and gives it, known or not", (lib) => {
    const { t, store, config } = made(lib);
    equal(store.put("mine", { a: 1, b: 2 }, config), "mine");
    deepEqual(store.get("mine", config), ["mine", { a: 1, b: 2 }]);
    equal(store.put("mine", { c: 3 }, config), "mine");
    deepEqual(store.get("mine", config), ["mine", { c: 3 }]);
    equal(t.size, 1);
  });

  test("put over a living row keeps createdAt and raises the version", (lib) => {
    const { t, time, store, config } = made(lib);
    const sid = store.put(null, { a: 1 }, config);
    const before = onlyRow(t).meta;
    time.advance(5000);
    store.put(sid, { a: 2 }, config);
    const { meta } = onlyRow(t);
    equal(meta.createdAt, T0);
    equal(meta.touchedAt, T0 + 5000);
    ok(meta.version > before.version);
  });

  test("get refreshes the timestamp and leaves the data untouched", (lib) => {
    const { t, time, store, config } = made(lib, { idle: 60 });
    const sid = store.put(null, { a: [1, 2] }, config);
    for (let i = 1; i <= 5; i++) {
      time.advance(59_999);
      deepEqual(store.get(sid, config), [sid, { a: [1, 2] }]);
      equal(onlyRow(t).meta.touchedAt, T0 + i * 59_999);
    }
    equal(onlyRow(t).meta.createdAt, T0);
    time.advance(60_000);
    deepEqual(store.get(sid, config), [null, {}]);
  });

  test("delete is ok whether or not the id was there", (lib) => {
    const { t, store, config } = made(lib);
    const sid = store.put(null, {}, config);
    const other = store.put(null, { b: 1 }, config);
    equal(store.delete(sid, config), "ok");
    equal(store.delete(sid, config), "ok");
    equal(store.delete("never there", config), "ok");
    deepEqual(store.get(sid, config), [null, {}]);
    deepEqual(store.get(other, config), [other, { b: 1 }]);
    equal(t.size, 1);
  });

  test("a get never revives what was deleted", (lib) => {
    const { t, store, config } = made(lib);
    const sid = store.put(null, { a: 1 }, config);
    store.delete(sid, config);
    store.get(sid, config);
    equal(t.size, 0);
  });

  test("data that was got is the caller's own", (lib) => {
    const { store, config } = made(lib);
    const sid = store.put(null, { list: [1] }, config);
    const [, data] = store.get(sid, config);
    data.list.push(2);
    sharesNothing(store.get(sid, config)[1], data);
    deepEqual(store.get(sid, config), [sid, { list: [1] }]);
    const [, none] = store.get("unknown", config);
    none.polluted = 1;
    deepEqual(store.get("unknown", config), [null, {}]);
  });

  test("values keep their types", (lib) => {
    const { store, config } = made(lib);
    const data = () => ({
      u: undefined,
      n: Number.NaN,
      d: new Date(5),
      m: new Map([[1n, new Set(["x"])]]),
      b: Uint8Array.of(1),
    });
    const sid = store.put(null, data(), config);
    deepEqual(store.get(sid, config)[1], data());
  });

  test("what can't be stored is refused, and nothing stored", (lib) => {
    const { t, store, config } = made(lib, { maxRowBytes: 1000 });
    throwsCode(() => store.put(null, { a: [() => {}] }, config), "ERR_UNSUPPORTED_VALUE", { path: "a[0]" });
    throwsCode(() => store.put("mine", { a: "x".repeat(2000) }, config), "ERR_ROW_TOO_LARGE", {
      limit: 1000,
    });
    equal(t.size, 0);
  });

  test("ids that are no well-formed strings are ERR_BAD_KEY", (lib) => {
    const { t, store, config } = made(lib);
    for (const sid of ["", "a\ud800", 5, {}]) {
      throwsCode(() => store.get(sid, config), "ERR_BAD_KEY");
      throwsCode(() => store.put(sid, {}, config), "ERR_BAD_KEY");
      throwsCode(() => store.delete(sid, config), "ERR_BAD_KEY");
    }
    equal(t.size, 0);
  });

  test("the table and the store see the same rows", (lib) => {
    const { t, store, config } = made(lib);
    const sid = store.put(null, { a: 1 }, config);
    deepEqual(t.lookup(sid), { a: 1 });
    t.insert("by hand", { b: 2 });
    deepEqual(store.get("by hand", config), ["by hand", { b: 2 }]);
  });

  test("over hashed keys the id still works, and no key shows it", (lib) => {
    const { t, store, config } = made(lib, { hashKeys: true });
    const sid = store.put(null, { a: 1 }, config);
    deepEqual(store.get(sid, config), [sid, { a: 1 }]);
    ok(![...t.keys()].includes(sid));
    equal(store.put(sid, { a: 2 }, config), sid);
    equal(t.size, 1);
    equal(store.delete(sid, config), "ok");
    equal(t.size, 0);
  });

  test("after the table is dropped every call is ERR_NO_TABLE", (lib) => {
    const { t, store, config } = made(lib);
    t.drop();
    throwsCode(() => store.get("k", config), "ERR_NO_TABLE");
    throwsCode(() => store.put(null, {}, config), "ERR_NO_TABLE");
    throwsCode(() => store.put("k", {}, config), "ERR_NO_TABLE");
    throwsCode(() => store.delete("k", config), "ERR_NO_TABLE");
    ok(!lib.table.tables().includes(t.name));
  });
});
