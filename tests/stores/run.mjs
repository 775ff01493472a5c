// All stores against their engines, or those that the arguments name, one after the other.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const ALL = ["self", "redis", "deno-kv", "durable-object", "workers-kv"];

const named = process.argv.slice(2);
const unknown = named.filter((name) => !ALL.includes(name));
if (unknown.length > 0) throw new Error(`there is no ${unknown.join()}; there are ${ALL.join()}`);

let [passed, failed] = [0, 0];
for (const name of named.length > 0 ? named : ALL) {
  const runner = spawn(process.execPath, [fileURLToPath(new URL(`${name}.mjs`, import.meta.url))], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  runner.stdout.setEncoding("utf8").on("data", (part) => {
    said += part;
  });
  const [code] = await once(runner, "close");
  process.stdout.write(said.replaceAll(/^/gm, "  ").trimEnd().concat("\n"));
  const sum = /(?:^|\n)(\d+) passed, (\d+) failed\n?$/.exec(said);
  const [more, less] = sum === null ? [0, 1] : [Number(sum[1]), Number(sum[2])];
  // One that ends badly has not said all that is wrong.
  const broken = code !== 0 && less === 0 ? 1 : less;
  console.log(`${name}: ${more} passed, ${broken} failed`);
  passed += more;
  failed += broken;
}
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
