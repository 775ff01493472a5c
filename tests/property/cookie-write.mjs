/**
 * Random options of cookies: refused when configured, or every line that is sent keeps to the grammar, means what the
 * options say, and is one that a browser takes.
 */
import fc from "fast-check";
import { request } from "../suite/env.js";
import { counted, deepEqual, equal, isRefusal, ok, T0, unique } from "./check.mjs";
import { SET_COOKIE, stored } from "./rfc-cookie.mjs";

const CASES = ["https://shop.test/", "http://shop.test/"];

const junk = fc.oneof(
  fc.constantFrom(null, true, false, 0, 1, Number.NaN, "", "yes", "true", "auto", "Auto", {}, []),
  fc.string({ unit: "binary", maxLength: 6 }),
);
/** Mostly right, sometimes anything. */
const or = (right) => fc.oneof({ weight: 12, arbitrary: right }, { weight: 1, arbitrary: junk });
const token = fc.string({
  unit: fc.constantFrom(..."abcHOSThostp-_.!#$%&'*+^`|~09"),
  minLength: 1,
  maxLength: 12,
});
const prefix = fc.constantFrom(
  "__Host-",
  "__Secure-",
  "__Http-",
  "__Host-Http-",
  "__host-",
  "__SECURE-",
  "__hTTp-",
  "__HOST-http-",
  "__",
  "_",
  "__Hostx",
  "",
);
const rawPath = fc
  .string({ unit: fc.constantFrom(...'/abc .,=%"\\~?#@:;\n'), maxLength: 12 })
  .map((text) => `/${text}`);
const label = fc.string({ unit: fc.constantFrom(..."abz09-"), minLength: 1, maxLength: 6 });
const long = fc.tuple(
  fc.constantFrom(60, 63, 64, 254, 255, 256, 1023, 1024, 1025, 2048, 4060, 4097),
  fc.constantFrom("a", "/"),
);

const options = fc.record(
  {
    name: or(
      fc.oneof(
        fc.tuple(prefix, token).map((both) => both.join("")),
        long.map(([n]) => "n".repeat(n)),
      ),
    ),
    path: or(
      fc.oneof(
        fc.constantFrom("/", "/app", "/a b", "/a "),
        rawPath,
        long.map(([n, c]) => `/${c.repeat(n - 1)}`),
      ),
    ),
    domain: or(
      fc.oneof(
        fc.constantFrom(
          undefined,
          "shop.test",
          ".shop.test",
          "SHOP.test",
          "other.test",
          "shop.test.",
          "1.2.3.4",
        ),
        fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join(".")),
        long.map(([n]) => "a".repeat(n)),
      ),
    ),
    secure: or(fc.constantFrom(true, false, "auto", undefined)),
    httpOnly: or(fc.constantFrom(true, false, undefined)),
    sameSite: or(fc.constantFrom("Strict", "Lax", "None", undefined)),
    partitioned: or(fc.constantFrom(true, false, undefined)),
    maxAge: or(
      fc.constantFrom(
        "session",
        1,
        60,
        0.5,
        1.5,
        1.9999,
        "90s",
        "30m",
        "12h",
        "400d",
        "401d",
        34_560_000,
        34_560_001,
        0,
        -1,
        1e300,
        "1.5h",
        "0.5s",
      ),
    ),
  },
  { requiredKeys: [] },
);
const unknown = fc.constantFrom("expires", "max_age", "samesite", "Path", "__proto_", "priority");
const time = fc.constantFrom(T0, 0, 253_402_300_799_999, 253_402_300_800_000, 8.64e15 - 1);

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Browsers take white space off its end. */
const PATH = /^\/(?:[ -:<-~]*[!-:<-~])?$/;
const LABEL = /^[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?$/;

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 };

/** In milliseconds; undefined for what is no duration. */
function duration(given) {
  if (typeof given === "number") return given * 1000;
  const [, number, unit] = /^([0-9]+(?:\.[0-9]+)?)([smhd])$/.exec(given) ?? [];
  return number === undefined ? undefined : Number(number) * SECONDS[unit] * 1000;
}

/** Whether the options break a rule that must be told when they are given. */
function wrong({
  name = "sid",
  path = "/",
  domain,
  secure = "auto",
  httpOnly = true,
  sameSite = "Lax",
  partitioned = false,
  maxAge = "session",
}) {
  if (typeof name !== "string" || !NAME.test(name) || name.length > 4096) return true;
  if (typeof path !== "string" || !PATH.test(path) || path.length > 1024) return true;
  if (domain !== undefined && (typeof domain !== "string" || domain.length > 255)) return true;
  const labels = domain?.replace(/^\./, "").split(".") ?? [];
  if (!labels.every((one) => LABEL.test(one))) return true;
  if (![true, false, "auto"].includes(secure) || ![true, false].includes(httpOnly)) return true;
  if (!["Strict", "Lax", "None"].includes(sameSite) || ![true, false].includes(partitioned)) return true;
  if (maxAge !== "session") {
    const ms = typeof maxAge === "string" || typeof maxAge === "number" ? duration(maxAge) : undefined;
    if (!(ms >= 1000 && ms <= 34_560_000_000)) return true;
  }
  if (secure === false && (sameSite === "None" || partitioned)) return true;
  const lower = name.toLowerCase();
  const host = lower.startsWith("__host-");
  const http = lower.startsWith("__http-") || lower.startsWith("__host-http-");
  if ((host || http || lower.startsWith("__secure-")) && secure === false) return true;
  return (host && (path !== "/" || domain !== undefined)) || (http && !httpOnly);
}

/** What a line for this URL must come to; undefined where browsers would drop any, and none may be sent. */
function meaning(
  {
    name = "sid",
    path = "/",
    domain,
    secure = "auto",
    httpOnly = true,
    sameSite = "Lax",
    partitioned = false,
    maxAge = "session",
  },
  url,
  now,
) {
  const safe = secure === true || (secure === "auto" && url.startsWith("https:"));
  const needs = sameSite === "None" || partitioned || /^__(?:host|http|secure)-/i.test(name);
  if (needs && !safe) return undefined;
  const bare = path === "/" && domain === undefined && !name.startsWith("__");
  const ms = maxAge === "session" ? undefined : Math.round(duration(maxAge));
  return {
    name: safe && bare ? `__Host-${name}` : name,
    path,
    domain: domain?.replace(/^\./, "").toLowerCase(),
    secure: safe,
    httpOnly,
    sameSite,
    ...(partitioned ? { partitioned } : {}),
    ...(ms === undefined ? {} : { maxAge: Math.floor(ms / 1000), ...expires(now + ms) }),
  };
}

/** To a second, and no year of five digits. */
const expires = (ms) => (ms < 253_402_300_800_000 ? { expires: Math.floor(ms / 1000) * 1000 } : {});

function held(line, wanted, hostless) {
  ok(SET_COOKIE.test(line), "a Set-Cookie line breaks the grammar");
  const names = line
    .split("; ")
    .slice(1)
    .map((part) => part.split("=")[0].toLowerCase());
  equal(new Set(names).size, names.length, "attributes, each once");
  const host = wanted.domain ?? "shop.test";
  const { dropped, cookie } = stored(line, host);
  // Over plain http a proxy may stand before us: what is sent as Secure is judged as over https.
  ok(dropped === undefined, `a browser drops it: ${dropped}`);
  const { value, ...rest } = cookie;
  deepEqual(rest, hostless, "what a browser keeps");
  return value;
}

async function sent(lib, manager, given, url, now, events) {
  const wanted = meaning(given, url, now);
  events.length = 0;
  const session = await manager.open(request(url));
  session.set("n", 1);
  let response;
  try {
    response = await manager.commit(session, new Response(null));
  } catch (error) {
    isRefusal(lib, error, ["ERR_COOKIE_TOO_LARGE"]);
    ok((given.name ?? "sid").length + 31 > 4096, "it would have been small enough");
    return;
  }
  const lines = response.headers.getSetCookie();
  equal(lines.length, wanted === undefined ? 0 : 1, "Set-Cookie lines");
  equal(events.includes("cookie-unsendable"), wanted === undefined, "told that it can't be sent");
  if (wanted === undefined) return;
  const value = held(lines[0], wanted, wanted);
  ok(/^[0-9A-Za-z_-]{24}$/.test(value), "the value");
  const again = await manager.open(request(url, { cookie: `${wanted.name}=${value}` }));
  equal(again.get("n"), 1, "the session that comes with it");
  again.destroy();
  const [removal] = (await manager.commit(again, new Response(null))).headers.getSetCookie();
  const { maxAge, expires, ...attributes } = wanted;
  equal(held(removal, wanted, { ...attributes, maxAge: 0, expires: 0 }), "", "the value of a removal");
}

/** Whether it was refused; `wanted` says what it must be, where that is settled. */
async function configured(lib, given, now) {
  counted.operations++;
  const events = [];
  const told = { now: () => now, onEvent: ({ type }) => events.push(type), absolute: "400d", idle: "400d" };
  let manager;
  try {
    manager = lib.sessions({ ...told, table: unique("write"), cookie: given });
  } catch (error) {
    isRefusal(lib, error, ["ERR_BAD_OPTION"]);
    // Very long names may be refused before they are too long.
    ok(wrong(given) || (given.name ?? "").length > 2000 || now === undefined, "right options were refused");
    return;
  }
  ok(!wrong(given), "wrong options were accepted");
  try {
    for (const url of CASES) await sent(lib, manager, given, url, now, events);
  } finally {
    manager.table.drop();
  }
}

/** Each of all code units, within, before and behind what is right. */
const SWEPT = {
  name: (unit) => [`a${unit}b`, `${unit}a`, `a${unit}`],
  path: (unit) => [`/a${unit}b`, `${unit}/a`, `/a${unit}`],
  domain: (unit) => [`a${unit}b.test`, `${unit}a.test`, `a.test${unit}`],
  sameSite: (unit) => [`Lax${unit}`, `${unit}Lax`, unit],
  maxAge: (unit) => [`1h${unit}`, `${unit}1h`, `1${unit}h`, `session${unit}`],
  secure: (unit) => [`auto${unit}`, unit],
  httpOnly: (unit) => [unit],
  partitioned: (unit) => [unit],
};

/** Latin and its neighbours in each place; the others in one place each, unless there is time for more. */
async function sweep(lib, long) {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    for (let code = 0; code < 65_536; code++) {
      const unit = String.fromCharCode(code);
      for (const [option, make] of Object.entries(SWEPT)) {
        const values = make(unit);
        const near = long || code < 0x300;
        const some = near ? values : values.length > 2 ? [values[code % values.length]] : [];
        for (const value of some) await swept(lib, option, value);
      }
    }
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

async function swept(lib, option, value) {
  const given = { [option]: value };
  counted.operations++;
  try {
    lib.sessions({ table: "swept", cookie: given });
  } catch (error) {
    if (error instanceof lib.EtsError && error.code === "ERR_BAD_OPTION" && wrong(given)) return;
  }
  // What is accepted has to be sent as well.
  await configured(lib, given, T0).catch((error) => {
    throw new Error(`${JSON.stringify(given)}: ${error.message}`);
  });
}

export default {
  name: "cookie-write",
  runs: 1500,
  once: sweep,
  property: (lib) =>
    fc.asyncProperty(
      options,
      fc.option(unknown, { freq: 20, nil: undefined }),
      time,
      async (given, extra, now) => {
        if (extra !== undefined) {
          counted.operations++;
          let error;
          try {
            lib.sessions({ table: unique("write"), cookie: { ...given, [extra]: "x" } });
          } catch (thrown) {
            error = thrown;
          }
          isRefusal(lib, error, ["ERR_BAD_OPTION"]);
          return;
        }
        await configured(lib, given, now);
      },
    ),
};
