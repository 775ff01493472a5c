/** The options that came with the session rules: durations that may be 0, and what to do about conflicts. */
import { site } from "./client.js";
import { deepEqual, group, test, throwsCode, unique } from "./harness.js";

const refuses = (lib, options, option) =>
  throwsCode(() => lib.sessions({ table: unique("site"), ...options }), "ERR_BAD_OPTION", { option });

group("session rules, options", () => {
  for (const option of ["renewGrace", "maxStale"]) {
    test(`${option} is a duration, and may be 0`, (lib) => {
      for (const given of [-1, Number.NaN, Infinity, "abc", true]) refuses(lib, { [option]: given }, option);
      for (const given of [0, 5, "10s"]) lib.sessions({ table: unique("site"), [option]: given });
    });
  }

  test("onConflict is merge or throw", (lib) => {
    for (const given of ["merge", "throw"]) lib.sessions({ table: unique("site"), onConflict: given });
    for (const given of ["", "Merge", "last", 1]) refuses(lib, { onConflict: given }, "onConflict");
  });

  test("undefined is as good as absent", async (lib) => {
    const names = ["store", "maxStale", "secrets", "renewGrace", "onConflict"];
    const { browser } = site(lib, Object.fromEntries(names.map((name) => [name, undefined])));
    await browser.visit((session) => session.set("n", 1));
    deepEqual((await browser.visit((session) => session.data)).result, { n: 1 });
  });
});
