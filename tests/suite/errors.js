/** EtsError: one class from every entry, with a code and details that can be relied on. */
import { site } from "./client.js";
import { deepEqual, equal, group, makeTable, ok, test, throwsCode, unique } from "./harness.js";

/** One error of each code that the public operations can bring about, and the entry it comes from. */
function everyError(lib) {
  const { createTable, table } = lib.table;
  const t = makeTable(lib, { maxRowBytes: 1000 });
  const full = makeTable(lib, { maxBytes: 32_768, maxRowBytes: 1000, onFull: "refuse" });
  t.insert("k", { s: "text" });
  return {
    ERR_MISSING_OPTION: () => lib.store.init({}),
    ERR_BAD_OPTION: () => createTable(unique(), { idle: -1 }),
    ERR_NO_TABLE: () => table(unique("none")),
    ERR_TABLE_EXISTS: () => createTable(t.name),
    ERR_TABLE_FULL: () => {
      for (let i = 0; i < 1000; i++) full.insert(`k${i}`, { text: "x".repeat(500) });
    },
    ERR_ROW_TOO_LARGE: () => t.insert("k", { text: "x".repeat(2000) }),
    ERR_BAD_KEY: () => t.lookup(""),
    ERR_UNSUPPORTED_VALUE: () => t.insert("k", { fn: () => {} }),
    ERR_NOT_A_NUMBER: () => t.updateCounter("k", "s"),
  };
}

group("errors", () => {
  test("EtsError is one class, exported from every entry", ({ EtsError, table, store }) => {
    equal(typeof EtsError, "function");
    equal(table.EtsError, EtsError);
    equal(store.EtsError, EtsError);
    ok(EtsError.prototype instanceof Error);
  });

  test("every error is an EtsError with its code, a name, a message and a stack", (lib) => {
    for (const [code, cause] of Object.entries(everyError(lib))) {
      const error = throwsCode(cause, code);
      ok(error instanceof Error);
      equal(error.name, "EtsError", code);
      ok(typeof error.message === "string" && error.message.length > 10, `${code}: no message to speak of`);
      ok(typeof error.stack === "string", `${code}: no stack`);
    }
  });

  test("details hold numbers and strings only, and survive JSON", (lib) => {
    for (const [code, cause] of Object.entries(everyError(lib))) {
      const { details } = throwsCode(cause, code);
      equal(typeof details, "object", code);
      for (const [name, value] of Object.entries(details)) {
        ok(["string", "number"].includes(typeof value), `${code}: details.${name} is a ${typeof value}`);
      }
      deepEqual(JSON.parse(JSON.stringify(details)), { ...details }, code);
    }
  });

  test("messages name the option or the path and what was given", (lib) => {
    const causes = everyError(lib);
    ok(throwsCode(causes.ERR_MISSING_OPTION, "ERR_MISSING_OPTION").message.includes("table"));
    ok(throwsCode(causes.ERR_BAD_OPTION, "ERR_BAD_OPTION").message.includes("idle"));
    ok(throwsCode(causes.ERR_UNSUPPORTED_VALUE, "ERR_UNSUPPORTED_VALUE").message.includes("fn"));
    const { message, details } = throwsCode(causes.ERR_ROW_TOO_LARGE, "ERR_ROW_TOO_LARGE");
    ok(message.includes(String(details.limit)), "the message does not say what is allowed");
  });

  test("an error of sessions is the same class", async (lib) => {
    throwsCode(() => lib.sessions({ table: unique("site"), idle: 0 }), "ERR_BAD_OPTION", { option: "idle" });
    const { browser } = site(lib);
    await browser.visit((session) => {
      throwsCode(() => session.set("v", Symbol("s")), "ERR_UNSUPPORTED_VALUE", { path: "v" });
    });
  });

  test("a miss is a result, not an error", (lib) => {
    const t = makeTable(lib);
    equal(t.lookup("none"), undefined);
    equal(t.delete("none"), false);
    equal(t.deleteWhere({ where: { a: 1 } }), 0);
    equal(t.sweep(), 0);
  });

  test("after each error the table works on", (lib) => {
    for (const [code, cause] of Object.entries(everyError(lib))) {
      throwsCode(cause, code);
      const t = makeTable(lib);
      t.insert("k", { code });
      deepEqual(t.lookup("k"), { code });
    }
  });
});
