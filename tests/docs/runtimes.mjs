/** The pages on runtimes: the code that stands in them, run where they say, from the packed tarball. */
import { equal, group, ok, test } from "../suite/harness.js";
import { blocksOf } from "./pages.mjs";
import { inChromium, inWorkerd, served } from "./places.mjs";

/** The block of code that has a file's name, and the line that runs it. */
function code(name) {
  const blocks = blocksOf(`www/docs/runtimes/${name}.md`);
  const js = blocks.find(({ lang }) => lang === "js");
  const line = blocks.find(({ lang }) => lang === "sh")?.text.trim();
  ok(js !== undefined, `no code in ${name}.md`);
  return { file: js.name, text: js.text, line };
}

/** Two visits of one visitor. */
async function twice(fetch) {
  const first = await fetch();
  equal(await first.text(), "visit 1\n");
  const [cookie] = first.headers.getSetCookie();
  const second = await fetch({ headers: { cookie: cookie.split(";")[0] } });
  equal(await second.text(), "visit 2\n");
}

export function runtimes(stranger) {
  group("runtimes", () => {
    for (const name of ["node", "deno", "bun"]) {
      test(`${name}.md: the server answers`, () => served(stranger, code(name), twice));
    }
    test("cloudflare-workers.md: the worker answers", () =>
      inWorkerd(stranger, code("cloudflare-workers"), twice));
    test("browsers.md: the page shows what was stored", async () =>
      equal(await inChromium(stranger, code("browsers")), "Dear Ada,"));
  });
}
