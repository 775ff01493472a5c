/** Every entry point has the one EtsError, by which its refusals are known. */
import { readFile } from "node:fs/promises";
import { EtsError } from "ets-session";
import { equal, group, ok, test } from "../suite/harness.js";

/** Those that are read by workerd alone; tests/stores has them there. */
const ELSEWHERE = /durable-object$/;

group("entries", () => {
  test("each exports EtsError, and all the same", async () => {
    const { exports } = JSON.parse(
      await readFile(new URL("../../pkg/package.json", import.meta.url), "utf8"),
    );
    const code = Object.entries(exports).filter(([, { default: file }]) => file?.endsWith(".js"));
    ok(code.length > 12, `${code.length} entries`);
    for (const [entry] of code.filter(([entry]) => !ELSEWHERE.test(entry))) {
      equal((await import(entry.replace(".", "ets-session"))).EtsError, EtsError, entry);
    }
  });
});
