/** A page as a bundler builds it, with nothing beside its script. */
import { wasmFiles } from "../lab.mjs";

export const bundled = (bundler) => async (lab, browser) => {
  const out = await lab.build(bundler, { page: "page.js" });
  return [wasmFiles(out, 0), ...(await lab.visit(out, {}, browser))];
};
