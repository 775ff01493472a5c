// The demo with --durable: two workers, one shop, sessions that outlive both. Has a demo of its own, which it restarts.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDemo } from "../../www/serve.mjs";
import { add, check, equal, logIn, says } from "./harness.mjs";

const readFrom = (page) => page.locator("#read-from").textContent();
const OBJECT = "the Durable Object, once";

/** A test with a folder for the databases, and what starts the demo on it. */
const withDemos = (test) => async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "ets-session-demo-"));
  const pages = [];
  const visitor = async () => {
    const page = await context.visitor();
    pages.push(page);
    return page;
  };
  let running;
  const start = async () => {
    running = await startDemo({ durable: folder });
    return running.urls;
  };
  const stop = async () => {
    // A page that still asks for its icon would complain that nobody is there.
    for (const page of pages) await page.goto("about:blank");
    await running?.stop();
    running = undefined;
  };
  try {
    await test({ ...context, visitor, start, stop });
  } finally {
    await stop();
    await rm(folder, { recursive: true, force: true });
  }
};

export const durable = {
  "two workers share a session, and each page says who answered": withDemos(async ({ visitor, start }) => {
    const [one, two] = await start();
    const page = await visitor();
    await page.goto(one);
    equal(await readFrom(page), "nowhere: there was no cookie", "the first page is read from");
    await says(page, "#written-to", OBJECT);
    await says(page, "#worker", "one");
    await add(page, "cup");
    await says(page, "#pieces", "1");
    equal(await readFrom(page), "this worker’s table", "a page right after a commit is read from");

    await page.click("#other-worker");
    await says(page, "#worker", "two");
    check(page.url().startsWith(two), "that is not the other worker");
    equal(await readFrom(page), OBJECT, "the other worker's first page is read from");
    await says(page, "#pieces", "1");
    await says(page, "#visits", "3");
    check((await page.locator("[data-text=id]").textContent()).length === 8, "the panel has no row");
  }),

  "the demo is stopped and started, and the basket is still there": withDemos(
    async ({ visitor, start, stop }) => {
      const [one] = await start();
      const page = await visitor();
      await page.goto(one);
      await add(page, "bowl");
      await says(page, "#pieces", "1");
      await logIn(page, "Ada");
      await says(page, "#user", "Ada");
      const row = await page.locator("[data-text=id]").textContent();

      await stop();
      const [again] = await start();
      await page.goto(again);
      equal(await readFrom(page), OBJECT, "the first page after it is read from");
      await says(page, "#pieces", "1");
      await says(page, "#user", "Ada");
      equal(await page.locator("[data-text=id]").textContent(), row, "the row");
    },
  ),

  "signing out at one worker signs out at the other": withDemos(async ({ visitor, start }) => {
    const [one, two] = await start();
    const page = await visitor();
    await page.goto(one);
    await logIn(page, "Ada");
    await says(page, "#user", "Ada");
    const { value } = await page.sid();
    await page.click("#logout");
    await page.waitForURL("**/bye?row=*");
    // What the browser forgot, a thief might have kept.
    const late = await fetch(two, { headers: { Cookie: `sid=${value}` } });
    check(!(await late.text()).includes('id="user"'), "the cookie still opens the session");
  }),
};
