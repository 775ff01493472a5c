import { access } from "node:fs/promises";
import { startDemo } from "../../www/serve.mjs";
import { launch } from "../runtimes/browser/launch.mjs";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const PATIENCE = 15_000;

const opened = [];
const complaints = [];

export async function open() {
  await access(CHROMIUM).catch(() => {
    throw new Error(`there is no ${CHROMIUM}: apt-get install chromium, or name one in CHROMIUM`);
  });
  const demo = await startDemo({ port: 0 });
  opened.push(() => demo.stop());
  const browser = await launch();
  opened.push(() => browser.close());
  return { visit: (test) => withVisitors(browser, demo.url, test) };
}

export async function close() {
  for (const end of opened.reverse()) await end();
}

/** Gives a test visitors, each a browser profile of its own, and sends them away afterwards. */
async function withVisitors(browser, url, test) {
  const contexts = [];
  const visitor = async (options) => {
    const context = await browser.newContext({ baseURL: url, ...options });
    contexts.push(context);
    context.setDefaultTimeout(PATIENCE);
    context.on("console", (message) => {
      if (message.type() === "error") complaints.push(`${message.text()} (${message.location().url})`);
    });
    context.on("weberror", (event) => complaints.push(event.error().message));
    const page = await context.newPage();
    return Object.assign(page, { sid: () => sidOf(context, url) });
  };
  try {
    await test({ visitor, url, raw: (path, init) => fetch(url + path, { redirect: "manual", ...init }) });
  } finally {
    for (const context of contexts) await context.close();
  }
}

async function sidOf(context, url) {
  return (await context.cookies(url)).find(({ name }) => name === "sid");
}

/** The last test: what all the others left behind in the browser's console. */
export const troubles = {
  "no console errors and no CSP violations in all of this": () =>
    equal(complaints.join("; "), "", "the console"),
};

export function check(condition, what) {
  if (!condition) throw new Error(what);
}

/** For what may be shown. Never for cookie values: those are compared with check(). */
export function equal(actual, expected, what) {
  check(actual === expected, `${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
}

/** Waits until an element's text is exactly this. */
export const says = (page, selector, text) => page.locator(`${selector}:text-is("${text}")`).waitFor();

export const add = (page, product) => page.click(`#add-${product}`);

export async function logIn(page, name) {
  await page.click("#account");
  await page.fill("#name", name);
  await page.click("#login");
}

// Whatever went wrong, no id may end up in a log: an id is 24 characters long and so is nothing else worth reading.
const withoutIds = (text) => text.replace(/[\w-]{24,}/g, "…");

export function report(verdict, name, detail) {
  console.log(withoutIds(`${verdict} ${name} (${detail.split("\n", 1)[0]})`));
}
