import { byHand, tokenIn } from "./by-hand.mjs";
import { add, check, equal, logIn, says } from "./harness.mjs";

const TYPE = { "content-type": "application/x-www-form-urlencoded" };
const cup = { item: "cup", by: "1" };

const pieces = async (client) => (await (await client.get("/")).text()).match(/id="pieces">(\d+)</)[1];

export const forms = {
  async "forms from another site are refused, token or not"({ raw, url }) {
    const client = await byHand(raw);
    const foreign = [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { origin: "https://elsewhere.example" },
      { origin: "null" },
    ];
    for (const headers of foreign) {
      const answer = await client.post("/cart", cup, headers);
      equal(answer.status, 403, JSON.stringify(headers));
      equal(answer.headers.getSetCookie().length, 0, "Set-Cookie lines of a refusal");
    }
    equal(await pieces(client), "0", "pieces after the refusals");
    equal((await client.post("/cart", cup, { origin: url })).status, 303, "our own origin");
    equal(await pieces(client), "1", "pieces");
  },

  async "forms without the session's own token are refused, and nothing is done"({ raw }) {
    const [client, stranger] = [await byHand(raw), await byHand(raw)];
    await client.logIn("Hedy");
    for (const csrf of ["", "A".repeat(48), client.token.slice(1), stranger.token]) {
      for (const path of ["/cart", "/login", "/logout", "/logout/everywhere", "/strangers"]) {
        const answer = await client.post(path, { ...cup, name: "Mallory", csrf });
        equal(answer.status, 403, `${path} with a wrong token`);
        equal(answer.headers.getSetCookie().length, 0, "Set-Cookie lines of a refusal");
      }
    }
    const page = await (await client.get("/account")).text();
    check(page.includes('id="user">Hedy<'), "the refused forms changed who it is");
    equal(await pieces(client), "0", "pieces");
  },

  async "a token is good for its session until the login, and differs from page to page"({ raw }) {
    const client = await byHand(raw);
    const { token } = client;
    check(tokenIn(await (await client.get("/")).text()) !== token, "two pages have one token");
    equal((await client.post("/cart", cup)).status, 303, "an older page's token");
    await client.logIn("Radia");
    equal((await client.post("/cart", { ...cup, csrf: token })).status, 403, "a token from before the login");
    equal((await client.post("/cart", cup)).status, 303, "a token from after it");
    equal(await pieces(client), "2", "pieces");
  },

  async "a form of a session that has ended does nothing, and says so"({ visitor, raw }) {
    const page = await visitor();
    await page.goto("/");
    await add(page, "vase");
    await logIn(page, "Barbara");
    await page.goto("/");
    await says(page, "#pieces", "1");
    const copy = await byHand(raw, (await page.sid()).value);
    equal((await copy.post("/logout")).status, 303, "the logout");
    await add(page, "cup");
    await says(page, "#notice", "Your session had ended, so nothing was done. This is a new one.");
    await says(page, "#pieces", "0");
    await says(page, "#visits", "1");
    equal(await page.locator("#user").count(), 0, "names of the user");
  },

  async "a page that stores nothing has no forms, but for those of a session that is there"({ visitor }) {
    const page = await visitor();
    await page.goto("/about");
    equal(await page.locator("form").count(), 0, "forms");
    await page.click("#account");
    await page.fill("#name", "Joan");
    await page.click("#login");
    await says(page, "#user", "Joan");
    await page.goto("/about");
    equal(await page.locator("form").count(), 2, "forms");
    await page.click("#logout");
    await page.waitForURL("**/bye?row=*");
  },

  async "what is no form of ours is refused"({ raw }) {
    equal((await raw("/cart", { method: "POST", body: "{}" })).status, 400, "a body that is no form");
    const long = { method: "POST", headers: TYPE, body: `item=${"x".repeat(5000)}` };
    equal((await raw("/cart", long)).status, 400, "a long form");
    equal(
      (await raw("/toString", { method: "POST", headers: TYPE, body: "" })).status,
      404,
      "an unknown form",
    );
    equal((await raw("/cart", { method: "PUT" })).status, 405, "another method");
    equal((await raw("/nowhere")).status, 404, "an unknown page");
  },
};
