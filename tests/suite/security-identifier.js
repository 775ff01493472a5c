/** The identifier: how it is made, what it looks like, and what happens when chance fails. */
import { cookiesOf, site } from "./client.js";
import { request } from "./env.js";
import { deepEqual, equal, group, makeTable, ok, onlyRow, T0, test } from "./harness.js";
import { KEY, secured, withBrokenRandom } from "./security-help.js";

const ID = /^[0-9A-Za-z_-]{24}$/;
const bytesOf = (id) =>
  Array.from(atob(id.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

async function issued(lib, count, value = (i) => i) {
  const { another } = site(lib);
  const ids = [];
  for (let i = 0; i < count; i++) {
    const visitor = another();
    await visitor.visit((session) => session.set("n", value(i)));
    ids.push(visitor.cookie);
  }
  return ids;
}

group("security, identifier", () => {
  test("S1 an id is 144 bits, all of them random, and no two are alike", async (lib) => {
    const count = 2000;
    const ids = await issued(lib, count);
    equal(new Set(ids).size, count);
    const tally = new Array(256).fill(0);
    const places = Array.from({ length: 18 }, () => new Set());
    let ones = 0;
    for (const id of ids) {
      ok(ID.test(id), "not 24 base64url characters");
      for (const [place, byte] of bytesOf(id).entries()) {
        tally[byte]++;
        places[place].add(byte);
        for (let rest = byte; rest > 0; rest >>= 1) ones += rest & 1;
      }
    }
    const bits = count * 144;
    ok(Math.abs(ones - bits / 2) < 3.5 * Math.sqrt(bits), "as many ones as zeros");
    const expected = (count * 18) / 256;
    const chi = tally.reduce((sum, found) => sum + (found - expected) ** 2 / expected, 0);
    ok(chi < 450, "every byte as often as the others");
    for (const seen of places) ok(seen.size > 230, "a byte that tells time or counts");
  });

  for (const [what, options] of [
    ["without secrets", {}],
    ["with secrets", { secrets: KEY }],
  ]) {
    test(`S2 what has not the exact shape is no session and costs no look-up, ${what}`, async (lib) => {
      // Whoever looks something up asks what time it is; so does the hash in an event, once.
      let asked = 0;
      const now = () => {
        asked++;
        return T0;
      };
      const { manager, cookie, name, events } = await secured(lib, { ...options, now });
      const odd = [
        "\0",
        "%00",
        "../",
        "\r\n",
        "*",
        ":",
        '"',
        "'",
        "\u00a0",
        "\ud800",
        " ",
        "=",
        "+",
        "/",
        "~",
      ];
      const shapes = [
        "",
        cookie.slice(1),
        cookie.slice(0, -1),
        `${cookie}A`,
        `${cookie}=`,
        "A".repeat(1_000_000),
      ];
      for (const mark of odd) {
        shapes.push(cookie.slice(0, -mark.length) + mark, `${mark}${cookie.slice(mark.length)}`);
        shapes.push(cookie.slice(0, 8) + mark + cookie.slice(8), mark);
      }
      for (const shape of shapes) {
        if ([" ", "="].some((mark) => shape === mark + cookie.slice(1))) continue;
        asked = 0;
        events.length = 0;
        const session = await manager.open(request("https://shop.test/", { cookie: `${name}=${shape}` }));
        equal(session.isNew, true);
        equal(asked - events.length, 0, "look-ups");
      }
      asked = 0;
      events.length = 0;
      await manager.open(request("https://shop.test/", { cookie: `${name}=${cookie}` }));
      ok(asked - events.length > 0, "the look-up of a whole id was not seen");
    });
  }

  test("S3 an id means nothing: it has one length whatever is stored, and equal data gives unlike ids", async (lib) => {
    const canary = "user-canary";
    const ids = [
      ...(await issued(lib, 20, () => canary)),
      ...(await issued(lib, 5, (i) => canary.repeat(i * 100))),
    ];
    for (const id of ids) {
      ok(ID.test(id));
      ok(
        !bytesOf(id)
          .map((byte) => String.fromCharCode(byte))
          .join("")
          .includes("user"),
        "data in the id",
      );
    }
    for (const [i, a] of ids.entries()) {
      for (const b of ids.slice(i + 1)) {
        const same = Array.from(a).filter((c, at) => c === b[at]).length;
        ok(same < 10, "two ids are alike");
      }
    }
  });

  test("S4 the cookie's name tells nothing of the product, nor does any header", async (lib) => {
    for (const [origin, name] of [
      ["https://shop.test", "__Host-sid"],
      ["http://shop.test", "sid"],
    ]) {
      const { browser } = site(lib, {}, origin);
      const { response, cookies } = await browser.visit((session) => session.set("n", 1));
      deepEqual(
        cookies.map((cookie) => cookie.name),
        [name],
      );
      const added = [...response.headers.keys()].filter((header) => header !== "content-type");
      deepEqual([...new Set(added)].sort(), ["cache-control", "set-cookie", "vary"]);
    }
  });

  test("S5 a source of randomness that fails gives no id, and nothing weaker takes its place", async (lib) => {
    const { another, table } = site(lib);
    let stored = 0;
    let refused = 0;
    await withBrokenRandom(
      lib,
      () => {
        throw new Error("no entropy");
      },
      async () => {
        for (let i = 0; i < 6000 && refused < 5; i++) {
          try {
            await another().visit((session) => session.set("n", i));
            stored++;
          } catch {
            refused++;
          }
        }
      },
    );
    equal(refused, 5, "refusals");
    equal(table.count(), stored);
  });

  test("S5 bytes that are all zero never become an id", async (lib) => {
    const { another } = site(lib);
    let weak = 0;
    let refused = 0;
    await withBrokenRandom(
      lib,
      (bytes) => bytes.fill(0),
      async () => {
        for (let i = 0; i < 6000 && refused < 3; i++) {
          const visitor = another();
          try {
            await visitor.visit((session) => session.set("n", i));
            if (bytesOf(visitor.cookie).every((byte) => byte === 0)) weak++;
          } catch {
            refused++;
          }
        }
      },
    );
    equal(refused, 3, "refusals");
    equal(weak, 0, "ids of zeros");
  });

  test("S6 an id that comes up again takes over no row: neither when a session is made nor when one is renewed", async (lib) => {
    const { another, manager, table } = site(lib);
    const visitors = [];
    let refused = 0;
    const victim = another();
    await victim.visit((session) => session.set("owner", "victim"));
    await withBrokenRandom(
      lib,
      (bytes) => bytes.fill(0x5a),
      async () => {
        for (let i = 0; i < 6000 && refused < 3; i++) {
          const visitor = another();
          try {
            await visitor.visit((session) => session.set("owner", i));
            visitors.push(visitor);
          } catch {
            refused++;
          }
        }
        for (const change of [(session) => session.renew(), (session) => session.login("user-1")]) {
          const session = await manager.open(victim.request());
          change(session);
          const sent = await manager.commit(session, new Response("ok")).then(cookiesOf, () => []);
          for (const { value } of sent) victim.jar.set("__Host-sid", value);
        }
      },
    );
    equal(refused, 3, "refusals");
    equal(table.count(), visitors.length + 1);
    equal(new Set(visitors.map(({ cookie }) => cookie)).size, visitors.length);
    for (const [i, visitor] of visitors.entries()) {
      if (i > visitors.length - 50) equal((await visitor.visit((session) => session.get("owner"))).result, i);
    }
    equal((await victim.visit((session) => session.get("owner"))).result, "victim");
  });

  test("S6 storing under an id that is taken is refused where it is asked for", (lib) => {
    const t = makeTable(lib);
    t.insertNew("k", { owner: "first" });
    equal(t.insertNew("k", { owner: "second" }), false);
    deepEqual(onlyRow(t).row, { owner: "first" });
  });
});
