/** What is done to each peer, and the words for what was seen. Nothing here knows which peer it is. */
import { later } from "./later.mjs";
import { VALUES } from "./values.mjs";
import { Visitor } from "./visitor.mjs";

export const NONE = "no such thing";

/** A site with one visitor who has a session: n is 1. */
async function begun(peer, options) {
  const site = await peer.open(options);
  const visitor = new Visitor(site);
  await visitor.visit((session) => session.set("n", 1) && undefined);
  return { site, visitor };
}

const kept = (a, b) => (a && b ? "both kept" : a || b ? "one lost" : "both lost");

const put = (key, value) => (session) => {
  session.set(key, value);
};

/** The cookie's pair of the session's cookie, which is the only one. */
const only = (visitor) => [...visitor.jar][0];

export const SCENARIOS = {
  async "two requests at once write different fields"(peer) {
    const { visitor } = await begun(peer);
    await visitor.overlap(put("slow", 1), (browser) => browser.visit(put("fast", 1)));
    return kept((await visitor.reads("slow")) === 1, (await visitor.reads("fast")) === 1);
  },

  async "two at once count up, by an operation for that"(peer) {
    const { visitor } = await begun(peer);
    let offered = true;
    const up = (session) => {
      offered = session.increment !== undefined;
      if (offered) session.increment("n", 1);
    };
    await visitor.overlap(up, (browser) => browser.visit(up));
    if (!offered) return NONE;
    return (await visitor.reads("n")) === 3 ? "both counted" : "one lost";
  },

  async "two at once count up, by get and set"(peer) {
    const { visitor } = await begun(peer);
    const up = (session) => {
      session.set("n", session.get("n") + 1);
    };
    await visitor.overlap(up, (browser) => browser.visit(up));
    return (await visitor.reads("n")) === 3 ? "both counted" : "one lost";
  },

  async "two at once write the same field"(peer) {
    const { visitor } = await begun(peer);
    await visitor.overlap(put("n", "slow"), (browser) => browser.visit(put("n", "fast")));
    return (await visitor.reads("n")) === "slow" ? "the later wins" : "the earlier wins";
  },

  async "the same, where conflicts are to be told"(peer) {
    const { site } = await begun(peer);
    if (site.strict === undefined) return NONE;
    const strict = site.strict();
    const visitor = new Visitor(strict);
    await visitor.visit(put("n", 1));
    try {
      await visitor.overlap(put("n", "slow"), (browser) => browser.visit(put("n", "fast")));
      return "not told";
    } catch (error) {
      return strict.conflict(error) ? "the later is told" : "failed";
    } finally {
      strict.close();
    }
  },

  async "ended, while another request has written"(peer) {
    const { visitor } = await begun(peer);
    const old = visitor.copy();
    await visitor.overlap(
      (session) => session.end(),
      (browser) => browser.visit(put("fast", 1)),
    );
    return (await old.reads("n")) === undefined ? "stays ended" : "revived";
  },

  async "ended, then a late save of another request"(peer) {
    const { visitor } = await begun(peer);
    const old = visitor.copy();
    await visitor.overlap(put("late", 1), (browser) => browser.visit((session) => session.end()));
    return (await old.reads("n")) === undefined ? "stays ended" : "revived";
  },

  async "the browser's cookie after the end"(peer) {
    const { visitor } = await begun(peer);
    const { cookies } = await visitor.visit((session) => session.end());
    if (cookies.length === 0) return "left there";
    return cookies.at(-1).deleted ? "deleted" : "sent again";
  },

  async "the id renewed, then a late save under the old one"(peer) {
    const { visitor } = await begun(peer);
    let offered = true;
    const old = visitor.copy();
    const browser = visitor.copy();
    const renew = (session) => {
      offered = session.renew !== undefined;
      return offered ? session.renew() : undefined;
    };
    await visitor.overlap(put("late", 1), () => browser.visit(renew));
    if (!offered) return NONE;
    const written = (await browser.copy().reads("late")) === 1 ? "write kept" : "write lost";
    await browser.visit((session) => session.end());
    return (await old.reads("n")) === undefined ? written : `${written}, the old id outlives the end`;
  },

  async "a request that comes with the old id, just after"(peer) {
    const { visitor } = await begun(peer);
    let offered = true;
    const old = visitor.copy();
    await visitor.visit((session) => {
      offered = session.renew !== undefined;
      return offered ? session.renew() : undefined;
    });
    if (!offered) return NONE;
    return (await old.reads("n")) === 1 ? "finds the session" : "finds nothing";
  },

  async "all sessions of a user ended at once, then a late save"(peer) {
    const { site, visitor } = await begun(peer);
    if (site.revoke === undefined) return NONE;
    const other = new Visitor(site);
    for (const one of [visitor, other]) await one.visit((session) => session.login("user-1"));
    const old = visitor.copy();
    await visitor.overlap(put("late", 1), () => site.revoke("user-1"));
    const left = [await old.reads("n"), await other.reads("n")].filter((value) => value !== undefined);
    return left.length === 0 && (await site.rows()) === 0 ? "all stay ended" : "some live on";
  },

  async "expired between load and save"(peer) {
    return later(31, async (pass) => {
      const { visitor } = await begun(peer, { minutes: 30 });
      const old = visitor.copy();
      await visitor.overlap(put("late", 1), pass);
      return (await old.reads("n")) === undefined ? "stays expired" : "revived";
    });
  },

  async "the response is a 500"(peer) {
    const { site, visitor } = await begun(peer);
    if (site.byHand) return "saved by hand";
    await visitor.visit((session) => {
      session.set("half", 1);
      return { status: 500 };
    });
    return (await visitor.reads("half")) === 1 ? "saved" : "not saved";
  },

  async "cookies sent to a request that changes nothing"(peer) {
    const { visitor } = await begun(peer);
    const { cookies } = await visitor.visit((session) => session.get("n"));
    return cookies.length === 0 ? "none" : `${cookies.length}`;
  },

  async "Vary and Cache-Control after a read"(peer) {
    const { visitor } = await begun(peer);
    const { headers } = await visitor.visit((session) => session.get("n"));
    const given = ["Vary", "Cache-Control"].filter((name) => headers.has(name));
    return given.map((name) => `${name}: ${headers.get(name)}`).join(", ") || "neither";
  },

  async "an id that a client made up"(peer) {
    const { site, visitor } = await begun(peer);
    const [name, genuine] = only(visitor);
    const forger = new Visitor(site);
    // As long as a genuine one, and of the same characters.
    const forged = `${genuine.slice(0, 4)}${[...genuine.slice(4)].reverse().join("")}`;
    forger.jar.set(name, forged);
    const copy = forger.copy();
    await forger.visit(put("n", 2));
    return (await copy.reads("n")) === undefined ? "refused" : "adopted";
  },

  async "a genuine id whose session is gone"(peer) {
    const { visitor } = await begun(peer);
    const old = visitor.copy();
    await visitor.visit((session) => session.end());
    const copy = old.copy();
    await old.visit(put("n", 2));
    return (await copy.reads("n")) === undefined ? "a fresh id" : "adopted";
  },

  ...Object.fromEntries(
    Object.entries(VALUES).map(([name, { value, seen }]) => [
      `${name}, set and read again`,
      async (peer) => {
        const { visitor } = await begun(peer);
        try {
          await visitor.visit(put("value", value));
        } catch {
          return "an exception";
        }
        return (await visitor.visit((session) => seen(session.get("value")))).result;
      },
    ]),
  ),

  async "a list that was read, changed without set"(peer) {
    const { visitor } = await begun(peer);
    await visitor.visit(put("list", [1]));
    await visitor.visit((session) => {
      session.get("list").push(2);
    });
    return (await visitor.reads("list")).length === 2 ? "stored" : "not stored";
  },

  async "such a change, seen by a request at the same time"(peer) {
    const { visitor } = await begun(peer);
    await visitor.visit(put("list", [1]));
    let length;
    // The one that changes it has not answered yet when the other reads.
    await visitor.visit(async (session) => {
      session.get("list").push(2);
      length = (await visitor.copy().reads("list")).length;
    });
    return length === 1 ? "not seen" : "seen";
  },

  async '"__proto__" as a field\'s name'(peer) {
    const { visitor } = await begun(peer);
    const field = "__proto__";
    try {
      await visitor.visit(put(field, { admin: true }));
    } catch {
      return "an exception";
    }
    const own = await visitor.visit((session) => {
      const value = session.get(field);
      return value !== undefined && Object.hasOwn(value, "admin") && session.get("admin") === undefined;
    });
    return own.result ? "a field like any other" : "lost";
  },

  async "10,000 visitors who write nothing: rows left"(peer) {
    const site = await peer.open();
    for (let i = 0; i < 10_000; i += 20) {
      await Promise.all(
        Array.from({ length: 20 }, () => new Visitor(site).visit((session) => session.get("n"))),
      );
    }
    return site.rows === undefined ? "not shown" : (await site.rows()).toLocaleString("en");
  },

  async "cookies sent to a visitor who writes nothing"(peer) {
    const site = await peer.open();
    const { cookies } = await new Visitor(site).visit((session) => session.get("n"));
    return cookies.length === 0 ? "none" : `${cookies.length}`;
  },
};
