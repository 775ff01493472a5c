import { add, check, equal, logIn, says } from "./harness.mjs";

const isLook = (answer) => new URL(answer.url()).pathname === "/panel.json";
const rowsOf = async (page) =>
  Number((await page.locator("[data-text=rows]").textContent()).replaceAll(",", ""));
const ask = async (raw, row) => (await raw(`/panel.json?row=${row}`)).json();

export const panel = {
  async "the panel shows the visitor's row, its deadlines and its fields"({ visitor, raw }) {
    const page = await visitor();
    await page.goto("/");
    await add(page, "cup");
    await logIn(page, "Ada");
    await says(page, "#user", "Ada");
    const row = await page.locator("[data-text=id]").textContent();
    equal(row.length, 8, "characters of the short hash");
    const { mine, rows, bytes, maxBytes, memoryBytes } = await ask(raw, row);
    equal(
      mine.fields
        .map(({ name }) => name)
        .sort()
        .join(),
      "(csrf),(meta),cart,visits",
      "fields",
    );
    equal(mine.fields.find(({ name }) => name === "cart").kind, "Map(1)", "kind of the basket");
    check(
      mine.createdAt <= mine.touchedAt && mine.touchedAt < mine.expiresAt,
      "the timestamps are not in order",
    );
    check(
      rows >= 1 && bytes > 0 && bytes <= maxBytes && maxBytes <= memoryBytes * 64,
      "the figures make no sense",
    );
    equal(await page.locator(".rows .fm").count(), 1, "tiles of the visitor's own");
  },

  async "the panel is live: another visitor appears without a reload"({ visitor }) {
    const page = await visitor();
    await page.goto("/");
    const before = await rowsOf(page);
    const other = await visitor();
    await other.goto("/");
    await says(page, "[data-text=rows]", String(before + 1));
    await page
      .locator(`.others code:text-is("${await other.locator("[data-text=id]").textContent()}")`)
      .waitFor();
  },

  async "watching does not keep the session alive"({ visitor, raw }) {
    const page = await visitor();
    await page.goto("/");
    const row = await page.locator("[data-text=id]").textContent();
    const { mine: before, hits } = await ask(raw, row);
    for (let looks = 0; looks < 3; looks++) {
      const look = await page.waitForResponse(isLook);
      const sent = await look.request().allHeaders();
      check(sent.cookie === undefined, "the panel asks with the cookie");
      check(!(await look.allHeaders())["set-cookie"], "the panel's answer sets a cookie");
    }
    const { mine: after, hits: later } = await ask(raw, row);
    equal(after.touchedAt, before.touchedAt, "touched");
    equal(after.expiresAt, before.expiresAt, "expires");
    equal(later, hits, "hits");
  },

  async "a row that ends elsewhere is seen to end"({ visitor }) {
    const page = await visitor();
    await page.goto("/");
    const second = await page.context().newPage();
    await second.goto("/about");
    await logIn(second, "Ada");
    await page.reload();
    await page.locator("[data-when=mine]").waitFor();
    await second.click("#logout");
    await page.locator("[data-when=none]").waitFor();
  },

  async "the live view can be paused and resumed"({ visitor }) {
    const page = await visitor();
    await page.goto("/");
    const before = await rowsOf(page);
    await page.click("#live");
    await page.locator("#live[aria-pressed=false]").waitFor();
    const other = await visitor();
    await other.goto("/");
    equal(await rowsOf(page), before, "rows while paused");
    await page.click("#live");
    await says(page, "[data-text=rows]", String(before + 1));
  },

  async "the Set-Cookie line is shown with its value blanked out"({ visitor }) {
    const page = await visitor();
    await page.goto("/");
    const first = await page.locator("#set-cookie").textContent();
    equal(first, "Set-Cookie: sid=••••••••; Path=/; HttpOnly; SameSite=Lax", "the first visit's line");
    await logIn(page, "Ada");
    await page.locator('.wire code:text-is("POST /login")').waitFor();
    await page.click("#logout");
    await page.locator('.wire code:text-is("POST /logout")').waitFor();
    check(
      (await page.locator("#set-cookie").textContent()).includes("Max-Age=0"),
      "the deletion is not shown",
    );
  },

  async "no id is to be found in a page or in the panel's figures"({ visitor, raw }) {
    const page = await visitor();
    await page.goto("/");
    await logIn(page, "Ada");
    await says(page, "#user", "Ada");
    const { value } = await page.sid();
    const figures = await raw(`/panel.json?row=${await page.locator("[data-text=id]").textContent()}`);
    check(!(await page.content()).includes(value), "the page holds the id");
    check(!(await figures.text()).includes(value), "the figures hold the id");
  },

  async "500 strangers are 500 rows, and the visitor's own is still there"({ visitor }) {
    const page = await visitor();
    await page.goto("/");
    const before = await rowsOf(page);
    await page.click("#strangers");
    await says(page, "[data-text=rows]", (before + 500).toLocaleString("en"));
    await says(page, "#visits", "2");
    equal(await page.locator(".rows .fm").count(), 1, "tiles of the visitor's own");
  },

  // The last one of these: the table stays full.
  async "a full table lets strangers go, and keeps whoever is here"({ visitor }) {
    const page = await visitor();
    await page.goto("/");
    for (let visit = 2; visit < 20; visit++) {
      await page.click("#strangers");
      await says(page, "#visits", String(visit));
      if ((await page.locator("[data-text=evicted]").textContent()) !== "0") break;
    }
    const text = async (name) => page.locator(`[data-text=${name}]`).textContent();
    check((await text("evicted")) !== "0", "nothing was evicted");
    equal(await text("bytes"), await text("maxBytes"), "bytes of a full table, rounded");
    equal(await page.locator(".rows .fm").count(), 1, "tiles of the visitor's own");
  },
};
