/** Ids that the store mints: their shape, their randomness, and what happens without any. */
import { clock, deepEqual, equal, fail, group, makeTable, ok, test } from "./harness.js";

const ID = /^[A-Za-z0-9_-]{24}$/;

function made(lib, options = {}) {
  const time = clock();
  const t = makeTable(lib, { now: time.now, ...options });
  return { t, time, store: lib.store, config: lib.store.init({ table: t.name }) };
}

group("ids", () => {
  test("minted ids are all different and use the whole alphabet", (lib) => {
    const { store, config } = made(lib);
    const ids = new Set();
    const seen = Array.from({ length: 24 }, () => new Set());
    for (let i = 0; i < 3000; i++) {
      const sid = store.put(null, {}, config);
      ok(ID.test(sid));
      ids.add(sid);
      for (let at = 0; at < 24; at++) seen[at].add(sid[at]);
    }
    equal(ids.size, 3000);
    // By chance one of them stays out in fewer than one of 10^17 runs.
    for (let at = 0; at < 24; at++) equal(seen[at].size, 64, `characters seen at ${at}`);
  });

  test("an id says nothing about the data", (lib) => {
    const { store, config } = made(lib);
    const a = store.put(null, { same: true }, config);
    const b = store.put(null, { same: true }, config);
    let same = 0;
    for (let i = 0; i < 24; i++) if (a[i] === b[i]) same++;
    ok(same < 12, "two ids of equal data are alike");
  });

  test("an id that comes up again is never stored twice: another is drawn, or ERR_ID_EXHAUSTED", (lib) => {
    const { t, store, config } = made(lib);
    const ids = new Set();
    let exhausted = 0;
    withRandom(
      (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength).fill(0x5a),
      () => {
        // Enough to use up whatever random bytes were drawn before.
        for (let i = 0; i < 4000; i++) {
          try {
            const sid = store.put(null, { i }, config);
            if (ids.has(sid)) fail("an id was given twice");
            ids.add(sid);
          } catch (error) {
            equal(error.code, "ERR_ID_EXHAUSTED");
            if (++exhausted > 3) break;
          }
        }
      },
    );
    equal(t.size, ids.size);
    let i = 0;
    for (const sid of ids) deepEqual(store.get(sid, config)[1], { i: i++ });
    recovers(store, config);
  });

  test("random numbers that fail make no weak id, and the next ones work", (lib) => {
    const { t, store, config } = made(lib);
    let stored = 0;
    withRandom(
      () => {
        throw new Error("no entropy");
      },
      () => {
        for (let i = 0; i < 4000; i++) {
          try {
            ok(ID.test(store.put(null, { i }, config)));
            stored++;
          } catch (error) {
            ok(error instanceof lib.EtsError || error.message === "no entropy", `threw ${error.message}`);
            break;
          }
        }
      },
    );
    equal(t.size, stored);
    recovers(store, config);
  });
});

function withRandom(stub, fn) {
  Object.defineProperty(crypto, "getRandomValues", {
    configurable: true,
    value: (view) => {
      stub(view);
      return view;
    },
  });
  try {
    fn();
  } finally {
    delete crypto.getRandomValues;
  }
}

/** Uses up what the stub left behind, so that the tests after this one find good random bytes again. */
function recovers(store, config) {
  let good = 0;
  for (let i = 0; i < 4000 && good < 50; i++) {
    try {
      store.put(null, {}, config);
      good++;
    } catch (error) {
      equal(error.code, "ERR_ID_EXHAUSTED");
    }
  }
  equal(good, 50, "ids minted after the random numbers came back");
}
