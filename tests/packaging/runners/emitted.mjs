import { readdirSync } from "node:fs";
import { join, posix } from "node:path";

/** The modules that a bundler wrote into a folder, the entry first. */
export function emitted(folder, entry = "worker.js") {
  const files = readdirSync(folder, { recursive: true }).map((file) => posix.join(file));
  const others = files.filter((file) => file !== entry && /\.(js|wasm)$/.test(file));
  return [entry, ...others].map((name) => ({ name, file: join(folder, name) }));
}

/** Whether a bundle has just as many `.wasm` as it is to have: one, or none where it is inlined. */
export function wasmFiles(modules, count) {
  const found = modules.map(({ name }) => name).filter((name) => name.endsWith(".wasm"));
  const error = found.length === count ? null : `it has ${found.length}: ${found.join(", ")}`;
  return { name: `the bundle has exactly ${count} .wasm`, error };
}
