/**
 * What `wasm-pack build` makes, held against the package's own store: the same contract, value by value.
 * Both are driven through the same list; wherever one stores or refuses, the other must do so too.
 */
import { readFileSync } from "node:fs";
import * as packaged from "ets-session/store";
import { createTable } from "ets-session/table";
import * as module from "../../target/wasm-pack/ets_session.js";
import { collect, print } from "../runtimes/report.mjs";
import { deepEqual, equal, group, runAll, test } from "../suite/harness.js";
import { terms } from "../suite/terms.js";

module.initSync({
  module: readFileSync(new URL("../../target/wasm-pack/ets_session_bg.wasm", import.meta.url)),
});
module.createTable("session", undefined);
createTable("session");
// The one name that wasm-bindgen can't give a function.
const plain = { ...module, delete: module._delete };
const both = { plain, packaged };
const config = Object.fromEntries(
  Object.entries(both).map(([name, s]) => [name, s.init({ table: "session" })]),
);

/** What a call gives, or the code and path under which it refuses. */
function outcome(call) {
  try {
    return { gives: call() };
  } catch (error) {
    return { code: error.code, path: error.path ?? error.details?.path };
  }
}

class Cart {}
const cycle = { inner: {} };
cycle.inner.back = cycle;
const refused = {
  "a function": { value: () => {}, path: "value" },
  "a symbol": { value: Symbol("s"), path: "value" },
  "a class's instance": { value: [1, new Cart()], path: "value[1]" },
  "a regular expression": { value: { a: [/x/] }, path: "value.a[0]" },
  "an array with a hole": { value: Object.assign([], { length: 2 }), path: "value[0]" },
  "an ill-formed string": { value: { deep: "a\ud800" }, path: "value.deep" },
  "a getter that throws": {
    value: Object.defineProperty({}, "bad", { enumerable: true, get: () => JSON.parse("{") }),
    path: "value.bad",
  },
  "an error": { value: { error: new Error("e") }, path: "value.error" },
};

function each(call) {
  return Object.fromEntries(
    Object.entries(both).map(([name, store]) => [name, outcome(() => call(store, config[name]))]),
  );
}

group("plain store", () => {
  for (const [name, made] of Object.entries(terms)) {
    const value = made();
    test(`${name}: comes back equal from both`, () => {
      const { plain: a, packaged: b } = each((store, c) => store.get(store.put("k", { value }, c), c));
      deepEqual(a, { gives: ["k", { value }] });
      deepEqual(b, a);
    });
  }
  for (const [name, { value, path }] of Object.entries(refused)) {
    test(`${name}: refused by both, with the same path, and nothing is stored`, () => {
      each((store, c) => store.delete("r", c));
      const { plain: a, packaged: b } = each((store, c) => store.put("r", { before: 1, value }, c));
      deepEqual(a, { code: "ERR_UNSUPPORTED_VALUE", path });
      deepEqual(b, a);
      const after = each((store, c) => store.get("r", c));
      deepEqual(after, { plain: { gives: [null, {}] }, packaged: { gives: [null, {}] } });
    });
  }
  test("init: a table is required, and must exist", () => {
    for (const [options, code] of [
      [{}, "ERR_MISSING_OPTION"],
      [undefined, "ERR_MISSING_OPTION"],
      [{ table: "nowhere" }, "ERR_NO_TABLE"],
    ]) {
      const { plain: a, packaged: b } = each((store) => store.init(options));
      equal(a.code, code);
      equal(b.code, code);
    }
  });
  test("an unknown id gives null and nothing, and creates nothing", () => {
    for (let i = 0; i < 2; i++) {
      const got = each((store, c) => store.get("unknown", c));
      deepEqual(got, { plain: { gives: [null, {}] }, packaged: { gives: [null, {}] } });
    }
  });
  test("null gets a fresh id of 24 base64url characters, each time another", () => {
    const ids = each((store, c) => [store.put(null, { n: 1 }, c), store.put(null, { n: 2 }, c)]);
    for (const { gives } of Object.values(ids)) {
      equal(
        gives.every((id) => /^[\w-]{24}$/.test(id)),
        true,
      );
      equal(new Set(gives).size, 2);
    }
  });
  test("an id is stored under as it is, over what was there", () => {
    const got = each((store, c) => [
      store.put("own", { n: 1 }, c),
      store.put("own", { m: 2 }, c),
      store.get("own", c),
    ]);
    deepEqual(got.plain, { gives: ["own", "own", ["own", { m: 2 }]] });
    deepEqual(got.packaged, got.plain);
  });
  test("delete says ok either way", () => {
    const got = each((store, c) => [store.delete("own", c), store.delete("own", c), store.get("own", c)]);
    deepEqual(got.plain, { gives: ["ok", "ok", [null, {}]] });
    deepEqual(got.packaged, got.plain);
  });
  test("keys that are no keys are refused by both", () => {
    for (const sid of ["", "a\ud800", 5, {}]) {
      const { plain: a, packaged: b } = each((store, c) => store.get(sid, c));
      equal(a.code, "ERR_BAD_KEY");
      equal(b.code, "ERR_BAD_KEY");
    }
  });
});

print("plain store", await collect(runAll, {}));
