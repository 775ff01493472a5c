/** sessions() checks its options when it is called; where its table comes from. */
import { site } from "./client.js";
import { deepEqual, equal, group, makeTable, ok, test, throwsCode, unique } from "./harness.js";

const refuses = (lib, options, option) =>
  throwsCode(() => lib.sessions({ table: unique("site"), ...options }), "ERR_BAD_OPTION", {
    option: (told) => told === option || String(told).endsWith(`.${option}`),
    given: (told) => told !== undefined,
  });

group("sessions options", () => {
  test("no options are needed; the table is then called session", (lib) => {
    const manager = lib.sessions();
    equal(manager.table.name, "session");
    ok(lib.table.tables().includes("session"));
  });

  test("a table is created if missing, and shared if there", async (lib) => {
    const name = unique("shared");
    const first = site(lib, { table: name });
    const second = site(lib, { table: name });
    equal(first.table.name, name);
    await first.browser.visit((session) => session.set("n", 1));
    second.browser.jar.set("__Host-sid", first.browser.cookie);
    equal((await second.browser.visit((session) => session.get("n"))).result, 1);
    equal(lib.table.table(name).count(), 1);
  });

  test("a table may be given as an object", async (lib) => {
    const table = makeTable(lib, { hashKeys: true });
    const { browser, manager } = site(lib, { table });
    equal(manager.table.name, table.name);
    await browser.visit((session) => session.set("n", 1));
    equal(table.count(), 1);
  });

  test("a table that sessions() creates keeps hashes of its keys", async (lib) => {
    const { browser, table } = site(lib);
    await browser.visit((session) => session.set("n", 1));
    ok(![...table.keys()].includes(browser.cookie));
  });

  test("limits go to the table created here", (lib) => {
    const manager = lib.sessions({ table: unique("site"), limits: { maxBytes: "1MiB" } });
    equal(manager.table.info().maxBytes, 1_048_576);
  });

  for (const option of ["idle", "absolute"]) {
    test(`${option} is a positive, finite duration`, (lib) => {
      for (const given of [0, -1, Number.NaN, Infinity, "", "abc", "0s", true])
        refuses(lib, { [option]: given }, option);
    });
  }

  test("bad limits are refused by sessions() itself", (lib) => {
    const name = unique("site");
    const bad = { maxBytes: [0, -1, "abc"], maxRowBytes: [0, Number.NaN, "64XB"], onFull: ["drop", 1] };
    for (const [option, values] of Object.entries(bad)) {
      for (const given of values) refuses(lib, { table: name, limits: { [option]: given } }, option);
    }
    ok(!lib.table.tables().includes(name), "a table was made for options that were refused");
  });

  test("skip, onEvent and now are functions, saveOnError is a boolean", (lib) => {
    for (const option of ["skip", "onEvent", "now"]) refuses(lib, { [option]: "x" }, option);
    refuses(lib, { saveOnError: "yes" }, "saveOnError");
  });

  test("a table is a name or a table", (lib) => {
    for (const table of [5, true, "", "a\ud800", {}]) {
      throwsCode(() => lib.sessions({ table }), ["ERR_BAD_OPTION", "ERR_BAD_KEY"]);
    }
  });

  test("an option that is undefined is as good as absent", async (lib) => {
    const names = ["cookie", "idle", "absolute", "skip", "saveOnError", "limits", "onEvent"];
    const { browser } = site(lib, Object.fromEntries(names.map((name) => [name, undefined])));
    await browser.visit((session) => session.set("n", 1));
    deepEqual((await browser.visit((session) => session.data)).result, { n: 1 });
  });

  test("after the table is dropped its sessions are gone: ERR_NO_TABLE, or as if they had never been", async (lib) => {
    const { browser, table } = site(lib);
    await browser.visit((session) => session.set("n", 1));
    table.drop();
    try {
      equal((await browser.visit((session) => session.get("n"))).result, undefined);
    } catch (error) {
      equal(error.code, "ERR_NO_TABLE");
    }
  });
});
