import { add, check, equal, says } from "./harness.mjs";

export const cookies = {
  async "a page that stores nothing sets no cookie"({ visitor }) {
    const page = await visitor();
    const answer = await page.goto("/about");
    check(!(await answer.allHeaders())["set-cookie"], "Set-Cookie was sent");
    check((await page.context().cookies()).length === 0, "the browser has a cookie");
    await page.locator("[data-when=none]").waitFor();
  },

  async "the cookie is HttpOnly, SameSite=Lax, for the whole site and this browser session"({ visitor }) {
    const page = await visitor();
    await page.goto("/");
    const sid = await page.sid();
    equal(sid.httpOnly, true, "HttpOnly");
    equal(sid.sameSite, "Lax", "SameSite");
    equal(sid.path, "/", "Path");
    equal(sid.expires, -1, "Expires");
    equal(await page.evaluate(() => document.cookie), "", "what a script sees");
  },

  async "the cookie is sent once, not with every change"({ visitor }) {
    const page = await visitor();
    check((await (await page.goto("/")).allHeaders())["set-cookie"], "the first answer has no Set-Cookie");
    check(
      !(await (await page.reload()).allHeaders())["set-cookie"],
      "the second answer has Set-Cookie again",
    );
    const answered = page.waitForResponse((answer) => answer.request().method() === "POST");
    await add(page, "cup");
    check(!(await (await answered).allHeaders())["set-cookie"], "a change sends Set-Cookie again");
    await says(page, "#pieces", "1");
  },

  async "no shared cache may keep a page that looked at a session"({ raw }) {
    const counted = await raw("/");
    equal(counted.headers.get("cache-control"), "no-store", "Cache-Control beside Set-Cookie");
    const looked = await raw("/about");
    check(
      /private|no-store/.test(looked.headers.get("cache-control")),
      "Cache-Control of a page that looked",
    );
    check(/\bcookie\b/i.test(looked.headers.get("vary")), "Vary");
  },
};
