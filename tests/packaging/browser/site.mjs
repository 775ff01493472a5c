// A folder as a site of its own on this machine: a page that runs one script, and the files beside it.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = { ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm" };

export const page = (script, head = "") => `<!doctype html><meta charset="utf-8">
<link rel="icon" href="data:,">${head}
<script type="module" src="${script}"></script>
`;

/**
 * @param {string} folder
 * @param {{ html?: string, policy?: (path: string) => string }} options what "/" answers with, where it is
 *   not the folder's index.html, and each path's Content-Security-Policy
 */
export async function serve(folder, { html, policy } = {}) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    if (policy) response.setHeader("content-security-policy", policy(pathname));
    const [body, type] = pathname === "/" ? [html ?? file("index.html"), "text/html"] : [file(pathname)];
    response.setHeader("content-type", type ?? TYPES[extname(pathname)] ?? "text/plain");
    const found = await body;
    response.writeHead(found === undefined ? 404 : 200).end(found ?? "not found");
  });
  const file = (path) => readFile(join(folder, normalize(`/${path}`))).catch(() => undefined);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
