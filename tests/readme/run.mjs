/** The README's worker and tables, as they stand there, and the headers that it shows. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { collect, print } from "../runtimes/report.mjs";
import { deepEqual, equal, group, runAll, test } from "../suite/harness.js";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const blocks = (kind) =>
  [...readme.matchAll(new RegExp(`\`\`\`${kind}\\n(.*?)\`\`\``, "gs"))].map(([, text]) => text);
const [worker, tables] = blocks("js");
const [first, second] = blocks("http");

/** A block as a module of its own, beside this file, so that it finds the package by its name. */
async function load(code) {
  const file = new URL(`./block-${process.pid}-${code.length}.mjs`, import.meta.url);
  writeFileSync(file, code);
  try {
    return await import(file.href);
  } finally {
    rmSync(file);
  }
}

const shown = (response) =>
  [
    `HTTP/1.1 ${response.status} OK`,
    ...[...response.headers].map(
      ([name, value]) => `${name}: ${value.replace(/^(__Host-sid=)[\w-]{24};/, "$1…;")}`,
    ),
    "",
  ].join("\n");

group("readme", () => {
  test("there is no other code in it than what runs here", () => {
    deepEqual(
      ["js", "http"].map((kind) => blocks(kind).length),
      [2, 2],
    );
  });
  test("the worker answers with the headers that are shown", async () => {
    const { default: app } = await load(worker);
    const visit = (path, cookie) =>
      app.fetch(new Request(`https://shop.example${path}`, { headers: cookie ? { cookie } : {} }));
    const one = await visit("/");
    equal(shown(one), first);
    const cookie = one.headers.get("set-cookie").split(";")[0];
    const two = await visit("/", cookie);
    equal(shown(two), second);
    equal(await two.text(), "stranger, visit 2\n");
    const login = await visit("/login", cookie);
    equal(await login.text(), "ada, visit 3\n");
    const renewed = login.headers.get("set-cookie").split(";")[0];
    equal(renewed === cookie, false);
    const logout = await visit("/logout", renewed);
    equal(logout.headers.get("set-cookie").startsWith("__Host-sid=; Path=/; "), true);
    equal(await (await visit("/", renewed)).text(), "stranger, visit 1\n");
  });
  test("the tables give what the comments say", async () => {
    const lines = tables.replace(/^(attempts\..*); \/\/ (.*)$/gm, (_, call, said) => {
      const value = said.startsWith("merges") ? "true" : said;
      return `results.push([${call}, ${value}]);`;
    });
    const { results } = await load(`export const results = [];\n${lines}`);
    equal(results.length, 4);
    for (const [is, said] of results) deepEqual(is, said);
  });
});

print("readme", await collect(runAll, {}));
