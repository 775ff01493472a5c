/** The pages on runtimes: the code that stands in them, run where they say, from the packed tarball. */
import { readFileSync } from "node:fs";
import { project } from "../packaging/project.mjs";
import { collect, print } from "../runtimes/report.mjs";
import { equal, group, ok, runAll, test } from "../suite/harness.js";
import { inChromium, inWorkerd, served } from "./places.mjs";

const page = (name) => readFileSync(new URL(`../../www/docs/runtimes/${name}.md`, import.meta.url), "utf8");

/** The block of code that has a file's name, and the line that runs it. */
function code(name) {
  const [, file, text] = /^```js (\S+)\n(.*?)^```$/ms.exec(page(name)) ?? [];
  const [, line] = /^```sh\n(.*?)\n```$/ms.exec(page(name)) ?? [];
  ok(text !== undefined, `no code in ${name}.md`);
  return { file, text, line };
}

const stranger = await project("docs");

/** Two visits of one visitor. */
async function twice(fetch) {
  const first = await fetch();
  equal(await first.text(), "visit 1\n");
  const [cookie] = first.headers.getSetCookie();
  const second = await fetch({ headers: { cookie: cookie.split(";")[0] } });
  equal(await second.text(), "visit 2\n");
}

group("docs", () => {
  for (const name of ["node", "deno", "bun"]) {
    test(`${name}.md: the server answers`, () => served(stranger, code(name), twice));
  }
  test("cloudflare-workers.md: the worker answers", () =>
    inWorkerd(stranger, code("cloudflare-workers"), twice));
  test("browsers.md: the page shows what was stored", async () =>
    equal(await inChromium(stranger, code("browsers")), "Dear Ada,"));
});

try {
  print("docs", await collect(runAll, {}));
} finally {
  stranger.remove();
}
