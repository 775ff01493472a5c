/** The pages on runtimes: the code that stands in them, run where they say, from the packed tarball. */
import { mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { equal, group, ok, test } from "../suite/harness.js";
import { blocksOf } from "./pages.mjs";
import { inChromium, inWorkerd, served } from "./places.mjs";

/** What a server answers to bytes that no client sends. */
async function spoken(port, bytes) {
  const socket = connect(port, "127.0.0.1");
  socket.end(bytes);
  let answer = "";
  for await (const chunk of socket) answer += chunk;
  return answer;
}

/** Writes the named blocks of a page into a folder beside the package. */
function writeBlocks({ folder }, page, name) {
  const place = join(folder, name);
  mkdirSync(place, { recursive: true });
  for (const { name, text } of blocksOf(page)) if (name !== undefined) writeFileSync(join(place, name), text);
}

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
    test("node.md: the server takes forms, and is not ended by what is no request", () => {
      const { file, text, line } = code("node");
      const shown = /^const visit = .*?^}\);\n/ms;
      ok(shown.test(text), "node.md has no handler to be another");
      const echo = `const visit = async (request) => {
        const text = await request.text();
        if (text === "fail") throw new Error("told");
        return new Response(text);
      };\n`;
      return served(stranger, { file, text: text.replace(shown, echo), line }, async (fetch, port) => {
        const post = (body) => fetch({ method: "POST", body });
        equal(await (await post("name=ada&binary=\u00e9")).text(), "name=ada&binary=\u00e9");
        equal((await post("fail")).status, 500);
        for (const first of ["TRACE / HTTP/1.1", "GET //[ HTTP/1.1"]) {
          equal(
            (await spoken(port, `${first}\r\nHost: a\r\nConnection: close\r\n\r\n`)).split(" ")[1],
            "400",
          );
        }
        equal(await (await post("still here")).text(), "still here");
      });
    });
    test("start.md's site logs people in behind node.md's server", () => {
      const { file, text, line } = code("node");
      const app = text
        .replace(/^const visit = .*?^}\);\n/ms, "const visit = app.fetch;\n")
        .replace('import { sessions } from "ets-session";', 'import app from "./start/app.js";');
      writeBlocks(stranger, "www/docs/start.md", "start");
      return served(stranger, { file, text: app, line }, async (_fetch, port) => {
        const ask = (path, init) => fetch(`http://127.0.0.1:${port}${path}`, { redirect: "manual", ...init });
        const cookieOf = (answer) => answer.headers.getSetCookie()[0].split(";")[0];
        const page = await ask("/login");
        const [, csrf] = /value="([\w-]{48})"/.exec(await page.text());
        const answer = await ask("/login", {
          method: "POST",
          headers: { cookie: cookieOf(page) },
          body: new URLSearchParams({ csrf, name: "ada", password: "correct horse" }),
        });
        equal(answer.status, 303);
        equal(await (await ask("/", { headers: { cookie: cookieOf(answer) } })).text(), "ada, visit 1\n");
      });
    });
    test("cloudflare-workers.md: the worker answers", () =>
      inWorkerd(stranger, code("cloudflare-workers"), twice));
    test("browsers.md: the page shows what was stored", async () =>
      equal(await inChromium(stranger, code("browsers")), "Dear Ada,"));
  });
}
