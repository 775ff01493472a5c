/** The adapters' types against those of the frameworks. */
import { fileURLToPath } from "node:url";
import { must } from "../packaging/command.mjs";
import { group, test } from "../suite/harness.js";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

group("types", () => {
  test("fit those of h3, Oak and SvelteKit", () =>
    must(path("../../node_modules/.bin/tsc"), ["--project", path("types")], { seconds: 60 }));
});
