// Sessions in Deno KV: run by Deno, over a database of its own in a temporary folder.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const file = (path) => fileURLToPath(new URL(path, import.meta.url));

const deno = spawn(
  process.env.DENO ?? file("../../node_modules/@deno/linux-x64-glibc/deno"),
  ["run", "--quiet", "--no-config", "--no-lock", "--node-modules-dir=manual", "--unstable-kv"].concat([
    "--allow-read",
    "--allow-write",
    "--allow-env",
    file("deno-kv.deno.mjs"),
  ]),
  { stdio: "inherit", env: { ...process.env, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" } },
);
process.on("exit", () => deno.kill("SIGKILL"));
const [code] = await once(deno, "exit");
process.exitCode = code ?? 1;
