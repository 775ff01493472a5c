import { launch } from "../../runtimes/browser/launch.mjs";

const MOST_SECONDS = 120;

/** Starts Chromium; `visit` gives what the page's script promises as globalThis.results. */
export async function chromium() {
  const browser = await launch().catch(({ message }) => {
    const [first] = message.split("\n");
    throw new Error(`Chromium does not start; CHROMIUM says where it is: ${first}`);
  });
  return {
    async visit(url) {
      // A profile for each: service workers would stay.
      const context = await browser.newContext();
      // Ends what is waited for.
      const timer = setTimeout(() => context.close(), MOST_SECONDS * 1000);
      try {
        return await results(await context.newPage(), url);
      } finally {
        clearTimeout(timer);
        await context.close();
      }
    },
    close: () => browser.close(),
  };
}

async function results(page, url) {
  const troubles = [];
  page.on("pageerror", (error) => troubles.push(String(error)));
  page.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
  page.on("requestfailed", (request) => troubles.push(`${request.url()} failed`));
  await page.goto(url);
  const found = await page.evaluate(() => globalThis.results);
  if (found === undefined) throw new Error(["the page's script did not run", ...troubles].join("\n"));
  return found;
}
