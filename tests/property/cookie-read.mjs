/** Random Cookie headers: which value of our name counts is what a parser made from the RFC alone says. */
import { parse } from "cookie";
import fc from "fast-check";
import { client } from "../suite/client.js";
import { request } from "../suite/env.js";
import { counted, equal, ok, T0, unique } from "./check.mjs";
import { presented } from "./rfc-cookie.mjs";

/** Stand for what is in the cookies; no id is in a counterexample. */
const A = "{A}";
const B = "{B}";
const DEAD = "{DEAD}";
const FOREIGN = "{FOREIGN}";
const OURS = "{NAME}";

const WHITE = ["", "", "", " ", "\t", "  ", " \t "];
const FALSE_WHITE = [
  "\u00a0",
  "\ufeff",
  "\u2003",
  "\u3000",
  "\v",
  "\f",
  "\r",
  "\n",
  "\0",
  "\x1f",
  "\x7f",
  "\x85",
  "\u2028",
];

const white = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...WHITE) },
  { weight: 1, arbitrary: fc.constantFrom(...FALSE_WHITE) },
);
const name = fc.oneof(
  { weight: 8, arbitrary: fc.constant(OURS) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "a",
      "",
      "sid",
      "__Secure-sid",
      "__Http-sid",
      "$Version",
      "__proto__",
      "constructor",
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "{name}",
      "{NAME%}",
      '"{NAME}"',
      "{NAME}x",
      "x{NAME}",
      "{NAME};",
      "={NAME}",
      "\u017f{NAME}",
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 5 }) },
);
const genuine = fc.constantFrom(A, A, A, B, DEAD, FOREIGN);
const value = fc.oneof(
  { weight: 6, arbitrary: genuine },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '"{A}"',
      "{A}=",
      "={A}",
      "{A-}",
      "{A}A",
      "{A%}",
      "{A}{A}",
      "{A~}",
      "{A^}",
      "{A}, {B}",
      "{A} {B}",
      "{A}\0",
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "",
      "A".repeat(24),
      "A".repeat(48),
      "../../etc/passwd",
      "%00",
      "*",
      "{NAME}={A}",
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 30 }) },
);
const equals = fc.constantFrom("=", "=", "=", "=", "=", "", "==", " = ", "%3D", "\uff1d");
const one = fc.tuple(white, name, white, equals, white, value, white).map((parts) => parts.join(""));
const separator = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom("; ", "; ", ";", ";;", " ; ") },
  { weight: 1, arbitrary: fc.constantFrom(", ", ",", "%3B", "\uff1b", "&", "\n") },
);
const edit = fc.tuple(
  fc.constantFrom("cut", "insert", "replace"),
  fc.nat(400),
  fc.constantFrom(...'=; \t,"%\\\0\r\n\x7f\u00a0é\ud800\ufeffA_-'),
);
const huge = fc.tuple(
  fc.constantFrom("a=b; ", ";", "=", " ", `${OURS}=x; `, `${OURS};`, "\t", "%5F"),
  fc.constantFrom(1000, 9000),
);

const header = fc.record({
  pairs: fc.array(fc.tuple(one, separator), { minLength: 1, maxLength: 7 }),
  edits: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(edit, { maxLength: 3 }) },
  ),
  huge: fc.option(huge, { freq: 30, nil: undefined }),
});

function written({ pairs, edits, huge }) {
  let text = pairs.flat().slice(0, -1).join("");
  for (const [how, at, char] of edits) {
    const place = at % (text.length + 1);
    text =
      text.slice(0, place) + (how === "cut" ? "" : char) + text.slice(place + (how === "insert" ? 0 : 1));
  }
  return huge === undefined ? text : huge[0].repeat(huge[1]) + text;
}

const swapped = (text) => text.replace(/[A-Za-z]/, (c) => (c < "a" ? c.toLowerCase() : c.toUpperCase()));
const encoded = (text) => `%${text.charCodeAt(0).toString(16)}${text.slice(1)}`;

const SITES = [
  { cookie: {}, origin: "https://read.test", name: "__Host-sid" },
  { cookie: {}, origin: "http://read.test", name: "sid" },
  { cookie: { name: "__Secure-id" }, origin: "https://read.test", name: "__Secure-id" },
  { cookie: { path: "/app", name: "a.b~c" }, origin: "https://read.test", name: "a.b~c" },
  { cookie: {}, origin: "https://read.test", name: "__Host-sid", secrets: ["one of ours"] },
  {
    cookie: { domain: "read.test" },
    origin: "https://read.test",
    name: "sid",
    secrets: ["new", "one of ours"],
  },
];

/** Sessions that are looked for in every header; made once. */
async function made(lib, { cookie, origin, name, secrets }) {
  const events = [];
  const options = { cookie, ...(secrets === undefined ? {} : { secrets }) };
  const table = unique("read");
  const manager = lib.sessions({ ...options, table, now: () => T0, onEvent: (event) => events.push(event) });
  const session = async (manager, user) => {
    const visitor = client(manager, origin);
    await visitor.visit((session) => session.set("user", user));
    return visitor;
  };
  const [a, b, dead] = [
    await session(manager, "A"),
    await session(manager, "B"),
    await session(manager, "dead"),
  ];
  const values = new Map([
    [A, a.cookie],
    [B, b.cookie],
    [DEAD, dead.cookie],
  ]);
  await dead.visit((session) => session.destroy());
  const foreign = lib.sessions({ ...options, table: unique("foreign"), now: () => T0 });
  values.set(FOREIGN, (await session(foreign, "foreign")).cookie);
  return { manager, events, origin, name, signed: secrets !== undefined, values };
}

function filled(site, text) {
  const { name, values } = site;
  const a = values.get(A);
  const made = {
    [OURS]: name,
    "{name}": swapped(name),
    "{NAME%}": encoded(name),
    "{A-}": a.slice(0, -1),
    "{A%}": encoded(a),
    "{A~}": (a[0] === "A" ? "B" : "A") + a.slice(1),
    "{A^}": swapped(a),
  };
  return text.replace(/\{[A-Za-z]+[-%~^]?\}/g, (mark) => made[mark] ?? values.get(mark) ?? mark);
}

/** The user whose session the header leads to, and whether a cookie of our name is in it. */
function expected({ name, values, signed }, header) {
  const ours = presented(header)
    .filter(([other]) => other === name)
    .map(([, value]) => value);
  const users = new Map([
    [values.get(A), "A"],
    [values.get(B), "B"],
  ]);
  const any = ours.length > 0;
  if (!signed) return { any, user: users.get(ours.find((value) => /^[0-9A-Za-z_-]{24}$/.test(value))) };
  // A dead one is genuine too, and so not the only one beside a living one.
  const valid = new Set(ours.filter((value) => users.has(value) || value === values.get(DEAD)));
  return { any, user: valid.size === 1 ? users.get([...valid][0]) : undefined };
}

/** A third parser, where it does what the RFC says: it decodes, and takes an empty name for none. */
function third(name, header) {
  const first = presented(header).find(([other]) => other === name);
  equal(
    parse(header, { decode: (value) => value })[name],
    first?.[1],
    "the first value, as another parser has it",
  );
}

const sites = new Map();

async function check(lib, number, shape) {
  counted.operations++;
  if (!sites.has(lib)) sites.set(lib, await Promise.all(SITES.map((one) => made(lib, one))));
  const site = sites.get(lib)[number];
  const { manager, events, origin, name } = site;
  const cookie = filled(site, written(shape));
  const asked = request(`${origin}/`, { cookie });
  const arrived = asked.headers.get("cookie") ?? "";
  const wanted = expected(site, arrived);
  if (arrived.length > 1) third(name, arrived);
  events.length = 0;
  const session = await manager.open(asked);
  equal(session.get("user"), wanted.user, "the user");
  equal(session.isNew, wanted.user === undefined, "isNew");
  for (const { type, id } of events) {
    equal(type, "forged", "event");
    ok(/^[0-9A-Za-z_-]{22}$/.test(id) && !arrived.includes(id), "an event's id is a hash");
  }
  if (!site.signed) equal(events.length, 0, "events without secrets");
  session.ignore();
  await manager.commit(session, new Response(null));
  if (wanted.user !== undefined) return;
  const other = await manager.open(asked);
  other.destroy();
  const lines = (await manager.commit(other, new Response(null))).headers.getSetCookie();
  equal(lines.length, wanted.any ? 1 : 0, "deletion cookies");
}

export default {
  name: "cookie-read",
  runs: 2500,
  property: (lib) =>
    fc.asyncProperty(fc.nat(SITES.length - 1), header, (site, shape) => check(lib, site, shape)),
};
