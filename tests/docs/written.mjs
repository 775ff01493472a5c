/** start.md, inspector.md and stores.md: their files as they stand there, beside the package as it is packed. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { deepEqual, equal, group, ok, test } from "../suite/harness.js";
import { blocksOf } from "./pages.mjs";
import { inWorkerd } from "./places.mjs";
import { Visitor } from "./visitor.mjs";

/** Writes the named blocks of a page into a folder of their own, and gives one as a module. */
function imported({ folder }, page, entry) {
  const place = join(folder, page.replaceAll("/", "-"));
  mkdirSync(place, { recursive: true });
  for (const { name, text } of blocksOf(page)) {
    if (name !== undefined) writeFileSync(join(place, name), text);
  }
  return import(pathToFileURL(join(place, entry)).href);
}

const body = async (response) => {
  const text = await response.text();
  return `${response.status} ${text}`;
};

async function loggedIn(fetch, browser) {
  const ada = new Visitor(fetch);
  const token = await formOf(ada);
  const answer = await ada.visit(
    "/login",
    filled({ csrf: token, name: "ada", password: "correct horse" }, browser),
  );
  equal(answer.headers.get("location"), "/");
  return ada;
}

const formOf = async (visitor) => /value="([\w-]{48})"/.exec(await (await visitor.visit("/login")).text())[1];
const filled = (fields, agent = "a browser") => ({
  method: "POST",
  body: new URLSearchParams(fields),
  headers: { "user-agent": agent, origin: "https://shop.example" },
});
const post = { method: "POST", headers: { origin: "https://shop.example" } };

export function written(stranger) {
  group("start.md", () => {
    const app = () =>
      imported(stranger, "www/docs/start.md", "app.js").then((module) => module.default.fetch);

    test("a visit is counted", async () => {
      const one = new Visitor(await app());
      equal(await body(await one.visit("/")), "200 stranger, visit 1\n");
      equal(await body(await one.visit("/")), "200 stranger, visit 2\n");
      equal(await body(await one.visit("/nowhere")), "404 not found\n");
    });

    test("a wrong password is told once, a right one logs in under a new id", async () => {
      const one = new Visitor(await app());
      const fields = { csrf: await formOf(one), name: "ada" };
      equal((await one.visit("/login", filled({ ...fields, password: "wrong" }))).status, 303);
      equal((await one.visit("/login", filled(fields))).status, 303);
      ok((await (await one.visit("/login")).text()).includes("No such user"), "the notice is missing");
      ok(!(await (await one.visit("/login")).text()).includes("No such user"), "the notice comes twice");
      const before = one.cookie;
      equal((await one.visit("/login", filled({ ...fields, password: "correct horse" }))).status, 303);
      ok(one.cookie !== before, "the id is the same");
      equal(await body(await one.visit("/")), "200 ada, visit 1\n");
    });

    test("a form of another session, and another site's request, are refused", async () => {
      const fetch = await app();
      const [one, other] = [new Visitor(fetch), new Visitor(fetch)];
      await formOf(one);
      const fields = { csrf: await formOf(other), name: "ada", password: "correct horse" };
      equal(await body(await one.visit("/login", filled(fields))), "403 stale form\n");
      const foreign = { ...filled(fields), headers: { origin: "https://evil.example" } };
      equal(await body(await other.visit("/login", foreign)), "403 cross-site request refused");
    });

    test("an account tells where it is logged in, and logs out there: here, elsewhere, everywhere", async () => {
      const fetch = await app();
      equal(await body(await new Visitor(fetch).visit("/account")), "401 log in first\n");
      const [phone, desk, shop] = await Promise.all(
        ["phone", "desk", "shop"].map((name) => loggedIn(fetch, name)),
      );
      const known = async (one) => (await one.visit("/account")).status === 200;
      // Others of this group have logged in as ada, too.
      const all = await (await desk.visit("/account")).json();
      for (const name of ["phone", "desk", "shop"])
        ok(
          all.some(({ browser }) => browser === name),
          name,
        );
      await shop.visit("/logout", post);
      deepEqual(await Promise.all([phone, desk, shop].map(known)), [true, true, false]);
      await desk.visit("/logout/others", post);
      deepEqual(await Promise.all([phone, desk].map(known)), [false, true]);
      const again = await loggedIn(fetch, "phone");
      await desk.visit("/logout/everywhere", post);
      deepEqual(await Promise.all([again, desk].map(known)), [false, false]);
    });
  });

  group("inspector.md", () => {
    test("the guard lets in whom it says; ids stay hidden, other sites end nothing", async () => {
      const { default: app } = await imported(stranger, "www/docs/inspector.md", "admin.js");
      const [one, ada] = [new Visitor(app.fetch), new Visitor(app.fetch)];
      equal(await body(await one.visit("/admin/sessions")), "403 forbidden\n");
      await ada.visit("/login");
      const page = await ada.visit("/admin/sessions");
      equal(page.status, 200);
      ok(page.headers.get("content-security-policy").startsWith("default-src 'none'; "), "policy");
      const { own } = await (await ada.visit("/admin/sessions?show=tables")).json();
      const rows = await (await ada.visit(`/admin/sessions?show=rows&table=${own}`)).text();
      ok(!rows.includes(ada.cookie.split("=")[1]), "the id is told");
      ok(
        JSON.parse(rows).rows.some(({ subject }) => subject === "ada"),
        "the row is missing",
      );
      const revoke = (origin) =>
        ada.visit("/admin/sessions", {
          method: "POST",
          body: JSON.stringify({ subject: "ada" }),
          headers: { "content-type": "application/json", origin },
        });
      equal(await body(await revoke("https://evil.example")), "403 forbidden\n");
      ok(/^200 \{"ended":[1-9]/.test(await body(await revoke("https://shop.example"))), "not ended");
      equal(await body(await ada.visit("/")), "200 hello stranger\n");
    });
  });

  group("stores.md", () => {
    test("the worker keeps sessions in Durable Objects", () => {
      const { text } = blocksOf("www/docs/stores.md").find((block) =>
        block.text.includes("durableObjectStore"),
      );
      const visits = `export default { fetch: session.handle((request, session) => {
        return new Response(String(session.increment("visits")));
      }) };`;
      const bound = { SESSIONS: { className: "SessionShard", useSQLite: true } };
      return inWorkerd(
        stranger,
        { file: "stores.js", text: text + visits },
        async (fetch) => {
          const first = await fetch();
          equal(await first.text(), "1");
          const [cookie] = first.headers.getSetCookie();
          const second = await fetch({ headers: { cookie: cookie.split(";")[0] } });
          equal(await second.text(), "2");
        },
        { durableObjects: bound },
      );
    });
  });
}
