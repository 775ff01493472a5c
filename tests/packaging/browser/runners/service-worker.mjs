/** A module service worker, which the page registers and has run the suite. */
import { esbuild } from "../bundlers.mjs";
import { wasmFiles } from "../lab.mjs";

export const serviceWorker = async (lab, browser) => {
  const entries = { page: "in-service-worker.js", "service-worker": "service-worker.js" };
  const out = await lab.build(esbuild, entries);
  return [wasmFiles(out, 0), ...(await lab.visit(out, {}, browser))];
};
