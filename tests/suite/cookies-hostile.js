import { each, NAME, stored, URL } from "./cookies-read.js";
import { request } from "./env.js";
import { equal, group, ok, test } from "./harness.js";

// White space as JavaScript's trim() knows it, and its neighbours, without SP and HTAB.
const SPACES = [
  0x0a, 0x0b, 0x0c, 0x0d, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007,
  0x2008, 0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff, 0x00, 0x1c, 0x1f, 0x7f, 0x85,
  0x180e, 0x200b, 0x2060,
];

group("cookies hostile", () => {
  test("no other white space is trimmed, around the name or the value", async (lib) => {
    const { id, opens } = await stored(lib);
    for (const point of SPACES) {
      const w = String.fromCharCode(point);
      const at = `U+${point.toString(16)}`;
      equal(await opens(`a=1; ${w}${NAME}=${id}`), false, `${at} before the name`);
      equal(await opens(`${w}${NAME}=${id}`), false, `${at} at the start`);
      equal(await opens(`${NAME}${w}=${id}`), false, `${at} after the name`);
      equal(await opens(`${NAME}=${w}${id}`), false, `${at} before the value`);
      equal(await opens(`${NAME}=${id}${w}; a=1`), false, `${at} after the value`);
      equal(await opens(`${NAME}=${id}${w}`), false, `${at} at the end`);
    }
  });

  test("names are not decoded, character by character", async (lib) => {
    const { id, opens } = await stored(lib);
    for (let i = 0; i < NAME.length; i++) {
      const hex = NAME.charCodeAt(i).toString(16);
      for (const code of new Set([hex, hex.toUpperCase()])) {
        const name = `${NAME.slice(0, i)}%${code}${NAME.slice(i + 1)}`;
        equal(await opens(`${name}=${id}`), false, name);
      }
    }
    equal(await opens(`%5F%5FHost-sid=${id}`), false);
    equal(await opens(`"${NAME}"=${id}`), false);
    equal(await opens(`\\_\\_Host-sid=${id}`), false);
  });

  test("names are not case-folded", (lib) =>
    each(
      lib,
      {
        lower: (id) => `__host-sid=${id}`,
        upper: (id) => `__HOST-SID=${id}`,
        mixed: (id) => `__Host-Sid=${id}`,
        // The Kelvin sign and the dotless i fold to ASCII letters in some languages' lower-casing.
        "long s": (id) => `__Host-\u017fid=${id}`,
        "dotless i": (id) => `__Host-s\u0131d=${id}`,
        "full width": (id) => `__Host-ｓｉｄ=${id}`,
      },
      false,
    ));

  test("whatever bytes it holds, a header is never an exception", async (lib) => {
    const { manager } = await stored(lib);
    const alphabet = `${NAME}=;;==, \t\r\n\0"%\\_$é\ud800\udc00\u3000😀\ufeff`;
    let seed = 42;
    for (let round = 0; round < 2000; round++) {
      let header = "";
      for (let i = 0; i < round % 60; i++) {
        seed = (seed * 48_271) % 2_147_483_647;
        header += seed % 11 === 0 ? `;${NAME}=` : alphabet[seed % alphabet.length];
      }
      const session = await manager.open(request(URL, { cookie: header }));
      equal(session.get("user"), undefined);
      equal(session.isNew, true);
    }
  });

  test("128 KB of anything is read in time that grows with its length only", async (lib) => {
    const { manager } = await stored(lib);
    const size = 131_072;
    const units = [
      ";",
      "=",
      " ",
      "\t",
      "a",
      "a=;",
      "a=b; ",
      `${NAME};`,
      `${NAME}=;`,
      `${NAME}=x; `,
      " ;",
      "=;",
      "\t \t;",
      '"',
      `${NAME}=${"A".repeat(24)}; `,
      "%5F",
    ];
    for (const unit of units) {
      const headers = [unit, `${NAME}=${unit}`].map((head) =>
        (head + unit.repeat(size / unit.length)).slice(0, size),
      );
      const requests = Array.from({ length: 10 }, (_, i) => request(URL, { cookie: headers[i % 2] }));
      const started = performance.now();
      for (const made of requests) equal((await manager.open(made)).get("user"), undefined);
      // Linear work takes a few milliseconds here; anything quadratic in 131,072 takes many seconds.
      ok(performance.now() - started < 2000, `too slow on repeated ${JSON.stringify(unit)}`);
    }
  });
});
