import { equal, ok, test } from "../suite/harness.js";

const MIB = 1 << 20;

/** The cells of the Map's line. */
const cells = async (page) => (await page.locator("#weights tbody tr").last().innerText()).split("\t");

/** "about 3.4 MiB" as bytes. */
const inBytes = (text) => Number.parseFloat(text.replace(/^[a-z ]+/, "")) * MIB;

export function weighing({ visit, better }) {
  test("where the browser may measure, it measures the worker with the Map and without", async () => {
    const page = await visit({ at: better });
    ok(await page.evaluate(() => crossOriginIsolated), "the headers are missing");
    await page.fill(10_000);
    await page.press("compare", /A Map takes [\d.]+ × what/);
    const [, all] = await cells(page);
    ok(inBytes(all) > 1.5 * MIB && inBytes(all) < 8 * MIB, all);
    ok(/measureUserAgentSpecificMemory/.test(await page.text("#weighed")), "it does not say how");
    ok(await page.isVisible("#peer-wall"), "no wall of the Map");
    await page.fill(10_000);
    ok(await page.isHidden("#weights"), "figures of other rows are left");
    await page.leave();
  });

  test("without the headers it is Chromium's performance.memory", async () => {
    const page = await visit();
    ok(!(await page.evaluate(() => crossOriginIsolated)), "it is isolated");
    await page.fill(10_000);
    await page.press("compare", /A Map takes about [\d.]+ × what/);
    const [, all] = await cells(page);
    ok(all.startsWith("about ") && inBytes(all) > 1.5 * MIB && inBytes(all) < 12 * MIB, all);
    await page.leave();
  });

  test("a browser that tells nothing is said to tell nothing", async () => {
    const before = () => Object.defineProperty(Performance.prototype, "memory", { value: undefined });
    const page = await visit({ before });
    await page.fill(10_000);
    await page.press("compare", /can't tell what a Map takes/);
    const [, all, each] = await cells(page);
    ok(all.startsWith("more than ") && each.startsWith("more than "), all);
    const characters = Number.parseInt(each.replace(/\D+/, ""), 10);
    ok(characters > 24 + 120 && characters < 24 + 160, `${characters} characters a row`);
    await page.leave();
  });

  test("weighing can be cancelled", async () => {
    const page = await visit();
    await page.fill(100_000);
    await page.click("#compare");
    await page.press("cancel", /^Cancelled/);
    equal(await page.isHidden("#weights"), true, "nothing is shown");
    await page.leave();
  });
}
