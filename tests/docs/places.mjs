/** Where the pages' code runs: servers as their page starts them, workerd, and a page in Chromium. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { Miniflare } from "miniflare";
import { end } from "../packaging/command.mjs";
import { program } from "../packaging/programs.mjs";
import { launch } from "../runtimes/browser/launch.mjs";
import { bundle } from "../runtimes/workerd/bundle.mjs";

const PATIENCE = 30_000;
const PROGRAMS = { node: () => process.execPath, deno: () => program("deno"), bun: () => program("bun") };
/** What each takes a port by. */
const AT = {
  node: (port) => ({ env: { PORT: port }, flags: [] }),
  deno: (port) => ({ env: { DENO_NO_UPDATE_CHECK: "1" }, flags: ["--port", port, "--host", "127.0.0.1"] }),
  bun: (port) => ({ env: { PORT: port }, flags: [] }),
};

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(`${port}`));
    });
  });
}

/** Starts what the page says, and visits it. */
export async function served({ folder }, { file, text, line }, visit) {
  writeFileSync(join(folder, file), text);
  const [name, ...args] = line.split(" ");
  const port = await freePort();
  const { env, flags } = AT[name](port);
  const child = spawn(PROGRAMS[name](), [...args.slice(0, -1), ...flags, file], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: "ignore",
  });
  try {
    const url = `http://127.0.0.1:${port}/`;
    await listening(url, child);
    await visit((init) => fetch(url, init), port);
  } finally {
    end(child);
  }
}

/** A visitor without cookies, until there is an answer. */
async function listening(url, child) {
  const late = AbortSignal.timeout(PATIENCE);
  for (;;) {
    const answer = await fetch(url, { method: "HEAD", signal: late }).catch((error) => error);
    if (answer instanceof Response) return;
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    late.throwIfAborted();
  }
}

/** `more` are bindings, as Miniflare takes them. */
export async function inWorkerd({ folder }, { file, text }, visit, more = {}) {
  writeFileSync(join(folder, file), text);
  const modules = await bundle(join(folder, file));
  const worker = new Miniflare({
    ...more,
    modules,
    compatibilityDate: "2024-09-01",
    host: "127.0.0.1",
    port: 0,
    cf: false,
  });
  try {
    await visit((init) => worker.dispatchFetch("http://localhost/", init));
  } finally {
    await worker.dispose();
  }
}

/** Gives what the page shows. Names are resolved by an import map, files are those that were installed. */
export async function inChromium({ folder }, { file, text }) {
  const dist = join(folder, "node_modules/ets-session/dist");
  const files = new Map(
    readdirSync(dist, { recursive: true })
      .filter((name) => name.endsWith(".js"))
      .map((name) => [`/dist/${name}`, readFileSync(join(dist, name), "utf8")]),
  );
  files.set(`/${file}`, text);
  const names = { "ets-session/table": "/dist/table.js", "#wasm": "/dist/wasm/inline.js" };
  const map = JSON.stringify({ imports: names });
  const html = `<!doctype html><script type="importmap">${map}</script><body><script type="module" src="/${file}"></script>`;
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.route("**/*", (route) => {
      const { pathname } = new URL(route.request().url());
      const body = files.get(pathname);
      if (pathname === "/") return route.fulfill({ contentType: "text/html", body: html });
      return body === undefined
        ? route.fulfill({ status: 404 })
        : route.fulfill({ contentType: "text/javascript", body });
    });
    await page.goto("http://localhost/");
    await page.waitForFunction(() => document.body.textContent.trim() !== "", undefined, {
      timeout: PATIENCE,
    });
    return (await page.textContent("body")).trim();
  } finally {
    await browser.close();
  }
}
