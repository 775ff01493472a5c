// The portable suite in real workerd.
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import { print } from "../report.mjs";
import { bundle } from "./bundle.mjs";

const modules = await bundle(fileURLToPath(new URL("worker.js", import.meta.url)));

// An old date: what works there works for every worker deployed since.
const worker = new Miniflare({
  modules,
  compatibilityDate: "2024-09-01",
  host: "127.0.0.1",
  port: 0,
  cf: false,
});
try {
  const response = await worker.dispatchFetch("http://localhost/");
  if (!response.ok) throw new Error(await response.text());
  print("workerd", await response.json());
} finally {
  await worker.dispose();
}
