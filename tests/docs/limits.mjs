/** limits.md: its numbers are those of the sources, and of the package as it behaves. */
import { sessions } from "ets-session";
import { createTable } from "ets-session/table";
import { equal, group, ok, test } from "../suite/harness.js";
import { none } from "./none.mjs";
import { parse, read } from "./pages.mjs";

const PAGE = "www/docs/limits.md";
const UNITS = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
};
const SHORT = { s: "second", m: "minute", h: "hour", d: "day" };

/** The rows of the page's tables that name a place in the sources. */
const rows = () =>
  parse(PAGE).prose.flatMap(({ line, text }) => {
    const [, what, limit, code, file] =
      /^\| (.*) \| (.*) \| \[`(.*)`\]\(\.\.\/\.\.\/(.*)\) \|$/.exec(text) ?? [];
    return what === undefined ? [] : [{ line, what, limit, code, file }];
  });

/** A number as the page has it, in bytes or milliseconds where it has a unit; undefined for words. */
function said(limit) {
  const [, number, unit] =
    /([\d,]+)(?: (second|minute|hour|day|KiB|MiB)s?)?$/.exec(limit.replace(/^1\//, "")) ?? [];
  return number && Number(number.replaceAll(",", "")) * (UNITS[unit] ?? 1);
}

/** What an expression of Rust or JavaScript comes to; other constants of the same file may be in it. */
function worth(expression, text) {
  const plain = expression
    .replace(/(?<=\d)_(?=\d)/g, "")
    .replace(/\b[A-Z][A-Z_]+\b/g, (name) => `(${constant(name, text)})`);
  if (!/^[\d\s()*<+-]+$/.test(plain)) throw new Error(`${expression} is no number`);
  return new Function(`return ${plain}`)();
}

function constant(name, text) {
  // One of a list: `const [A, B] = [1, 2]` is not of this kind, and is not meant.
  const [, expression] = new RegExp(`const ${name}(?:: [\\w]+)? = ([^;]+);`).exec(text) ?? [];
  if (expression === undefined) throw new Error(`there is no ${name}`);
  return worth(expression, text);
}

/** The number that a piece of code has: its text has to be in the file. */
function literal(code, text) {
  if (!text.includes(code)) throw new Error("it does not stand there");
  const [, size, unit] = /"(\d+)(s|m|h|d|KiB|MiB)"/.exec(code) ?? [];
  if (size !== undefined) return Number(size) * UNITS[SHORT[unit] ?? unit];
  if (code.includes(" = ")) return worth(code.split(" = ")[1], text);
  const number = Number(/(\d[\d_]*)\D*$/.exec(code)?.[1].replaceAll("_", ""));
  return /< \d+$/.test(code) && code.includes(".length") ? number - 1 : number;
}

/** The code of the error that is thrown, or of the rejection. */
async function refused(work) {
  try {
    await work();
  } catch (error) {
    return error.code;
  }
  return undefined;
}

const nested = (depth) => (depth === 0 ? 1 : [nested(depth - 1)]);

export function limits() {
  group("limits.md", () => {
    test("has the numbers of the sources", () => {
      ok(rows().length > 35, "the tables can't be read any more");
      none(
        rows().flatMap(({ line, what, limit, code, file }) => {
          const wanted = said(limit);
          try {
            const text = read(file);
            const is = /^[A-Z_]+$/.test(code) ? constant(code, text) : literal(code, text);
            // A bound that is another one's has none of its own.
            return wanted === undefined || is === wanted
              ? []
              : [`${PAGE}:${line}: ${what}: ${limit}, but ${is}`];
          } catch (error) {
            return [`${PAGE}:${line}: ${code} in ${file}: ${error.message}`];
          }
        }),
      );
    });

    test("a table's name: 255 bytes, not 256", async () => {
      createTable(`${"é".repeat(127)}e`).drop();
      equal(await refused(() => createTable("é".repeat(128))), "ERR_BAD_KEY");
    });

    test("nesting: 200, not 201", async () => {
      const table = createTable("limits: nesting");
      // The row is an object around the value.
      table.insert("key", { value: nested(200) });
      equal(await refused(() => table.insert("key", { value: nested(201) })), "ERR_UNSUPPORTED_VALUE");
      table.drop();
    });

    test("a row: 64 KiB; a table: 32 MiB; a page: 100", async () => {
      const table = createTable("limits: rows");
      table.insert("key", { bytes: new Uint8Array(65_000) });
      equal(await refused(() => table.insert("key", { bytes: new Uint8Array(65_536) })), "ERR_ROW_TOO_LARGE");
      equal(table.info().maxBytes, 32 * 2 ** 20);
      for (let i = 0; i < 101; i++) table.insert(`${i}`, {});
      equal(table.select().rows.length, 100);
      table.drop();
    });

    test("an id: 24 characters, with secrets 48", async () => {
      for (const [secrets, length] of [
        [undefined, 24],
        ["at least thirty-two random bytes, as text", 48],
      ]) {
        const visit = sessions({ table: `limits: ids of ${length}`, ...(secrets && { secrets }) }).handle(
          (_request, session) => new Response(`${session.increment("visits")}`),
        );
        const [line] = (await visit(new Request("https://shop.example/"))).headers.getSetCookie();
        equal(/=([\w-]+);/.exec(line)[1].length, length);
      }
    });

    test("a subject: 255 bytes, not 256", async () => {
      const manager = sessions({ table: "limits: subjects" });
      equal((await manager.list("s".repeat(255))).length, 0);
      equal(await refused(() => manager.list("s".repeat(256))), "ERR_BAD_OPTION");
    });

    test("a cookie: 400 days, not 401; a second, not less; a path of 1,024; a domain of 255", async () => {
      const made = (cookie) => refused(() => sessions({ cookie }));
      const label = `${"d".repeat(49)}.`;
      for (const [cookie, code] of [
        [{ maxAge: "400d" }, undefined],
        [{ maxAge: "401d" }, "ERR_BAD_OPTION"],
        [{ maxAge: 1 }, undefined],
        [{ maxAge: 0.999 }, "ERR_BAD_OPTION"],
        [{ path: `/${"p".repeat(1023)}` }, undefined],
        [{ path: `/${"p".repeat(1024)}` }, "ERR_BAD_OPTION"],
        [{ domain: `${label.repeat(5)}ddddd` }, undefined],
        [{ domain: `${label.repeat(5)}dddddd` }, "ERR_BAD_OPTION"],
      ]) {
        equal(await made(cookie), code, Object.keys(cookie)[0]);
      }
    });
  });
}
