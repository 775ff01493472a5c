// The Worker in Rust: built for wasm32 with the cargo and the wasm-bindgen on the PATH, and run in workerd.
import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import { collect, print } from "../runtimes/report.mjs";
import { equal, group, ok, runAll, test } from "../suite/harness.js";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const CARGO_TARGET_DIR = process.env.CARGO_TARGET_DIR ?? here("../../target/rust-worker");
const OUT = join(CARGO_TARGET_DIR, "worker");
const LIMIT = 12 * 60_000;

function run(program, ...args) {
  const env = { ...process.env, CARGO_TARGET_DIR };
  execFileSync(program, args, {
    cwd: here("."),
    env,
    timeout: LIMIT,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

function build() {
  run("cargo", "build", "--locked", "--quiet", "--release", "--target", "wasm32-unknown-unknown");
  rmSync(OUT, { recursive: true, force: true });
  const wasm = join(CARGO_TARGET_DIR, "wasm32-unknown-unknown/release/rust_worker.wasm");
  run("wasm-bindgen", "--target", "module", "--no-typescript", "--out-name", "index", "--out-dir", OUT, wasm);
  // workerd's import of a .wasm file gives the module as it is; the newer spelling says so everywhere.
  const glue = join(OUT, "index.js");
  writeFileSync(glue, readFileSync(glue, "utf8").replace("import source ", "import "));
  copyFileSync(here("shim.js"), join(OUT, "shim.js"));
}

const start = () =>
  new Miniflare({
    modules: true,
    modulesRoot: OUT,
    scriptPath: join(OUT, "shim.js"),
    modulesRules: [
      { type: "ESModule", include: ["**/*.js"] },
      { type: "CompiledWasm", include: ["**/*.wasm"] },
    ],
    compatibilityDate: "2024-09-01",
    host: "127.0.0.1",
    port: 0,
    cf: false,
  });

/** A browser as far as the one cookie goes. */
class Browser {
  cookie = "";

  async go(path, method = "GET") {
    const headers = this.cookie ? { cookie: `theme=dark; ${this.cookie}` } : {};
    const response = await worker.dispatchFetch(`http://localhost${path}`, { method, headers });
    const set = response.headers.get("set-cookie");
    if (set !== null) this.cookie = set.split(";")[0];
    return { status: response.status, text: await response.text(), set };
  }
}

group("rust-worker", () => {
  test("a visitor without a cookie gets one, and is counted from then on", async () => {
    const browser = new Browser();
    const first = await browser.go("/");
    equal(first.text, "stranger, visit 1");
    const right = /^__Host-sid=[\w-]{24}; Path=\/; Secure; HttpOnly; SameSite=Lax$/;
    ok(right.test(first.set), "the cookie has another shape");
    const second = await browser.go("/");
    equal(second.text, "stranger, visit 2");
    equal(second.set, null);
    equal((await new Browser().go("/")).text, "stranger, visit 1", "somebody else");
  });

  test("an id that nobody gave out is not taken over", async () => {
    for (const id of ["A".repeat(24), "", "%00", "x".repeat(5000)]) {
      const browser = new Browser();
      browser.cookie = `__Host-sid=${id}`;
      equal((await browser.go("/")).text, "stranger, visit 1");
      ok(browser.cookie !== `__Host-sid=${id}`, "the visitor chose the id");
    }
  });

  test("a login keeps the session under a fresh id, and the old one leads nowhere", async () => {
    const browser = new Browser();
    await browser.go("/");
    const before = browser.cookie;
    equal((await browser.go("/login?user=ada", "POST")).text, "welcome");
    ok(browser.cookie !== before, "the id is the same");
    equal((await browser.go("/")).text, "ada, visit 2");
    const thief = new Browser();
    thief.cookie = before;
    equal((await thief.go("/")).text, "stranger, visit 1");
  });

  test("a logout ends the session, whoever still has the cookie", async () => {
    const browser = new Browser();
    await browser.go("/");
    await browser.go("/login?user=bob", "POST");
    const thief = new Browser();
    thief.cookie = browser.cookie;
    const { set } = await browser.go("/logout", "POST");
    equal(set, "__Host-sid=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax");
    equal((await thief.go("/")).text, "stranger, visit 1");
  });

  test("there is no login without a session", async () => {
    equal((await new Browser().go("/login?user=ada", "POST")).status, 403);
  });

  test("visits at the same time are all counted", async () => {
    const browser = new Browser();
    await browser.go("/");
    await Promise.all(Array.from({ length: 20 }, () => browser.go("/")));
    equal((await browser.go("/")).text, "stranger, visit 22");
  });

  test("www/docs/rust.md shows the code that ran here", () => {
    const page = readFileSync(here("../../www/docs/rust.md"), "utf8");
    const blocks = [...page.matchAll(/^```\w+ (\S+)\n(.*?)^```$/gms)];
    equal(blocks.length, 5, "blocks of code with a file's name");
    for (const [, file, code] of blocks)
      ok(readFileSync(here(file), "utf8").includes(code), `${file} does not have\n${code}`);
  });
});

build();
const worker = start();
try {
  print("rust-worker", await collect((lib, report) => runAll(lib, report), {}));
} finally {
  await worker.dispose();
}
