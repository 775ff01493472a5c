import { byHand } from "./by-hand.mjs";
import { add, check, equal, logIn, says } from "./harness.mjs";
import { both, firefox, listed, noticeOf, rowOf, safari, signedOut } from "./two-browsers.mjs";

export const accounts = {
  async "two browsers of one name: each lists both, itself first"({ visitor }) {
    const [fox, phone] = await both(visitor, "Grace");
    equal(await listed(fox), "Firefox on Windows This browser,Safari on an iPhone", "in the first");
    equal(await listed(phone), "Safari on an iPhone This browser,Firefox on Windows", "in the second");
    for (const [page, other] of [
      [fox, phone],
      [phone, fox],
    ]) {
      equal(await page.locator(".here code").textContent(), await rowOf(page), "the own row");
      equal(
        await page.locator("li:not(.here) > div code").textContent(),
        await rowOf(other),
        "the other row",
      );
    }
    const stranger = await visitor();
    await stranger.goto("/");
    await logIn(stranger, "grace");
    await says(stranger, "#user", "grace");
    equal(await stranger.locator(".places li").count(), 1, "sessions of another name");
  },

  async "what is said is shown once, and in the browser it was said to"({ visitor, raw }) {
    const [fox, phone] = [await visitor(firefox), await visitor(safari)];
    await fox.goto("/");
    await logIn(fox, "Mary");
    await says(fox, "#notice", "Signed in as Mary. Your row has a new id and the same basket.");
    await fox.reload();
    equal(await noticeOf(fox), "", "the notice after a reload");
    await phone.goto("/");
    await logIn(phone, "Mary");
    await fox.reload();
    equal(await noticeOf(fox), "", "the notice of another browser");
    await fox.click("#others-out");
    await says(fox, "#notice", "The other browser has been signed out.");
    await fox.goto("/about");
    equal(await noticeOf(fox), "", "the notice on the next page");

    const client = await byHand(raw);
    await client.post("/cart", { item: "cup", by: "1" });
    const ahead = { headers: { cookie: `sid=${client.sid}`, "sec-purpose": "prefetch" } };
    equal((await raw("/", ahead)).status, 503, "a page in advance");
    equal((await client.get("/favicon.ico")).status, 404, "what browsers ask for by themselves");
    const text = async () => (await client.get("/account")).text();
    check((await text()).includes("Morning cup is in your basket."), "nobody saw the notice");
    check(!(await text()).includes("Morning cup is in your basket."), "the notice was shown twice");
  },

  async "each browser keeps its own basket over the login and beside the other"({ visitor }) {
    const [fox, phone] = [await visitor(firefox), await visitor(safari)];
    await fox.goto("/");
    await add(fox, "cup");
    await logIn(fox, "Ida");
    await says(fox, "#pieces", "1");
    await phone.goto("/");
    await logIn(phone, "Ida");
    await says(phone, "#user", "Ida");
    await says(phone, "#pieces", "0");
    await phone.click("#others-out");
    await says(phone, "#notice", "The other browser has been signed out.");
    await fox.goto("/");
    check(await signedOut(fox), "the other one is still signed in");
    await says(fox, "#pieces", "0");
  },
};
