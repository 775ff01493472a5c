/** Cookie options are held against the grammar and the prefix rules when configured, not when a browser drops them. */
import { group, test, throwsCode, unique } from "./harness.js";

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]$/;

const endsWith = (option) => (told) => told === option || String(told).endsWith(`.${option}`);

function refuses(lib, cookie, option) {
  const details = option === undefined ? {} : { option: endsWith(option) };
  throwsCode(() => lib.sessions({ table: unique("site"), cookie }), "ERR_BAD_OPTION", details);
}

const accepts = (lib, cookie) => lib.sessions({ table: unique("site"), cookie });

/** Every code unit up to U+02FF, and some beyond. */
function* codeUnits() {
  for (let unit = 0; unit < 0x300; unit++) yield unit;
  yield* [0x2028, 0x2029, 0x3000, 0x212a, 0xd800, 0xdc00, 0xff1b, 0xfeff, 0xffff];
}

group("cookie options", () => {
  test("a name is a token, each character held against the grammar", (lib) => {
    for (const unit of codeUnits()) {
      const char = String.fromCharCode(unit);
      if (TOKEN.test(char)) accepts(lib, { name: `a${char}b` });
      else for (const name of [`a${char}b`, `${char}a`, `a${char}`]) refuses(lib, { name }, "name");
    }
  });

  test("a name is a string, and not empty", (lib) => {
    for (const name of ["", 5, {}, true, ["sid"]]) refuses(lib, { name }, "name");
  });

  test("a path begins with / and holds neither ; nor control characters nor what is not ASCII", (lib) => {
    for (const path of ["", "app", " /", "./", "\\", "*", 5, {}, true]) refuses(lib, { path }, "path");
    for (const unit of codeUnits()) {
      const char = String.fromCharCode(unit);
      if (char === ";" || unit < 0x20 || unit >= 0x7f) refuses(lib, { path: `/a${char}b` }, "path");
      else if (/[A-Za-z0-9\-._~/%]/.test(char)) accepts(lib, { path: `/a${char}b` });
    }
  });

  test("a domain holds nothing that would end it or is not ASCII", (lib) => {
    for (const domain of ["", 5, {}, true]) refuses(lib, { domain }, "domain");
    for (const unit of codeUnits()) {
      const char = String.fromCharCode(unit);
      if (char === ";" || unit <= 0x20 || unit >= 0x7f) refuses(lib, { domain: `a${char}b.test` }, "domain");
      else if (/[A-Za-z0-9.-]/.test(char)) accepts(lib, { domain: `a${char}b.test` });
    }
  });

  test("path and domain end at 1024 octets, as browsers end them", (lib) => {
    accepts(lib, { path: "/".padEnd(1024, "a") });
    refuses(lib, { path: "/".padEnd(1025, "a") }, "path");
    refuses(lib, { domain: "a".repeat(1025) }, "domain");
  });

  test("sameSite is exactly Strict, Lax or None", (lib) => {
    for (const sameSite of ["Strict", "Lax"]) accepts(lib, { sameSite });
    accepts(lib, { sameSite: "None", secure: true });
    for (const sameSite of [
      "",
      "strict",
      "lax",
      "none",
      "LAX",
      "Lax ",
      "Lax; Secure",
      "Lax\r\nX: y",
      true,
      1,
      {},
    ]) {
      refuses(lib, { sameSite, secure: true }, "sameSite");
    }
  });

  test("secure is true, false or auto; httpOnly and partitioned are booleans", (lib) => {
    for (const secure of [true, false, "auto"]) accepts(lib, { secure });
    for (const secure of ["", "yes", "true", "Auto", 1, 0, {}]) refuses(lib, { secure }, "secure");
    for (const option of ["httpOnly", "partitioned"]) {
      for (const value of ["yes", "false", 1, 0, {}]) refuses(lib, { [option]: value }, option);
    }
  });

  test('maxAge is "session" or a duration of up to 400 days', (lib) => {
    for (const maxAge of ["session", 1, 60, "90s", "30m", "12h", "7d", "400d", 400 * 86_400])
      accepts(lib, { maxAge });
    const refused = [
      0,
      -1,
      Number.NaN,
      Infinity,
      "",
      "Session",
      "abc",
      "0s",
      "401d",
      400 * 86_400 + 1,
      1e300,
      true,
      {},
    ];
    for (const maxAge of refused) refuses(lib, { maxAge }, "maxAge");
  });

  test("SameSite=None needs Secure", (lib) => {
    refuses(lib, { sameSite: "None", secure: false });
    accepts(lib, { sameSite: "None", secure: "auto" });
    accepts(lib, { sameSite: "None" });
  });

  for (const prefix of ["__Host-", "__host-", "__HOST-", "__hOsT-"]) {
    test(`${prefix} needs Secure, Path=/ and no Domain`, (lib) => {
      const name = `${prefix}x`;
      accepts(lib, { name });
      accepts(lib, { name, secure: true, path: "/" });
      refuses(lib, { name, secure: false });
      refuses(lib, { name, path: "/app" });
      refuses(lib, { name, domain: "shop.test" });
      refuses(lib, { name, secure: true, domain: "shop.test" });
    });
  }

  for (const prefix of ["__Secure-", "__secure-", "__SECURE-"]) {
    test(`${prefix} needs Secure, and no more`, (lib) => {
      const name = `${prefix}x`;
      accepts(lib, { name });
      accepts(lib, { name, secure: true, path: "/app", domain: "shop.test", httpOnly: false });
      refuses(lib, { name, secure: false });
    });
  }

  for (const prefix of ["__Http-", "__http-", "__HTTP-"]) {
    test(`${prefix} needs Secure and HttpOnly`, (lib) => {
      const name = `${prefix}x`;
      accepts(lib, { name });
      accepts(lib, { name, path: "/app", domain: "shop.test" });
      refuses(lib, { name, secure: false });
      refuses(lib, { name, httpOnly: false });
    });
  }

  for (const prefix of ["__Host-Http-", "__host-http-", "__HOST-HTTP-"]) {
    test(`${prefix} needs all of it`, (lib) => {
      const name = `${prefix}x`;
      accepts(lib, { name });
      refuses(lib, { name, secure: false });
      refuses(lib, { name, httpOnly: false });
      refuses(lib, { name, path: "/app" });
      refuses(lib, { name, domain: "shop.test" });
    });
  }

  test("names that only look like a prefix are free", (lib) => {
    for (const name of ["__Hostx", "x__Host-", "__Insecure-x", "_Host-x", "__x"]) {
      accepts(lib, { name, secure: false, path: "/app", domain: "shop.test", httpOnly: false });
    }
  });

  test("cookie is an object", (lib) => {
    for (const cookie of [5, "sid", true]) refuses(lib, cookie);
  });
});
