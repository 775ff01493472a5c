import { createContext, runInContext } from "node:vm";
import { collect } from "../../runtimes/report.mjs";
import { deepEqual, equal, group, runAll, test } from "../../suite/harness.js";
import { program } from "../programs.mjs";
import { runBun } from "./bun.mjs";
import { runDeno } from "./deno.mjs";
import { of, script } from "./script.mjs";

const THREADS = "threads.js";

/** Two instances in one process: threads with one each, and contexts, as test runners and servers make them. */
export async function instances(project) {
  const results = await contexts(project.folder);
  const threads = {
    "this node": await script(process.execPath, [], THREADS, project),
    node24: await script(program("node24"), [], THREADS, project),
    // A thread's file is read when the thread starts, and for that Deno wants to be asked.
    deno: await runDeno(THREADS, project, [`--allow-read=${project.folder}/tests`]),
    bun: await runBun(THREADS, project),
  };
  for (const [runtime, found] of Object.entries(threads)) results.push(...of(runtime, found));
  return results;
}

/** What a context of node:vm lacks of a runtime. */
const { Request, Response, Headers, TextEncoder, TextDecoder, crypto, atob, URL } = globalThis;
const LENT = { Request, Response, Headers, TextEncoder, TextDecoder, crypto, atob, URL };

async function contexts(folder) {
  const { build } = await import("esbuild");
  const contents = `export * from "ets-session"; export * as table from "ets-session/table";`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    write: false,
    format: "iife",
    globalName: "lib",
  });
  const made = () => runInContext(`${outputFiles[0].text};lib`, createContext({ ...LENT }));
  group("two contexts", () => {
    test("a table of one's own is not the other's, under the same name either", () => {
      const [a, b] = [made(), made()];
      const [mine, theirs] = [a, b].map(({ table }) => table.createTable("contexts"));
      mine.insert("k", { of: "a", list: [1], bytes: new Uint8Array([1, 2]) });
      equal(theirs.lookup("k"), undefined);
      theirs.insert("k", { of: "b" });
      equal(mine.lookup("k").of, "a");
      mine.drop();
      deepEqual([a.table.tables().length, b.table.tables().length], [0, 1]);
    });

    test("a session is kept in each", async () => {
      for (const { sessions } of [made(), made()]) {
        const app = sessions().handle((_request, session) => new Response(session.increment("n")));
        const first = await app(new Request("https://shop.test/"));
        const [cookie] = first.headers.get("set-cookie").split(";");
        const second = await app(new Request("https://shop.test/", { headers: { cookie } }));
        deepEqual([await first.text(), await second.text()], ["1", "2"]);
      }
    });
  });
  return collect(runAll, {});
}
