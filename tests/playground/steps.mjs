import { equal, ok, test } from "../suite/harness.js";

const CANCELLED_WITHIN = 2000;

export function steps({ visit }) {
  test("10,000 sessions go in, and the figures are those of the table", async () => {
    const page = await visit();
    await page.fill(10_000);
    equal(await page.figure("size"), 10_000, "sessions");
    const [held, memory] = [await page.figure("held"), await page.figure("memory")];
    ok(held > 10_000 * 100 && held < 10_000 * 200, `rows hold ${held} bytes`);
    ok(memory >= held && memory % 65_536 === 0, `${memory} is no linear memory`);
    equal(await page.text("#held-row"), `${Math.round(held / 10_000)} B a row`);
    ok(/inserts a second/.test(await page.text("#filled")), "no rate");
    await page.leave();
  });

  test("a million can be cancelled, and the page answers meanwhile", async () => {
    const page = await visit();
    await page.check("[value='1000000']");
    await page.click("#fill");
    await page.waitForFunction(() => document.getElementById("progress").value > 0.01);
    const seen = await page.locator("#progress").evaluate((progress) => progress.value);
    await page.waitForFunction((before) => document.getElementById("progress").value > before, seen);
    const begin = performance.now();
    await page.click("#cancel");
    await page.says(/^Cancelled/);
    const took = performance.now() - begin;
    ok(took < CANCELLED_WITHIN, `it took ${Math.round(took)} ms`);
    const size = await page.figure("size");
    ok(size > 0 && size < 1_000_000, `${size} sessions are there`);
    await page.fill(10_000);
    equal(await page.figure("size"), 10_000, "sessions afterwards");
    await page.leave();
  });

  test("Escape cancels, and whatever else is asked for meanwhile is refused in words", async () => {
    const page = await visit();
    await page.check("[value='1000000']");
    await page.click("#fill");
    await page.press("race", /One thing at a time/);
    await page.keyboard.press("Escape");
    await page.says(/^Cancelled/);
    await page.leave();
  });

  test("sessions expire by the clock, and leave room for the next ones", async () => {
    const page = await visit();
    await page.fill(10_000);
    const before = await page.figure("memory");
    await page.press("expire", /10,000 sessions expired, 0 are left/);
    equal(await page.figure("size"), 0, "sessions");
    ok((await page.figure("held")) < 10_000, "rows still hold memory");
    await page.fill(10_000);
    ok((await page.figure("memory")) <= before * 1.1, "memory grew");
    await page.leave();
  });

  test("the table and the Map take turns, and the ratios are of their rates", async () => {
    const page = await visit();
    await page.fill(10_000);
    await page.press("race", /Both took their turns/);
    const lines = await page.locator("#rates tbody tr").allInnerTexts();
    equal(lines.length, 3, "operations");
    for (const line of lines) {
      const [, ours, theirs, ratio] = line
        .split("\t")
        .map((cell) => Number.parseFloat(cell.replaceAll(",", "")));
      ok(ours > 0 && Math.abs(ours / theirs - ratio) < ratio * 0.15, line);
    }
    await page.leave();
  });

  test("without sessions there is nothing to do, and the page says so", async () => {
    const page = await visit();
    for (const id of ["compare", "race", "expire", "save"]) {
      await page.press("over", /empty table/);
      await page.press(id, /fill the table first/);
    }
    await page.leave();
  });

  test("starting over gives a table of its own, whatever goes on", async () => {
    const page = await visit();
    await page.check("[value='1000000']");
    await page.click("#fill");
    await page.waitForFunction(() => document.getElementById("progress").value > 0);
    await page.press("over", /empty table/);
    equal(await page.figure("size"), 0, "sessions");
    await page.fill(10_000);
    equal(await page.figure("size"), 10_000, "sessions afterwards");
    await page.leave();
  });
}
