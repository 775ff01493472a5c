/** A persistent cookie slides: on reads as on writes, but only past half of its life. */
import { site } from "./client.js";
import { equal, group, T0, test } from "./harness.js";

const HOUR = 3_600_000;

group("sliding", () => {
  test("a read past half of the cookie's life sends it again", async (lib) => {
    const { browser, time } = site(lib, { idle: "3h", cookie: { maxAge: "2h" } });
    await browser.visit((session) => session.set("n", 1));
    const read = async () => (await browser.visit((session) => session.get("n"))).cookies;
    time.set(T0 + HOUR - 1000);
    equal((await read()).length, 0);
    time.set(T0 + HOUR + 1000);
    const [again] = await read();
    equal(again.value, browser.cookie);
    equal(again.attributes["max-age"], "7200");
    equal(again.attributes.expires, new Date(T0 + HOUR + 1000 + 2 * HOUR).toUTCString());
    time.set(T0 + 2 * HOUR);
    equal((await read()).length, 0);
    time.set(T0 + 2 * HOUR + 2000);
    equal((await read()).length, 1);
  });

  test("many reads in between do not put it off", async (lib) => {
    const { browser, time } = site(lib, { idle: "3h", cookie: { maxAge: "2h" } });
    await browser.visit((session) => session.set("n", 1));
    let sent = 0;
    for (let minute = 1; minute <= 240; minute++) {
      time.set(T0 + minute * 60_000 + 1);
      sent += (await browser.visit((session) => session.get("n"))).cookies.length;
    }
    equal(sent, 4);
  });

  test("a request that does not look at the session sends nothing", async (lib) => {
    const { browser, time } = site(lib, { idle: "3h", cookie: { maxAge: "2h" } });
    await browser.visit((session) => session.set("n", 1));
    time.set(T0 + HOUR + 1000);
    equal((await browser.visit(() => {})).cookies.length, 0);
  });
});
