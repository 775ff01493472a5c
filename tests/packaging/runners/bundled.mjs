import { basename, join } from "node:path";
import { must } from "../command.mjs";
import { program } from "../programs.mjs";
import { emitted, wasmFiles } from "./emitted.mjs";
import { of } from "./script.mjs";

const ENTRY = "tests/packaging/inside/bundled.js";

const BUNDLERS = {
  esbuild: {
    async build(folder, outdir) {
      const { build } = await import("esbuild");
      const entryPoints = [ENTRY];
      await build({
        absWorkingDir: folder,
        entryPoints,
        outdir,
        bundle: true,
        platform: "node",
        format: "esm",
      });
    },
    run: (file, cwd) => must(process.execPath, [file], { cwd }),
  },
  "bun build": {
    build: (cwd, outdir) =>
      must(program("bun"), ["build", "--target=bun", `--outdir=${outdir}`, ENTRY], { cwd }),
    run: (file, cwd) => must(program("bun"), ["run", "--no-install", file], { cwd }),
  },
};

/** One file for a server, which has everything in it, run where nothing is installed. */
export async function bundled({ folder }) {
  const all = [];
  for (const [bundler, { build, run }] of Object.entries(BUNDLERS)) {
    const out = join(folder, `bundled-${bundler.replace(" ", "-")}`);
    await build(folder, out);
    const modules = emitted(out, basename(ENTRY));
    const results = [wasmFiles(modules, 0), ...JSON.parse(await run(modules[0].file, out))];
    all.push(...of(bundler, results));
  }
  return all;
}
