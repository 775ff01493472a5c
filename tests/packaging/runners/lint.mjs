import { readFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "../command.mjs";
import { program } from "../programs.mjs";

/** publint, which has no complaint of any kind about the tarball. */
export async function publint({ folder, tarball }) {
  const { publint: lint } = await import("publint");
  const { formatMessage } = await import("publint/utils");
  const manifest = JSON.parse(readFileSync(join(folder, "node_modules/ets-session/package.json"), "utf8"));
  const bytes = readFileSync(tarball);
  const tar = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const { messages } = await lint({ pack: { tarball: tar }, strict: true });
  const complaints = messages.map((message) => `${message.type}: ${formatMessage(message, manifest)}`);
  return [{ name: "publint --strict", error: complaints.join("\n") || null }];
}

/**
 * Are the types wrong? Held to what the package is: `esm-only` leaves out CommonJS, which gets ES modules from
 * require(), and resolution as it was before `exports`. The module is no JavaScript and has no types.
 */
export async function attw({ folder, tarball }) {
  const rules = ["--profile", "esm-only", "--exclude-entrypoints", "./store.wasm"];
  const args = [tarball, ...rules, "--no-definitely-typed", "--no-emoji", "--no-color", "--format", "ascii"];
  const { code, stdout, stderr } = await command(program("attw"), args, { cwd: folder });
  return [{ name: "attw --profile esm-only", error: code === 0 ? null : `${stdout}\n${stderr}` }];
}
