/** The Cookie header: only what is exactly our name counts, and no header is too strange or too long. */
import { site } from "./client.js";
import { each, NAME, stored, URL } from "./cookies-read.js";
import { request } from "./env.js";
import { equal, group, ok, test } from "./harness.js";
import { KEY } from "./security-help.js";

const WHITE = [
  0x0a, 0x0b, 0x0c, 0x0d, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007,
  0x2008, 0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff,
];

group("security, cookie read", () => {
  test("S35 spaces and tabs are trimmed around names and values, and nothing else is", async (lib) => {
    const { id, opens } = await stored(lib);
    for (const white of [" ", "\t", " \t "]) equal(await opens(`a=1;${white}${NAME}=${id}${white}`), true);
    for (const code of WHITE) {
      const white = String.fromCharCode(code);
      for (const header of [
        `a=1; ${white}${NAME}=${id}`,
        `${NAME}${white}=${id}`,
        `${NAME}=${id}${white}; a=1`,
      ]) {
        equal(await opens(header), false, `U+${code.toString(16)}`);
      }
    }
  });

  test("S36 names are neither decoded nor folded", (lib) =>
    each(
      lib,
      {
        encoded: (id) => `%5F%5FHost-sid=${id}`,
        "encoded in part": (id) => `__Host%2Dsid=${id}`,
        "encoded twice": (id) => `%255F%255FHost-sid=${id}`,
        lower: (id) => `__host-sid=${id}`,
        mixed: (id) => `__HoSt-sid=${id}`,
        upper: (id) => `__HOST-SID=${id}`,
        quoted: (id) => `"__Host-sid"=${id}`,
        longer: (id) => `__Host-sid2=${id}`,
        shorter: (id) => `__Host-si=${id}`,
        bare: (id) => `sid=${id}`,
      },
      false,
    ));

  test("S37 a pair without a name, or without =, has no name that could be ours", (lib) =>
    each(
      lib,
      {
        nameless: (id) => `=${NAME}=${id}`,
        "nameless after spaces": (id) => `  =${NAME}=${id}`,
        "nameless twice": (id) => `==${NAME}=${id}`,
        "a pair without =": () => `${NAME}`,
        "an id alone": (id) => id,
        "= alone": (id) => `=${id}`,
      },
      false,
    ));

  test("S38 quotes and percent signs belong to the value, and other values may hold =", async (lib) => {
    const { id, opens } = await stored(lib);
    const code = id.charCodeAt(0).toString(16);
    equal(await opens(`${NAME}="${id}"`), false);
    equal(await opens(`${NAME}=%${code}${id.slice(1)}`), false);
    equal(await opens(`${NAME}=${id}=`), false);
    equal(await opens(`a=b=c==; d="; ${NAME}=${id}`), true);
  });

  test("S39 several Cookie lines, joined as the standard says, are one; a comma joins nothing", async (lib) => {
    const { id, opens } = await stored(lib);
    const lines = ["a=1; b=2", `${NAME}=${id}`, "c=3"];
    for (const order of [lines, [...lines].reverse()]) equal(await opens(order.join("; ")), true);
    equal(await opens(`${NAME}=${id}, b=2`), false);
    equal(await opens(`a=1, ${NAME}=${id}`), false);
  });

  test("S40 a header of 128 KB is read in one pass, whatever it repeats", async (lib) => {
    const { manager } = await stored(lib);
    const size = 131_072;
    for (const unit of [
      "a=;",
      ";",
      "=",
      " ",
      `${NAME}=;`,
      `${NAME}__99999=x;`,
      "%5F",
      `${NAME}=${"A".repeat(24)};`,
    ]) {
      const cookie = unit.repeat(size / unit.length);
      const requests = Array.from({ length: 8 }, () => request(URL, { cookie }));
      const started = performance.now();
      for (const made of requests) ok((await manager.open(made)).isNew);
      // Quadratic work in so many pairs takes more than ten seconds for one of them.
      ok(performance.now() - started < 2000, `too slow on ${JSON.stringify(unit.slice(0, 12))}`);
    }
  });

  test("S41 names that every object has are names like others", async (lib) => {
    const { opens, id } = await stored(lib);
    const names = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"];
    const others = names.map((name) => `${name}=${id}`).join("; ");
    equal(await opens(others), false);
    equal(await opens(`${others}; ${NAME}=${id}`), true);
    for (const name of names) {
      const { browser } = site(lib, { cookie: { name, secure: false } });
      equal((await browser.visit((session) => session.get("n"))).result, undefined);
      await browser.visit((session) => session.set("n", 1));
      equal([...browser.jar.keys()].join(), name);
      equal((await browser.visit((session) => session.get("n"))).result, 1);
    }
    equal({}.polluted, undefined);
  });

  test("S42 with secrets, characters of two units, cut anywhere, are no exception", async (lib) => {
    const { manager } = await stored(lib, { secrets: KEY });
    for (let at = 0; at < 50; at++) {
      for (const text of ["😀", "\ud800", "é", "\0"]) {
        const cookie = `${NAME}=${"A".repeat(at)}${text}${"A".repeat(50)}`;
        equal((await manager.open(request(URL, { cookie }))).isNew, true);
      }
    }
  });

  test("S42 no header is an exception: what can't be read is no session", async (lib) => {
    const { manager } = await stored(lib);
    const parts = [
      NAME,
      "=",
      ";",
      ",",
      " ",
      "\t",
      "\r\n",
      "\0",
      '"',
      "%",
      "%zz",
      "\\",
      "\ud800",
      "\udc00",
      "é",
      "\ufeff",
    ];
    let seed = 7;
    for (let round = 0; round < 1500; round++) {
      let cookie = "";
      for (let i = 0; i < round % 40; i++) {
        seed = (seed * 48_271) % 2_147_483_647;
        cookie += parts[seed % parts.length];
      }
      equal((await manager.open(request(URL, { cookie }))).isNew, true);
    }
  });
});
