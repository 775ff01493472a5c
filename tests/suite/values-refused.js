/** What a row can't hold: refused with the path to it, and nothing stored. */
import { deepEqual, equal, group, makeTable, test, throwsCode } from "./harness.js";

const CODE = "ERR_UNSUPPORTED_VALUE";

class Point {
  constructor() {
    this.x = 1;
  }
}

const cyclic = (make, close) => {
  const value = make();
  close(value, value);
  return value;
};

const sparse = () => {
  const array = [1];
  array[3] = 2;
  return array;
};

const deep = (depth, wrap = (v) => [v]) => {
  let value = 1;
  for (let i = 0; i < depth; i++) value = wrap(value);
  return value;
};

const unsupported = {
  "a function": () => () => {},
  "an async function": () => async () => {},
  "a class": () => Point,
  "a symbol": () => Symbol("s"),
  "a well-known symbol": () => Symbol.iterator,
  "a class instance": () => new Point(),
  "an object with a prototype of its own": () => Object.create({ inherited: 1 }),
  "a regular expression": () => /x/,
  "an error": () => new Error("x"),
  "a promise": () => Promise.resolve(1),
  "a WeakMap": () => new WeakMap(),
  "a URL": () => new URL("https://h.test/"),
  Headers: () => new Headers(),
  "a boxed number": () => Object(1),
  "a boxed string": () => Object("s"),
  "a boxed boolean": () => Object(false),
  "a boxed bigint": () => Object(1n),
  "a generator": () => (function* () {})(),
  "an object that holds itself": () =>
    cyclic(
      () => ({}),
      (v, self) => {
        v.self = self;
      },
    ),
  "an array that holds itself": () =>
    cyclic(
      () => [],
      (v, self) => v.push(self),
    ),
  "a Map that holds itself": () =>
    cyclic(
      () => new Map(),
      (v, self) => v.set("self", self),
    ),
  "a Map that is its own key": () =>
    cyclic(
      () => new Map(),
      (v, self) => v.set(self, 1),
    ),
  "a Set that holds itself": () =>
    cyclic(
      () => new Set(),
      (v, self) => v.add(self),
    ),
  "a cycle of two": () =>
    cyclic(
      () => ({ other: {} }),
      (v, self) => {
        v.other.back = self;
      },
    ),
  "a sparse array": sparse,
  "a hole at the end": () => new Array(3),
  "an array of a billion holes": () =>
    cyclic(
      () => [],
      (v) => {
        v[1e9] = 1;
      },
    ),
  "a getter that throws": () => ({
    get x() {
      throw new Error("canary");
    },
  }),
  "nesting 201 deep": () => deep(201),
  "objects nested 201 deep": () => deep(201, (v) => ({ v })),
  "nesting 100,000 deep": () => deep(100_000),
  "Maps nested 100,000 deep": () => deep(100_000, (v) => new Map([[1, v]])),
};

group("values refused", () => {
  for (const [name, make] of Object.entries(unsupported)) {
    test(`${name}: refused with its path, nothing stored`, (lib) => {
      const t = makeTable(lib);
      const startsWithField = (path) => typeof path === "string" && path.startsWith("v");
      throwsCode(() => t.insert("k", { a: 1, v: make() }), CODE, { path: startsWithField });
      throwsCode(() => t.insertNew("k", { v: make() }), CODE, { path: startsWithField });
      equal(t.size, 0);
      equal(t.member("k"), false);
      t.insert("k", { v: "before", b: 2 });
      throwsCode(() => t.insert("k", { v: make() }), CODE, { path: startsWithField });
      throwsCode(() => t.update("k", { b: 3, v: make() }, ["b"]), CODE, { path: startsWithField });
      deepEqual(t.lookup("k"), { v: "before", b: 2 });
    });
  }

  test("a field of the name constructor is a field like others", (lib) => {
    const t = makeTable(lib);
    const throwing = {
      get constructor() {
        throw new Error("canary");
      },
    };
    throwsCode(() => t.insert("k", throwing), CODE, { path: "constructor" });
    throwsCode(() => t.update("k", throwing), CODE, { path: "constructor" });
    equal(t.size, 0);
    for (const value of ["x", null, 1]) {
      t.insert("k", { constructor: value, v: 1 });
      deepEqual(t.lookup("k"), { constructor: value, v: 1 });
    }
  });

  test("the path leads through objects and arrays", (lib) => {
    const t = makeTable(lib);
    const bad = () => {};
    const cases = [
      [{ v: bad }, "v"],
      [{ cart: [{}, {}, { price: bad }] }, "cart[2].price"],
      [{ a: { b: { c: bad } } }, "a.b.c"],
      [{ a: [[0, bad]] }, "a[0][1]"],
    ];
    for (const [row, path] of cases) throwsCode(() => t.insert("k", row), CODE, { path });
  });

  test("inside Map and Set the path starts with the field's name", (lib) => {
    const t = makeTable(lib);
    const path = (p) => p.startsWith("field");
    throwsCode(() => t.insert("k", { field: new Map([["a", () => {}]]) }), CODE, { path });
    throwsCode(() => t.insert("k", { field: new Map([[Symbol("s"), 1]]) }), CODE, { path });
    throwsCode(() => t.insert("k", { field: new Set([Symbol("s")]) }), CODE, { path });
  });

  test("nesting up to 200 is kept", (lib) => {
    const t = makeTable(lib);
    t.insert("arrays", { v: deep(200) });
    deepEqual(t.lookup("arrays"), { v: deep(200) });
    t.insert("objects", { v: deep(200, (v) => ({ v })) });
    deepEqual(
      t.field("objects", "v"),
      deep(200, (v) => ({ v })),
    );
    t.insert("maps", { v: deep(200, (v) => new Map([[1, v]])) });
    deepEqual(
      t.lookup("maps").v,
      deep(200, (v) => new Map([[1, v]])),
    );
  });

  test("depth counts from the field, not across fields", (lib) => {
    const t = makeTable(lib);
    t.insert("k", { a: deep(150), b: [deep(100), deep(100)] });
    deepEqual(t.lookup("k"), { a: deep(150), b: [deep(100), deep(100)] });
  });

  test("what is no plain object is no row", (lib) => {
    const t = makeTable(lib);
    for (const row of [undefined, null, 5, "row", true, [1], new Map(), new Date(), new Point(), () => {}]) {
      throwsCode(() => t.insert("k", row), CODE);
      throwsCode(() => t.insertNew("k", row), CODE);
    }
    t.insert("k", { a: 1 });
    throwsCode(() => t.update("k", null), CODE);
    throwsCode(() => t.update("k", [1]), CODE);
    deepEqual(t.lookup("k"), { a: 1 });
    equal(t.size, 1);
  });

  test("after a refusal the table works on", (lib) => {
    const t = makeTable(lib);
    for (let i = 0; i < 200; i++) {
      throwsCode(() => t.insert("k", { fine: "text".repeat(i), v: [[() => {}]] }), CODE);
      t.insert(`k${i}`, { i });
      deepEqual(t.lookup(`k${i}`), { i });
    }
    equal(t.size, 200);
  });

  test("what the specification does not name is kept as it is or refused, never changed in silence", (lib) => {
    class List extends Array {}
    class Dict extends Map {}
    class Day extends Date {}
    const makers = {
      "a DataView": () => new DataView(Uint8Array.of(1, 2, 3).buffer, 1, 1),

      "a subclass of Array": () => List.from([1, 2]),
      "a subclass of Map": () => new Dict([[1, 2]]),
      "a subclass of Date": () => new Day(5),
    };
    for (const [name, make] of Object.entries(makers)) {
      const t = makeTable(lib);
      try {
        t.insert("k", { v: make() });
      } catch (error) {
        equal(error.code, CODE, name);
        equal(t.size, 0, `${name}: rows`);
        continue;
      }
      deepEqual(t.lookup("k").v, make(), name);
    }
  });

  test("a getter that answers is read like a value", (lib) => {
    const t = makeTable(lib);
    t.insert("k", {
      get v() {
        return [1, 2];
      },
    });
    deepEqual(t.lookup("k"), { v: [1, 2] });
  });
});
