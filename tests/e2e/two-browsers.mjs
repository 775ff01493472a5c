import { logIn, says } from "./harness.mjs";

export const firefox = {
  userAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0",
};
export const safari = {
  userAgent:
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1",
};

/** Two browsers, signed in under one name, both on the page that lists them. */
export async function both(visitor, name) {
  const pages = [await visitor(firefox), await visitor(safari)];
  for (const page of pages) {
    await page.goto("/");
    await logIn(page, name);
    await says(page, "#user", name);
  }
  await pages[0].reload();
  return pages;
}

export const listed = async (page) =>
  (await page.locator(".places h2").allTextContents()).map((text) => text.trim().replace(/\s+/g, " ")).join();
export const rowOf = (page) => page.locator("[data-text=id]").textContent();
export const signedOut = async (page) => (await page.locator("#user").count()) === 0;
export const noticeOf = async (page) => (await page.locator("#notice").textContent()).trim();
