import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { HEADERS, POLICY } from "../../www/playground/policy.mjs";
import { equal, ok, test } from "../suite/harness.js";
import { troubles } from "./browser.mjs";

const nameless = () => {
  const nameOf = (c) => c.ariaLabel || c.labels?.[0]?.textContent.trim() || c.textContent.trim();
  const all = document.querySelectorAll("button, a, input, summary, progress, [role=img], aside, section");
  const labelled = (c) => document.getElementById(c.getAttribute("aria-labelledby"))?.textContent.trim();
  return [...all].filter((c) => !labelled(c) && !nameOf(c)).map(({ tagName, id }) => tagName + id);
};

/** The relative luminance of a colour, as WCAG has it. */
const luminance = (colour) => {
  const [r, g, b] = colour
    .match(/[\d.]+/g)
    .map((part) => Number(part) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

function contrast([one, other]) {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

const PAIRS = [
  ["body", "body"],
  ["#filled", "#steps section"],
  ["#compare", "#steps section"],
  ["#fill", "#fill"],
  ["dt", ".table"],
  ["#size", ".table"],
];

export function look({ folder, visit }) {
  for (const colorScheme of ["light", "dark"]) {
    test(`it fits a phone, and is readable: ${colorScheme}`, async () => {
      const page = await visit({ viewport: { width: 320, height: 640 }, colorScheme });
      await page.fill(10_000);
      await page.press("compare", /A Map takes/);
      await page.press("race", /Both took their turns/);
      await page.click("summary");
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      ok(over <= 0, `it is ${over} pixels too wide`);
      for (const pair of PAIRS) {
        const colours = await page.evaluate(
          ([text, ground]) => [
            getComputedStyle(document.querySelector(text)).color,
            getComputedStyle(document.querySelector(ground)).backgroundColor,
          ],
          pair,
        );
        ok(contrast(colours) >= 4.5, `${pair[0]} has a contrast of ${contrast(colours).toFixed(1)}`);
      }
      await page.leave();
    });
  }

  test("every control, drawing and section has a name, and headings do not jump", async () => {
    const page = await visit();
    equal((await page.evaluate(nameless)).join(), "", "without a name");
    const levels = await page.locator("h1, h2, h3").evaluateAll((all) => all.map((h) => +h.tagName[1]));
    ok(
      levels.every((level, index) => level <= (levels[index - 1] ?? 0) + 1),
      "headings jump",
    );
    await page.leave();
  });

  test("the keyboard is enough, and what is read out is said once", async () => {
    const page = await visit();
    await page.focus("[value='100000']");
    await page.keyboard.press("ArrowUp");
    await page.evaluate(() => {
      window.said = [];
      const watch = new MutationObserver(() => window.said.push(document.getElementById("said").textContent));
      watch.observe(document.getElementById("said"), { childList: true });
    });
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.says(/10,000 sessions in/);
    equal((await page.evaluate(() => window.said)).length, 2, "things said");
    equal(await page.locator("[role=status], [aria-live]").count(), 1, "live regions");
    equal(await page.evaluate(() => document.activeElement.id), "fill", "the focus");
    await page.leave();
  });

  test("the benchmark's page has the report, and leads back", async () => {
    const page = await visit();
    await page.click("footer a");
    await page.locator("pre", { hasText: "goals met" }).waitFor();
    const drawn = await page
      .locator("img")
      .evaluateAll((all) => all.every((image) => image.naturalWidth > 0));
    ok(drawn, "a plot is missing");
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    ok(over <= 0, `it is ${over} pixels too wide`);
    await page.click("header a");
    await page.locator("#fill").waitFor();
    await page.leave();
  });

  test("the page's policy is the one that is sent, and both forbid the same", async () => {
    const html = await readFile(join(folder, "index.html"), "utf8");
    ok(html.includes(`content="${POLICY}"`), "the page has another policy");
    equal(HEADERS["content-security-policy"], POLICY, "the policy sent");
    ok(!/<script(?! type="module" src="[^"]+">)|\son\w+=|\sstyle=/.test(html), "something inline");
  });

  test("the folder has no address of its own host, and no file that nobody asks for", async () => {
    const { asked } = troubles();
    const used = new Set(asked.map((url) => new URL(url).pathname.split("/").slice(3).join("/")));
    const files = (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1));
    // Nothing asks for these two, the browser for an icon when it likes, and for the page by the folder's name.
    const known = [".nojekyll", "package/LICENSE", "icon.svg", "index.html"];
    const unused = files.filter((name) => !used.has(name) && !known.includes(name));
    equal(unused.join(), "", "files that nobody asked for");
    for (const name of files.filter((name) => /\.(html|css|js)$/.test(name))) {
      const text = await readFile(join(folder, name), "utf8");
      ok(!/(?:src|href|from|import)\s*[=(]?\s*["'(]\//.test(text), `${name} has an address from the root`);
    }
  });

  test("nothing in all of this was complained of, or asked for outside the folder", () => {
    const { complaints, outside } = troubles();
    equal(complaints.join("; "), "", "complaints");
    equal(outside.join("; "), "", "addresses");
  });
}
