/** Tests that run inside another runtime, reported as tests of this one. */
import { fileURLToPath } from "node:url";
import { must } from "../packaging/command.mjs";
import { program } from "../packaging/programs.mjs";
import { fail, group, ok, test } from "../suite/harness.js";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const HERE = path("inside.mjs");
/** No network but loopback, and packages from node_modules as npm left them. */
const DENO = [
  "--no-remote",
  "--node-modules-dir=manual",
  "--allow-read",
  "--allow-env",
  "--allow-net=127.0.0.1",
];
const COMMANDS = {
  deno: [
    "run",
    ...DENO,
    `--import-map=${path("oak-imports.json")}`,
    `--allow-write=${path("../../target/adapters")}`,
  ],
  bun: ["run"],
  node24: [],
};

/** One test for all of them: the other runtime says which failed. */
export function inside(runtime, name) {
  group(`${name} in ${runtime}`, () => {
    test("all that it is held to", async () => {
      const env = { DENO_NO_UPDATE_CHECK: "1" };
      const printed = await must(program(runtime), [...COMMANDS[runtime], HERE, name], { env, seconds: 60 });
      const results = JSON.parse(printed.trim().split("\n").at(-1));
      ok(results.length > 0, "no tests");
      const failed = results.filter(({ error }) => error !== null);
      if (failed.length > 0) fail(failed.map(({ name: one, error }) => `${one}: ${error}`).join("\n"));
    });
  });
}
