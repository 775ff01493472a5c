// The inspector's page, as an operator uses it. The rules of who may and what is told are in tests/suite/inspector.js.
import { add, check, equal, logIn, says } from "./harness.mjs";

const rowsOf = (page) => page.locator(".rows details");
const section = (page, name) => page.locator(`section:has(#${name})`);

/** The row that has this text, on whichever page it is: tests before this one have left theirs. */
async function found(page, text) {
  for (;;) {
    const row = rowsOf(page).filter({ hasText: text });
    if ((await row.count()) > 0) return row;
    const before = await rowsOf(page).first().textContent();
    await page.click("#next");
    await page.waitForFunction((was) => document.querySelector(".rows details")?.textContent !== was, before);
  }
}

export const inspector = {
  async "the inspector shows the tables, live"({ visitor }) {
    const page = await visitor();
    await page.goto("/");
    await page.click("#inspector");
    await says(page, "#chosen", "Table visitors");
    check((await page.locator("tbody tr").count()) >= 2, "tables are missing");
    check((await page.locator(".map rect").count()) === 512, "the map has another number of squares");
    // In a full table somebody has to go for whoever comes: then it is another figure that changes.
    const before = await page.locator("tr.current").textContent();
    const other = await visitor();
    await other.goto("/");
    await page.waitForFunction((was) => document.querySelector("tr.current").textContent !== was, before);
    await page.click("#live");
    await says(page, "#live", "Paused");
  },

  async "a row shows fields by name and kind, and what is in one when it is asked"({ visitor }) {
    const page = await visitor();
    await page.goto("/");
    await add(page, "cup");
    await logIn(page, "Rózsa");
    await says(page, "#user", "Rózsa");
    await page.goto("/inspector");
    await page.selectOption("#who", "in");
    await page.waitForFunction(() => {
      const subjects = [...document.querySelectorAll(".rows .subject")];
      return subjects.length > 0 && subjects.every(({ textContent }) => textContent !== "");
    });
    const row = await found(page, "Rózsa");
    await row.locator("summary").click();
    const cart = row.locator("li", { hasText: "cart" });
    check(!(await page.content()).includes("&quot;cup&quot;"), "the basket is shown unasked");
    await cart.getByRole("button", { name: "Show cart" }).click();
    await cart.locator("pre", { hasText: "cup" }).waitFor();
    equal(await row.locator("li", { hasText: "(csrf)" }).locator("button").count(), 0, "buttons for secrets");
    check(!(await page.content()).includes((await page.sid()).value), "the page has the cookie's value");
  },

  async "a subject's sessions are found and ended, by the keyboard alone"({ visitor }) {
    const page = await visitor();
    await page.goto("/");
    await logIn(page, "Edsger");
    await says(page, "#user", "Edsger");
    const operator = await visitor();
    await operator.goto("/inspector");
    await operator.focus("#subject");
    await operator.keyboard.type("Edsger");
    await operator.keyboard.press("Enter");
    await says(operator, "#ended", "Edsger has one session.");
    await operator.keyboard.press("Tab");
    await operator.keyboard.press("Tab");
    await operator.keyboard.press("Enter");
    await says(operator, ".end", "End: sure?");
    await operator.keyboard.press("Enter");
    await says(operator, "#ended", "Ended 1. Edsger has no sessions now.");
    await page.goto("/account");
    equal(await page.locator("#user").count(), 0, "users signed in");
  },

  async "what cannot be taken back is asked twice"({ visitor }) {
    const page = await visitor();
    await page.goto("/");
    await logIn(page, "Barbara");
    await says(page, "#user", "Barbara");
    await page.goto("/inspector");
    await page.fill("#subject", "Barbara");
    await page.click("text=Find");
    await page.click(".end");
    await page.focus("#subject");
    await says(page, ".end", "End");
    await page.goto("/account");
    await says(page, "#user", "Barbara");
  },

  async "every control and drawing of the inspector has a name"({ visitor }) {
    const page = await visitor();
    await page.goto("/");
    await page.goto("/inspector");
    await rowsOf(page).first().locator("summary").click();
    const nameless = await page.evaluate(() => {
      const nameOf = (c) => c.ariaLabel || c.labels?.[0]?.textContent.trim() || c.textContent.trim();
      const all = document.querySelectorAll("button, input, select, summary, [role=img], meter");
      return [...all].filter((c) => !nameOf(c)).map(({ tagName, id }) => tagName + id);
    });
    equal(nameless.join(), "", "without a name");
    const levels = await page.locator("h1, h2, h3").evaluateAll((all) => all.map((h) => +h.tagName[1]));
    check(
      levels.every((level, index) => level <= (levels[index - 1] ?? 0) + 1),
      "headings jump",
    );
  },

  async "the inspector fits a phone, light and dark"({ visitor }) {
    for (const colorScheme of ["light", "dark"]) {
      const page = await visitor({ viewport: { width: 320, height: 700 }, colorScheme });
      await page.goto("/");
      await page.goto("/inspector");
      await rowsOf(page).first().locator("summary").click();
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      check(over <= 0, `it is ${over} pixels too wide`);
      const [back, text] = await page.evaluate(() => {
        const { backgroundColor, color } = getComputedStyle(document.body);
        return [backgroundColor, color].map((value) => value.match(/\d+/g).reduce((sum, n) => sum + +n, 0));
      });
      check(
        colorScheme === "light" ? back > 600 && text < 200 : back < 100 && text > 600,
        "too little contrast",
      );
    }
  },

  async "all is drawn in the section it belongs to"({ visitor }) {
    const page = await visitor();
    await page.goto("/");
    await page.goto("/inspector");
    await section(page, "chosen").locator("figure.histogram rect").last().waitFor({ state: "attached" });
    equal(await section(page, "chosen").locator(".charts figure").count(), 4, "charts");
    await page.locator("#table-0").click();
    await page.locator("#table-0[aria-pressed=true]").waitFor();
  },
};
