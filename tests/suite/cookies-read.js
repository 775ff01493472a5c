/** Reading the Cookie header: tolerant, exact about our name, linear in time, never an exception. */
import { client, site } from "./client.js";
import { request } from "./env.js";
import { equal, group, test } from "./harness.js";

export const NAME = "__Host-sid";
export const URL = "https://shop.test/";

/** A stored session, and a question: does this Cookie header lead to it? */
export async function stored(lib, options = {}, origin = "https://shop.test") {
  const s = site(lib, options, origin);
  await s.browser.visit((session) => session.set("user", "ada"));
  const user = async (header) =>
    (await s.manager.open(request(`${origin}/`, { cookie: header }))).get("user");
  return { ...s, id: s.browser.cookie, user, opens: async (header) => (await user(header)) === "ada" };
}

/** Asserts for each header, given as a function of the session's id, whether it leads to the session. */
export async function each(lib, headers, expected, options, origin) {
  const { id, opens } = await stored(lib, options, origin);
  for (const [name, make] of Object.entries(headers)) equal(await opens(make(id)), expected, name);
}

group("cookies read", () => {
  test("ours is found among others", (lib) =>
    each(
      lib,
      {
        alone: (id) => `${NAME}=${id}`,
        first: (id) => `${NAME}=${id}; a=1`,
        last: (id) => `a=1; b=2; ${NAME}=${id}`,
        "without spaces": (id) => `a=1;${NAME}=${id};b=2`,
        "after empty pairs": (id) => `;;; ;${NAME}=${id};;`,
        "after a pair without =": (id) => `a; ${NAME}=${id}`,
        "after a pair without a name": (id) => `=x; ${NAME}=${id}`,
        "after an open quote": (id) => `a="x; ${NAME}=${id}; b=y"`,
        "after $ names": (id) => `$Version=1; ${NAME}=${id}; $Path=/`,
        "after names like ours": (id) => `sid=1; x${NAME}=2; ${NAME}x=3; Host-sid=4; ${NAME}=${id}`,
        "after names of Object.prototype": (id) => `__proto__=1; constructor=2; toString=3; ${NAME}=${id}`,
        "after values with = in them": (id) => `a=b=c==; ${NAME}=${id}`,
        "after fifty of other people's": (id) => `${"_ga=GA1.2.3456789.123456789; ".repeat(50)}${NAME}=${id}`,
      },
      true,
    ));

  test("spaces and tabs around a pair are trimmed", (lib) =>
    each(
      lib,
      {
        before: (id) => `a=1;   ${NAME}=${id}`,
        after: (id) => `${NAME}=${id}   ; a=1`,
        "a tab before": (id) => `a=1;\t${NAME}=${id}`,
        "a tab after": (id) => `${NAME}=${id}\t; a=1`,
        "all of them": (id) => ` \t ${NAME}=${id} \t `,
      },
      true,
    ));

  test("pairs without a name, or without =, are never ours", (lib) =>
    each(
      lib,
      {
        "nameless, ours in the value": (id) => `=${NAME}=${id}`,
        "nameless twice": (id) => `==${NAME}=${id}`,
        "nameless with the id": (id) => `=${id}`,
        "the id alone": (id) => id,
        "the name alone": (id) => `${NAME}; =${id}`,
        "ours in another's value": (id) => `a=${NAME}=${id}`,
        "a space for =": (id) => `${NAME} ${id}`,
      },
      false,
    ));

  test("the prefix is part of the name", async (lib) => {
    await each(
      lib,
      { "sid over https": (id) => `sid=${id}`, "__Secure-": (id) => `__Secure-sid=${id}` },
      false,
    );
    await each(lib, { "__Host- over http": (id) => `${NAME}=${id}` }, false, {}, "http://shop.test");
    await each(lib, { "sid over http": (id) => `sid=${id}` }, true, {}, "http://shop.test");
  });

  test("values are not decoded, unquoted or joined", (lib) =>
    each(
      lib,
      {
        quoted: (id) => `${NAME}="${id}"`,
        "percent-encoded": (id) => `${NAME}=%${id.charCodeAt(0).toString(16)}${id.slice(1)}`,
        "with = after": (id) => `${NAME}=${id}=`,
        "with a space inside": (id) => `${NAME}=${id.slice(0, 12)} ${id.slice(12)}`,
        "a comma is no separator, after": (id) => `${NAME}=${id}, a=1`,
        "a comma is no separator, before": (id) => `a=1, ${NAME}=${id}`,
      },
      false,
    ));

  test("an id of another shape is no session", (lib) =>
    each(
      lib,
      {
        empty: () => `${NAME}=`,
        "one short": (id) => `${NAME}=${id.slice(0, -1)}`,
        "one long": (id) => `${NAME}=${id}A`,
        "one changed": (id) => `${NAME}=${id[0] === "A" ? "B" : "A"}${id.slice(1)}`,
        "other case": (id) =>
          `${NAME}=${id.replace(/[a-zA-Z]/, (c) => (c < "a" ? c.toLowerCase() : c.toUpperCase()))}`,
        twice: (id) => `${NAME}=${id}${id}`,
        "plain base64": (id) => `${NAME}=${id.slice(0, -2)}+/`,
        dots: (id) => `${NAME}=../${id.slice(3)}`,
        wildcard: (id) => `${NAME}=${"*".repeat(id.length)}`,
        "non-ASCII": (id) => `${NAME}=${id.slice(0, -1)}é`,
        "a million characters": (id) => `${NAME}=${id.repeat(42_000)}`,
      },
      false,
    ));

  test("of several cookies of our name the first well-formed one counts, never the last", async (lib) => {
    const { id, manager, user } = await stored(lib);
    const other = client(manager);
    await other.visit((session) => session.set("user", "bob"));
    const [a, b] = [`${NAME}=${id}`, `${NAME}=${other.cookie}`];
    const unknown = `${NAME}=${"A".repeat(id.length)}`;
    equal(await user(`${a}; ${b}`), "ada");
    equal(await user(`${b}; ${a}`), "bob");
    equal(await user(`${NAME}=; ${a}; ${b}`), "ada");
    equal(await user(`${NAME}=junk; ${b}`), "bob");
    equal(await user(`${NAME}="x"; x=1; ${a}; ${b}`), "ada");
    equal(await user(`${unknown}; ${a}`), undefined);
    equal(await user(`${a}; ${unknown}`), "ada");
  });

  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty", "!#$%&'*+-.^_`|~"]) {
    test(`a cookie may be called ${name}`, async (lib) => {
      const { id, opens, user, browser } = await stored(
        lib,
        { cookie: { name, secure: false } },
        "http://shop.test",
      );
      equal([...browser.jar.keys()][0], name);
      equal(await opens(`a=1; ${name}=${id}`), true);
      for (const header of ["", "a=1", `${name}=x`, "__proto__=1; constructor=2"])
        equal(await user(header), undefined);
    });
  }

  test("no header, and an empty one, are no session", async (lib) => {
    const { manager } = site(lib);
    equal((await manager.open(new Request(URL))).isNew, true);
    equal((await manager.open(request(URL, { cookie: "" }))).isNew, true);
  });

  test("the id is taken from the cookie alone", async (lib) => {
    const { id, manager } = await stored(lib);
    const headers = {
      authorization: `Bearer ${id}`,
      "x-session": id,
      sid: id,
      "set-cookie": `${NAME}=${id}`,
    };
    const session = await manager.open(new Request(`${URL}?sid=${id}&${NAME}=${id}#${id}`, { headers }));
    equal(session.isNew, true);
    equal(session.get("user"), undefined);
  });
});
