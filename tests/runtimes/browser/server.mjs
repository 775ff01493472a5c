// The package and the suite as they lie on the disk, for a page on this machine.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";

const root = new URL("../../../", import.meta.url);
const manifest = JSON.parse(await readFile(new URL("pkg/package.json", root), "utf8"));
const types = { ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm" };

/** What a bundler would do with package.json: names to files. */
function importMap() {
  const imports = { "#wasm": manifest.imports["#wasm"].default };
  for (const [path, target] of Object.entries(manifest.exports)) {
    if (target.default) imports[`ets-session${path.slice(1)}`] = target.default;
  }
  return Object.fromEntries(Object.entries(imports).map(([name, file]) => [name, `/pkg/${file.slice(2)}`]));
}

const page = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
<script type="importmap">${JSON.stringify({ imports: importMap() })}</script>`;

export async function serve() {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    if (pathname === "/") return response.setHeader("content-type", "text/html").end(page);
    const known = /^\/(pkg\/dist|tests)\//.test(pathname) ? types[extname(pathname)] : undefined;
    const body = known && (await readFile(new URL(`.${pathname}`, root)).catch(() => undefined));
    response.setHeader("content-type", known ?? "text/plain");
    response.writeHead(body ? 200 : 404).end(body ?? "not found");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}
