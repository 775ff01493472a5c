// Chromium on the playground's folder, as a static host serves it. What it asks for and complains of is kept.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../../www/playground/build.mjs";
import { serveFolder } from "../../www/playground/static.mjs";
import { launch } from "../runtimes/browser/launch.mjs";

const UNDER = "/somewhere/below/";
const PATIENCE = 60_000;

// Otherwise an answer takes until the next collection of garbage, which may be half a minute.
const EAGER = "--enable-blink-features=ForceEagerMeasureMemory";

const ends = [];
const complaints = [];
const asked = [];

/** The folder, in two places: one that sends these headers, and one that sends none. */
export async function open(headers) {
  const folder = await mkdtemp(join(tmpdir(), "playground-"));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  await build(folder);
  const plain = await serveFolder(folder, { under: UNDER });
  ends.push(plain.stop);
  const better = await serveFolder(folder, { under: UNDER, headers });
  ends.push(better.stop);
  const browser = await launch(EAGER);
  ends.push(() => browser.close());
  const visit = (options) => visitor(browser, plain.url, options);
  return { folder, plain: plain.url, better: better.url, visit };
}

export async function close() {
  for (const end of ends.reverse()) await end();
}

/** What all visits left behind: complaints, and addresses that are not in the folder. */
export const troubles = () => ({
  complaints,
  outside: asked.filter((url) => !new URL(url).pathname.startsWith(UNDER)),
  asked,
});

async function visitor(browser, url, { at = url, before, ...options } = {}) {
  const context = await browser.newContext(options);
  ends.push(() => context.close());
  context.setDefaultTimeout(PATIENCE);
  context.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  context.on("weberror", (event) => complaints.push(event.error().message));
  context.on("request", (request) => {
    if (!request.url().startsWith("blob:")) asked.push(request.url());
  });
  context.on("requestfailed", (request) => {
    const { errorText } = request.failure();
    // Whoever leaves, or starts over, wants no answer any more.
    if (errorText !== "net::ERR_ABORTED") complaints.push(`${request.url()}: ${errorText}`);
  });
  if (before) await context.addInitScript(before);
  const page = await context.newPage();
  await page.goto(at);
  return Object.assign(page, tools(page, context));
}

/** What a visitor does, in a word each. */
function tools(page, context) {
  const says = (pattern) =>
    page.waitForFunction(
      ([source, flags]) => new RegExp(source, flags).test(document.getElementById("said").textContent),
      [pattern.source, pattern.flags],
    );
  const press = async (id, pattern) => {
    await page.click(`#${id}`);
    await says(pattern);
  };
  return {
    says,
    press,
    fill: async (rows) => {
      await page.check(`[name=rows][value="${rows}"]`);
      await press("fill", /sessions in /);
    },
    save: async () => {
      const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save")]);
      await says(/was saved/);
      return { name: download.suggestedFilename(), path: await download.path() };
    },
    figure: async (id) => Number(await page.locator(`#${id}`).getAttribute("value")),
    text: async (selector) => (await page.locator(selector).innerText()).trim(),
    leave: () => context.close(),
  };
}
