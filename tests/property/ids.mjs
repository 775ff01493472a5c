/** Ids that are made up, and genuine ones that are changed: none opens another's session. */
import fc from "fast-check";
import { client } from "../suite/client.js";
import { request } from "../suite/env.js";
import { counted, equal, ok, T0, unique } from "./check.mjs";

const URL = "https://ids.test/";
const NAME = "__Host-sid";
const SITES = 5;
const EACH = 3;

const genuine = fc.tuple(fc.nat(SITES - 1), fc.nat(EACH - 1));
const at = fc.nat(60);
const base64url = fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
const odd = fc.constantFrom(...'+/=. ,"%\\\0\x7f\u00a0é\u0100\ud800😀');

/** What is done to a genuine value, or instead of it. */
const change = fc.oneof(
  fc.tuple(fc.constant("as it is")),
  fc.tuple(fc.constant("one other"), at, fc.oneof(base64url, odd)),
  fc.tuple(fc.constant("bit"), at, fc.nat(5)),
  fc.tuple(fc.constant("cut"), at),
  fc.tuple(fc.constant("cut before"), at),
  fc.tuple(fc.constant("longer"), fc.string({ unit: fc.oneof(base64url, odd), minLength: 1, maxLength: 26 })),
  fc.tuple(fc.constant("before"), fc.string({ unit: base64url, minLength: 1, maxLength: 24 })),
  fc.tuple(fc.constant("case"), at),
  fc.tuple(fc.constant("plain base64")),
  fc.tuple(fc.constant("percent"), at),
  fc.tuple(fc.constant("hash")),
  fc.tuple(fc.constant("tag of"), genuine),
  fc.tuple(fc.constant("behind"), genuine),
  fc.tuple(fc.constant("twice")),
  fc.tuple(fc.constant("backwards")),
);
const invented = fc.oneof(
  fc.string({ unit: base64url, minLength: 24, maxLength: 24 }),
  fc.string({ unit: base64url, minLength: 48, maxLength: 48 }),
  fc.string({ unit: base64url, maxLength: 100 }),
  fc.string({ unit: "binary", maxLength: 50 }),
  fc.constantFrom("", "A".repeat(24), "_".repeat(48), "A".repeat(100_000), "../../x", "__proto__"),
);

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

function changed(value, hash, all, [how, ...args]) {
  const [place, by] = args;
  const i = typeof place === "number" ? place % value.length : 0;
  const replaced = (char) => value.slice(0, i) + char + value.slice(i + 1);
  switch (how) {
    case "one other":
      return replaced(by);
    case "bit":
      return replaced(ALPHABET[ALPHABET.indexOf(value[i]) ^ (1 << by)]);
    case "cut":
      return value.slice(0, i);
    case "cut before":
      return value.slice(i);
    case "longer":
      return value + place;
    case "before":
      return place + value;
    case "case":
      return replaced(value[i] < "a" ? value[i].toLowerCase() : value[i].toUpperCase());
    case "plain base64":
      return value.replaceAll("-", "+").replaceAll("_", "/");
    case "percent":
      return replaced(`%${value.charCodeAt(i).toString(16)}`);
    case "hash":
      return hash;
    case "tag of":
      return value.slice(0, 24) + all[place[0]][place[1]].value.slice(24);
    case "behind":
      return value + all[place[0]][place[1]].value;
    case "twice":
      return value + value;
    case "backwards":
      return [...value].reverse().join("");
  }
  return value;
}

/** Sites without secrets and with them; one that knows another's, over the same table and over its own. */
async function made(lib) {
  const [first, second] = [unique("ids"), unique("ids")];
  const told = [
    { table: unique("ids") },
    { table: first, secrets: "one" },
    { table: first, secrets: ["two", "one"] },
    { table: second, secrets: "one" },
    { table: unique("ids"), secrets: ["three"] },
  ];
  const managers = told.map((options) => lib.sessions({ ...options, now: () => T0 }));
  const all = [];
  for (const [site, manager] of managers.entries()) {
    const visitors = Array.from({ length: EACH }, () => client(manager, "https://ids.test"));
    const ids = [];
    for (const [i, visitor] of visitors.entries()) {
      await visitor.visit((session) => session.set("who", `${site}-${i}`));
      const { result: hash } = await visitor.visit((session) => session.id);
      ids.push({ value: visitor.cookie, hash });
    }
    all.push(ids);
  }
  return { managers, all };
}

const sites = new Map();

async function check(lib, site, [from, which], how, text) {
  counted.operations++;
  if (!sites.has(lib)) sites.set(lib, await made(lib));
  const { managers, all } = sites.get(lib);
  const { value, hash } = all[from][which];
  const cookie = text ?? changed(value, hash, all, how);
  const manager = managers[site];
  // The header may take white space off; what arrives counts.
  const asked = request(URL, { cookie: `${NAME}=${cookie}` });
  const arrived = asked.headers
    .get("cookie")
    .slice(NAME.length + 1)
    .split(";")[0]
    .replace(/^[ \t]+|[ \t]+$/g, "");
  // Only what a site gave opens its session: its own, or what another with one of its secrets gave for the same table.
  const givers = site === 2 ? [1, 2] : [site];
  const owner = givers
    .map((giver) => [giver, all[giver].findIndex((one) => one.value === arrived)])
    .find(([, i]) => i >= 0);
  const who = owner === undefined ? undefined : owner.join("-");
  const before = manager.table.size;
  const session = await manager.open(asked);
  equal(session.get("who"), who, "whose session it is");
  equal(session.isNew, who === undefined, "isNew");
  if (who !== undefined) return;
  // It is not adopted either.
  session.set("mine", 1);
  const [line] = (await manager.commit(session, new Response(null))).headers.getSetCookie();
  const fresh = line.split(";")[0].slice(NAME.length + 1);
  ok(fresh !== arrived && !fresh.startsWith(arrived.slice(0, 24).padEnd(24)), "the id was adopted");
  const mine = await manager.open(request(URL, { cookie: `${NAME}=${fresh}` }));
  mine.destroy();
  await manager.commit(mine, new Response(null));
  equal(manager.table.size, before, "rows");
}

export default {
  name: "ids",
  runs: 2500,
  property: (lib) =>
    fc.asyncProperty(
      fc.nat(SITES - 1),
      genuine,
      change,
      fc.option(invented, { freq: 4, nil: undefined }),
      (site, whose, how, text) => check(lib, site, whose, how, text),
    ),
};
