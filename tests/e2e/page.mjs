import { byHand } from "./by-hand.mjs";
import { add, check, equal, logIn, says } from "./harness.mjs";

const pages = ["/", "/account", "/about", "/bye?row=abcdefgh&rows=2"];

export const page = {
  async "everything works with JavaScript off"({ visitor }) {
    const page = await visitor({ javaScriptEnabled: false });
    await page.goto("/");
    await says(page, "#visits", "1");
    check((await page.locator("[data-text=id]").textContent()).length === 8, "the panel is empty");
    await add(page, "light");
    await says(page, "#pieces", "1");
    await says(page, "#notice", "Candlestick is in your basket.");
    await logIn(page, "Ada");
    await says(page, "#user", "Ada");
    await says(page, "#pieces", "1");
    await page.locator(".here time").waitFor();
    await page.click("#everywhere");
    await page.waitForURL("**/bye?row=*");
    check((await page.sid()) === undefined, "the cookie is still there");
  },

  async "a name is shown as it was typed"({ visitor }) {
    const page = await visitor();
    await page.goto("/");
    await logIn(page, '<b title="x">O\'Hara & Söhne</b>');
    await page.locator("#user").waitFor();
    equal(await page.locator("#user").textContent(), '<b title="x">O\'Hara & Söhne</b>', "the name");
    equal(await page.locator("#user *").count(), 0, "elements in the name");
  },

  async "a name that is empty or too long is refused, and said so"({ raw }) {
    for (const name of ["", "   ", "x".repeat(41)]) {
      const client = await byHand(raw);
      await client.post("/login", { name });
      const next = await (await client.get("/")).text();
      check(next.includes("A name has 1 to 40 characters."), "nothing is said");
      check(!next.includes('id="user"'), "logged in all the same");
    }
  },

  async "the keyboard alone will do, and finds its place again"({ visitor }) {
    const page = await visitor();
    await page.goto("/");
    await page.keyboard.press("Tab");
    equal(await page.evaluate(() => document.activeElement.className), "skip", "the first stop");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    equal(await page.evaluate(() => document.activeElement.id), "add-cup", "the first stop in the shop");
    await page.keyboard.press("Enter");
    await says(page, "#pieces", "1");
    await page.locator("#add-cup:focus").waitFor();
    await page.keyboard.press("Enter");
    await says(page, "#pieces", "2");
  },

  async "every control has a name, and headings come in order"({ visitor }) {
    const page = await visitor();
    await page.goto("/");
    await add(page, "cup");
    await says(page, "#pieces", "1");
    const faults = () =>
      page.evaluate(() => {
        const nameOf = (control) =>
          control.ariaLabel || control.labels?.[0]?.textContent.trim() || control.textContent.trim();
        const nameless = [...document.querySelectorAll("a, button, input:not([type=hidden])")].filter(
          (c) => !nameOf(c),
        );
        const levels = [...document.querySelectorAll("h1, h2, h3")].map(({ tagName }) => Number(tagName[1]));
        const jumps = levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1);
        const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
        const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
        return { nameless: nameless.map(({ id, tagName }) => tagName + id), jumps, twice };
      });
    const none = '{"nameless":[],"jumps":[],"twice":[]}';
    equal(JSON.stringify(await faults()), none, "faults of the shop");
    await page.goto("/account");
    equal(JSON.stringify(await faults()), none, "faults of the way in");
    await logIn(page, "Dorothy");
    await page.locator("#everywhere").waitFor();
    equal(JSON.stringify(await faults()), none, "faults of the list");
  },

  async "nothing scrolls sideways at 360 and 320 pixels"({ visitor }) {
    for (const width of [360, 320]) {
      const page = await visitor({ viewport: { width, height: 740 } });
      await page.goto("/");
      await add(page, "light");
      await logIn(page, "W".repeat(40));
      await page.locator("#user").waitFor();
      for (const path of pages) {
        await page.goto(path);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        check(over <= 0, `${path} is ${over} pixels too wide at ${width}`);
      }
    }
  },

  async "the page needs nothing from elsewhere, and no inline script or style"({ visitor, raw, url }) {
    const page = await visitor();
    const foreign = [];
    page.on("request", (request) => {
      if (new URL(request.url()).origin !== url) foreign.push(request.url());
    });
    for (const path of ["/", "/about", "/account"]) {
      await page.goto(path);
      await page.waitForLoadState("load");
      const inline = await page.locator("script:not([src]), style, [style], [onclick], [onsubmit]").count();
      equal(inline, 0, "inline scripts and styles");
    }
    equal(foreign.join(), "", "requests elsewhere");
    const policy = (await raw("/about")).headers.get("content-security-policy");
    check(policy.includes("default-src 'none'") && !policy.includes("unsafe"), "the policy is too loose");
  },
};
