import { add, check, equal, logIn, says } from "./harness.mjs";

const replay = (sid) => ({ headers: { cookie: `sid=${sid}` } });

export const sessions = {
  async "a visitor is counted, and counted up over reloads"({ visitor }) {
    const page = await visitor();
    await page.goto("/");
    await says(page, "#visits", "1");
    const first = await page.sid();
    await page.reload();
    await says(page, "#visits", "2");
    await page.reload();
    await says(page, "#visits", "3");
    check((await page.sid()).value === first.value, "the id changed between two visits");
  },

  async "things go into the basket and out again"({ visitor }) {
    const page = await visitor();
    await page.goto("/");
    await says(page, "#pieces", "0");
    await add(page, "cup");
    await says(page, "#pieces", "1");
    await add(page, "cup");
    await add(page, "vase");
    await says(page, "#pieces", "3");
    await says(page, ".total b", "€ 74");
    await page.click("#less-cup");
    await says(page, "#pieces", "2");
    await page.click("#checkout");
    await says(page, "#pieces", "0");
  },

  async "logging in gives a new id and keeps the basket"({ visitor, raw }) {
    const page = await visitor();
    await page.goto("/");
    await add(page, "jug");
    await says(page, "#pieces", "1");
    const before = await page.sid();
    await logIn(page, "Ada");
    await says(page, "#user", "Ada");
    await says(page, "#pieces", "1");
    check((await page.sid()).value !== before.value, "the id is still that of before the login");
    const old = await (await raw("/about", replay(before.value))).text();
    check(!old.includes("Ada"), "the id from before the login leads to the user");
    check(old.includes('id="pieces">0<'), "the id from before the login leads to the basket");
  },

  async "logging out takes the cookie and the row away"({ visitor }) {
    const page = await visitor();
    await page.goto("/");
    await logIn(page, "Ada");
    await says(page, "#user", "Ada");
    const row = await page.locator("[data-text=id]").textContent();
    await page.click("#logout");
    await page.waitForURL("**/bye?row=*");
    equal(new URL(page.url()).searchParams.get("row"), row, "the row that was ended");
    check((await page.sid()) === undefined, "the cookie is still there");
    await page.click("text=Start again");
    await says(page, "#visits", "1");
    check((await page.locator("#user").count()) === 0, "still logged in");
  },

  async "the cookie of a session that was ended opens nothing and is not taken up"({ visitor, raw }) {
    const page = await visitor();
    await page.goto("/");
    await add(page, "bowl");
    await logIn(page, "Ada");
    await says(page, "#user", "Ada");
    const { value } = await page.sid();
    await page.click("#logout");
    await page.waitForURL("**/bye?row=*");

    const looked = await raw("/about", replay(value));
    const about = await looked.text();
    check(!about.includes("Ada"), "the ended session's user is back");
    check(about.includes('id="pieces">0<'), "the ended session's basket is back");
    equal(looked.headers.getSetCookie().length, 0, "Set-Cookie lines of a page that stores nothing");

    const counted = await raw("/", replay(value));
    check((await counted.text()).includes('id="visits">1<'), "the ended session went on counting");
    const [line] = counted.headers.getSetCookie();
    check(line?.startsWith("sid=") && !line.includes(value), "the ended session's id was taken up again");
  },

  async "an invented cookie is no session and is not taken up"({ raw }) {
    const invented = "A".repeat(24);
    for (const cookie of [`sid=${invented}`, "sid=", "sid", "sid=%00", `sid=${"x".repeat(4000)}`]) {
      const answer = await raw("/", { headers: { cookie } });
      equal(answer.status, 200, "status");
      check((await answer.text()).includes('id="visits">1<'), "an invented id leads somewhere");
      const [line] = answer.headers.getSetCookie();
      check(line?.startsWith("sid=") && !line.includes(invented), "an invented id was taken up");
    }
  },

  async "two browsers do not see each other"({ visitor }) {
    const [ada, bob] = [await visitor(), await visitor()];
    await ada.goto("/");
    await add(ada, "plate");
    await logIn(ada, "Ada");
    await says(ada, "#user", "Ada");
    await bob.goto("/");
    await says(bob, "#visits", "1");
    await says(bob, "#pieces", "0");
    check((await bob.locator("#user").count()) === 0, "Bob is logged in");
    check((await ada.sid()).value !== (await bob.sid()).value, "both have one id");
    await logIn(bob, "Bob");
    await says(bob, "#user", "Bob");
    await ada.reload();
    await says(ada, "#user", "Ada");
    await says(ada, "#pieces", "1");
  },
};
