/** Vite's development server, which bundles the package beforehand, or serves its files when told to exclude it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createServer } from "vite";
import { inside, named } from "../lab.mjs";
import { page } from "../site.mjs";

export const viteDev = async (lab) => [
  ...(await visit(lab, "optimised")),
  ...(await visit(lab, "excluded", { exclude: ["ets-session"] })),
];

async function visit(lab, name, optimizeDeps = {}) {
  writeFileSync(join(lab.folder, "index.html"), page(inside("page.js")));
  const server = await createServer({
    root: lab.folder,
    configFile: false,
    logLevel: "silent",
    cacheDir: join(lab.folder, "built", `vite-${name}`),
    server: { host: "127.0.0.1", port: 0 },
    optimizeDeps,
  });
  try {
    await server.listen();
    return named(name, await lab.visitAt(server.resolvedUrls.local[0]));
  } finally {
    await server.close();
  }
}
