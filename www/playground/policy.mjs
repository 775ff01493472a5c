/** What a host would send with the files, if it can. The page works without it. */

/** The page's own policy: a worker takes the one that comes with its file. The test holds the two together. */
export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'";

/** Without the first two, browsers do not tell a page what it takes of memory. */
export const HEADERS = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
};
