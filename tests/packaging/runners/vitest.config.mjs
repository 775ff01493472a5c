import { writeFileSync } from "node:fs";
import { cloudflareTest } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";

// Wrangler's rules make a `.wasm` a module; without its configuration the pool leaves such a file to Vite, which
// links what is in it by itself.
const wrangler = { configPath: "vitest.wrangler.json" };

/** Says nothing, and writes down what the suite's results are elsewhere. */
const reporter = {
  onTestRunEnd(files, errors) {
    const results = [];
    const add = (name, [first, ...more]) => {
      const error = first === undefined ? null : `${first.stack ?? first.message}\n(and ${more.length} more)`;
      results.push({ name, error });
    };
    for (const file of files) {
      for (const test of file.children.allTests()) add(test.name, test.result().errors ?? []);
      add("the file's own errors", file.errors());
    }
    add("unhandled errors", errors);
    writeFileSync("vitest.json", JSON.stringify(results));
  },
};

export default defineConfig({
  plugins: [cloudflareTest({ wrangler, miniflare: { cf: false } })],
  test: { globals: true, include: ["tests/packaging/inside/pool.test.js"], reporters: [reporter] },
});
