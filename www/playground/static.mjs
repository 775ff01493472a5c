/** A static server of the plainest kind, for this machine alone. */
import { readdir, readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, relative, sep } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Serves a folder's files under a path that begins and ends with a slash. Port 0: any free one. */
export async function serveFolder(folder, { port = 0, under = "/", headers = {} } = {}) {
  const files = await known(folder, under);
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const file = files.get(pathname);
    const body = file && (await readFile(file).catch(() => undefined));
    response.setHeader("content-type", (body && TYPES[extname(file)]) ?? "text/plain");
    response.writeHead(body ? 200 : 404, headers).end(body ?? "not found");
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${server.address().port}${under}`, stop };
}

/** Paths and files, looked up beforehand: no path can lead out of the folder. */
async function known(folder, under) {
  const files = new Map();
  for (const name of await readdir(folder, { recursive: true })) {
    const file = join(folder, name);
    if ((await stat(file)).isFile()) files.set(under + relative(folder, file).split(sep).join("/"), file);
  }
  files.set(under, join(folder, "index.html"));
  return files;
}
