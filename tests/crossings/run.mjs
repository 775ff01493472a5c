/**
 * One crossing per operation: what the built package calls of its module, counted. The instance that it makes is handed
 * to it with exports that say when they are called.
 *
 * `node tests/crossings/run.mjs`
 */
import { collect, print } from "../runtimes/report.mjs";
import { deepEqual, equal, group, runAll, test } from "../suite/harness.js";

let calls = [];
let instances = 0;

const Real = WebAssembly.Instance;
WebAssembly.Instance = function instance(...given) {
  instances++;
  const told = ([name, exported]) => {
    if (typeof exported !== "function") return [name, exported];
    const counted = (...values) => {
      calls.push(name);
      return exported(...values);
    };
    return [name, counted];
  };
  return { exports: Object.fromEntries(Object.entries(new Real(...given).exports).map(told)) };
};

const lib = await import("ets-session");
const { createTable } = await import("ets-session/table");
const store = await import("ets-session/store");

/** What is called of the module while something is done. */
function calledFor(work) {
  calls = [];
  const done = work();
  return done instanceof Promise ? done.then(() => calls) : calls;
}

const row = () => ({ n: 1, text: "some text", list: [1, "two"], at: 1_700_000_000_000 });
const KEY = "a-key-of-24-characters..";

/** Each of a row that is there, in a table that has met these names before. */
const OPERATIONS = {
  lookup: [(table) => table.lookup(KEY), "row_get"],
  peek: [(table) => table.peek(KEY), "row_peek"],
  field: [(table) => table.field(KEY, "n"), "row_field"],
  member: [(table) => table.member(KEY), "row_meta"],
  insert: [(table) => table.insert(KEY, row()), "row_insert"],
  insertNew: [(table) => table.insertNew(KEY, row()), "row_insert"],
  update: [(table) => table.update(KEY, { n: 2 }), "row_update"],
  "update, fields removed": [(table) => table.update(KEY, { n: 2 }, ["text"]), "row_update"],
  updateCounter: [(table) => table.updateCounter(KEY, "n", 2, { max: 9 }), "row_count"],
  touch: [(table) => table.touch(KEY), "row_touch"],
  take: [(table) => table.take(KEY), "row_take"],
  delete: [(table) => table.delete(KEY), "row_delete"],
  size: [(table) => table.size, "table_size"],
  select: [(table) => table.select({ where: { n: [1, 2] }, idleFor: "1s" }), "table_select"],
  count: [(table) => table.count({ where: { text: "some text" } }), "table_count"],
  deleteWhere: [(table) => table.deleteWhere({ where: { n: 1 } }), "table_delete_where"],
  sweep: [(table) => table.sweep(10), "table_sweep"],
  clear: [(table) => table.clear(), "table_clear"],
  info: [(table) => table.info(), "table_info"],
};

group("one crossing", () => {
  for (const [hashKeys, kind] of [
    [false, "as they are"],
    [true, "hashed"],
  ]) {
    for (const [name, [work, expected]] of Object.entries(OPERATIONS)) {
      test(`for ${name}, keys ${kind}`, () => {
        const table = createTable(`${name} ${kind}`, { hashKeys, idle: "1h", absolute: "2h" });
        table.insert(KEY, row());
        deepEqual(
          calledFor(() => work(table)),
          [expected],
        );
        table.drop();
      });
    }
  }

  test("for the store contract's get, put and delete", () => {
    createTable("store");
    const config = store.init({ table: "store" });
    const id = store.put(null, row(), config);
    deepEqual(
      calledFor(() => store.put(null, row(), config)),
      ["row_insert_fresh"],
    );
    deepEqual(
      calledFor(() => store.put(id, row(), config)),
      ["row_insert"],
    );
    deepEqual(
      calledFor(() => store.get(id, config)),
      ["row_get"],
    );
    deepEqual(
      calledFor(() => store.delete(id, config)),
      ["row_delete"],
    );
  });
});

/** A site with one session, and what opens it. */
async function site(name, options = {}) {
  const sessions = lib.sessions({ table: name, cookie: { secure: true }, ...options });
  const request = (cookie) =>
    new Request("https://example.com/", cookie === undefined ? {} : { headers: { Cookie: cookie } });
  const session = await sessions.open(request());
  for (const [key, value] of Object.entries(row())) session.set(key, value);
  const response = await sessions.commit(session, new Response());
  const [cookie] = response.headers.getSetCookie()[0].split(";");
  const open = () => sessions.open(request(cookie));
  // The first one has the table number the name of a field that is watched.
  deepEqual(await calledFor(open), ["table_intern", "row_visit"], "the first");
  return { sessions, open };
}

group("a request's session", () => {
  test("is met by one crossing, and read where it was met", async () => {
    const { sessions, open } = await site("met");
    let session;
    const opened = await calledFor(async () => {
      session = await open();
    });
    deepEqual(opened, ["row_visit"]);
    deepEqual(
      calledFor(() => session.get("n")),
      ["row_at"],
    );
    deepEqual(
      calledFor(() => session.get("n")),
      [],
      "again",
    );
    deepEqual(
      calledFor(() => session.get("text")),
      ["row_at"],
      "another field, and with it the row",
    );
    deepEqual(
      calledFor(() => [session.get("list"), session.has("at"), session.data]),
      [],
      "the rest",
    );
    deepEqual(await calledFor(() => sessions.commit(session, new Response())), [], "nothing to commit");
  });

  test("is looked for where it is not any more", async () => {
    const { sessions, open } = await site("moved");
    const session = await open();
    const other = await open();
    other.set("text", "x".repeat(500));
    await sessions.commit(other, new Response());
    deepEqual(
      calledFor(() => session.get("n")),
      ["row_at", "row_field"],
    );
  });

  test("is looked for in tables that keep keys as they are", async () => {
    const { open } = await site("plain", { table: createTable("plain") });
    const session = await open();
    deepEqual(
      calledFor(() => session.get("n")),
      ["row_field"],
    );
  });

  test("is committed by one crossing behind those that ask what it is about", async () => {
    const { sessions, open } = await site("committed");
    const session = await open();
    session.get("n");
    session.set("n", 2);
    const made = await calledFor(() => sessions.commit(session, new Response()));
    equal(made.filter((name) => name === "row_commit").length, 1, `${made}`);
    equal(made.at(-1), "row_commit");
  });
});

group("the instance", () => {
  test("was one, and is the one that was counted", () => equal(instances, 1));
});

print("crossings", await collect(runAll, lib));
