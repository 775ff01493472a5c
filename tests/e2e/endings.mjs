import { byHand } from "./by-hand.mjs";
import { check, equal, says } from "./harness.mjs";
import { both, listed, rowOf, signedOut } from "./two-browsers.mjs";

export const endings = {
  async "signing out everywhere signs the other one out at its next request"({ visitor, raw }) {
    const [fox, phone] = await both(visitor, "Edith");
    const sid = (await phone.sid()).value;
    const row = await rowOf(phone);
    await fox.click("#everywhere");
    await fox.waitForURL("**/bye?row=*&rows=2");
    check((await fox.sid()) === undefined, "the cookie is still there");
    await phone.locator("[data-when=none]").waitFor();
    await phone.reload();
    check(await signedOut(phone), "the other one is still signed in");
    const old = await (await raw("/about", { headers: { cookie: `sid=${sid}` } })).text();
    check(!old.includes("Edith"), "the other one's cookie still opens something");
    const { mine } = await (await raw(`/panel.json?row=${row}`)).json();
    equal(mine, undefined, "the other one's row");
  },

  async "a request that was under way when its session ended revives nothing"({ raw, url }) {
    const [late, other] = [await byHand(raw), await byHand(raw)];
    for (const client of [late, other]) await client.logIn("Lise");
    const hits = async () => (await (await raw("/panel.json")).json()).hits;
    const rows = async () => (await (await raw("/panel.json")).json()).rows;
    const [hitsBefore, rowsBefore] = [await hits(), await rows()];
    const { sid } = late;
    const finish = late.begin(url, "/cart", { item: "cup", by: "1" });
    const deadline = performance.now() + 15_000;
    while ((await hits()) === hitsBefore) check(performance.now() < deadline, "the session was never opened");

    await other.post("/logout/everywhere");
    equal(await rows(), rowsBefore - 2, "rows after the logout");
    const { status, cookies } = await finish();
    equal(status, 403, "status of the late request");
    equal(cookies.length, 0, "its Set-Cookie lines");
    equal(await rows(), rowsBefore - 2, "rows after the late request");
    const again = await byHand(raw, sid);
    check(again.sid !== sid, "the ended session's id was taken up again");
    await again.logIn("Lise");
    const page = await (await again.get("/account")).text();
    equal(page.match(/id="end-/g).length, 1, "sessions that are listed");
  },

  async "signing out alone leaves the other browser signed in"({ visitor }) {
    const [fox, phone] = await both(visitor, "Emmy");
    await fox.click("#logout");
    await fox.waitForURL("**/bye?row=*");
    await phone.reload();
    await says(phone, "#user", "Emmy");
    equal(await listed(phone), "Safari on an iPhone This browser", "what is left");
  },

  async "one session of several can be ended, by its own user alone"({ visitor, raw }) {
    const [fox, phone] = await both(visitor, "Sofia");
    const [third, stranger] = [await byHand(raw), await byHand(raw)];
    await third.logIn("Sofia");
    await stranger.logIn("Mallory");
    const id = await fox.locator("li:not(.here) [name=id]").inputValue();
    equal((await stranger.post("/logout/one", { id })).status, 303, "a stranger's try");
    await fox.reload();
    equal(await fox.locator(".places li").count(), 3, "sessions after it");

    await fox.focus(`#end-${await rowOf(phone)}`);
    await fox.keyboard.press("Enter");
    await says(fox, "#notice", "Safari on an iPhone has been signed out.");
    equal(await fox.locator(".places li").count(), 2, "sessions that are left");
    await fox.locator("main:focus").waitFor();
    await phone.reload();
    check(await signedOut(phone), "the ended one is still signed in");
    check((await (await third.get("/about")).text()).includes("Sofia"), "a third one was ended as well");
    await fox.click(".here button");
    await fox.waitForURL("**/bye?row=*");
  },
};
