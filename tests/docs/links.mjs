/** Links: the files are there, and so are the headings in them. Nothing is asked of the network. */
import { dirname, posix } from "node:path";
import { group, test } from "../suite/harness.js";
import { none } from "./none.mjs";
import { anchorsOf, exists, linksOf, PAGES } from "./pages.mjs";

/** What is wrong with a link; undefined where nothing is. */
function wrong(page, to) {
  if (/^[a-z][a-z0-9+.-]*:/i.test(to)) {
    const url = URL.canParse(to) ? new URL(to) : undefined;
    // The worker and the demo are reached on this machine.
    const fine = url?.protocol === "https:" || url?.hostname === "localhost";
    return fine && url.username === "" ? undefined : "is no https URL";
  }
  const [path, anchor] = to.split("#");
  const target = path === "" ? page : posix.normalize(posix.join(dirname(page), decodeURIComponent(path)));
  if (target.startsWith("..") || target.startsWith("/")) return "leads out of the tree";
  if (!exists(target)) return "leads to no file";
  if (anchor === undefined || !target.endsWith(".md")) return undefined;
  return anchorsOf(target).has(anchor) ? undefined : "leads to no heading";
}

group("links", () => {
  for (const page of [...PAGES, "CHANGELOG.md"]) {
    test(`of ${page} lead somewhere`, () => {
      const found = linksOf(page).flatMap(({ line, to }) => {
        const why = wrong(page, to);
        return why === undefined ? [] : [`${page}:${line}: ${to} ${why}`];
      });
      none(found);
    });
  }

  test("of www/docs/README.md lead to every page", () => {
    const contents = "www/docs/README.md";
    const linked = new Set(linksOf(contents).map(({ to }) => posix.join("www/docs", to.split("#")[0])));
    const missing = PAGES.filter((page) => page.startsWith("www/docs/") && page !== contents);
    none(missing.filter((page) => !linked.has(page)).map((page) => `not linked: ${page}`));
  });
});
