// The portable suite in headless Chromium, on the built package as its files are.
import { print } from "../report.mjs";
import { launch } from "./launch.mjs";
import { serve } from "./server.mjs";

const server = await serve();
const browser = await launch();
try {
  const page = await browser.newPage();
  await page.goto(server.url);
  const results = await page.evaluate(async () => {
    const names = ["", "/table", "/store", "/stores", "/inspector"].map((name) => `ets-session${name}`);
    const [sessions, table, store, stores, { inspector }] = await Promise.all(
      names.map((name) => import(name)),
    );
    const { default: run } = await import("/tests/suite/index.js");
    const { collect } = await import("/tests/runtimes/report.mjs");
    return collect(run, { ...sessions, inspector, table, store, stores });
  });
  print("chromium", results);
} finally {
  await browser.close();
  server.close();
}
