/** Under a Content-Security-Policy: what it has to allow, what is said where it doesn't, and the way round. */
import { esbuild } from "../bundlers.mjs";
import { check, named, wasmFiles } from "../lab.mjs";

const ALLOWS = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src data:";
const FORBIDS = "default-src 'self'; script-src 'self'; img-src data:";

export const inChromium = async (lab) => [
  ...(await everywhere(lab, "chromium")),
  ...named("handed over", await handedOver(lab, "chromium", FORBIDS)),
];

/** A worker that may not compile can't receive a module there either: "messageerror" is all that it gets. */
export const inFirefox = async (lab) => [
  ...(await everywhere(lab, "firefox")),
  ...named("handed over", await handedOver(lab, "firefox", ALLOWS)),
];

async function everywhere(lab, browser) {
  const allowed = await lab.build(esbuild, { page: "page.js" });
  const forbidden = await lab.build(esbuild, { page: "refused.js" });
  return [
    ...named("allowed", await lab.visit(allowed, { policy: () => ALLOWS }, browser)),
    ...named("forbidden", refused(await lab.visit(forbidden, { policy: () => FORBIDS }, browser))),
  ];
}

const refused = (uses) =>
  uses.map(([use, thrown]) => {
    const told = JSON.stringify(thrown);
    return check(
      `${use} names the policy`,
      /CompileError/.test(told) && /CSP|Content Security/.test(told),
      told,
    );
  });

/** Workers have a policy of their own. */
async function handedOver(lab, browser, workers) {
  const out = await lab.build(esbuild, { page: "compiling.js", handed: "handed.js" });
  const policy = (path) => (path === "/handed.js" ? workers : ALLOWS);
  const { compiles, results } = await lab.visit(out, { policy }, browser);
  const may = workers === ALLOWS;
  return [
    wasmFiles(out, 1),
    check(`the worker ${may ? "may" : "may not"} compile`, compiles === may, `it ${may ? "may not" : "may"}`),
    ...results,
  ];
}
