/** What the npm registry knows of the packages that package-lock.json names. */
import { fileURLToPath } from "node:url";
import { command } from "../packaging/command.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
/** Of tools, which see nothing but this repository. */
const GRAVE = ["high", "critical"];

/** Gives { refused }, the status that it answered with, or { found }: sentences. `lock` is package-lock.json. */
export async function audit(lock) {
  const args = ["audit", "--package-lock-only", "--json", "--fetch-retries=0", "--fetch-timeout=30000"];
  const { stdout } = await command("npm", args, { cwd: root });
  const answer = JSON.parse(stdout);
  if (answer.vulnerabilities === undefined) return { refused: answer.statusCode ?? "no answer" };
  const tool = (path) => lock.packages[path]?.dev || lock.packages[path]?.devOptional;
  const found = Object.values(answer.vulnerabilities)
    .filter(({ severity, nodes }) => GRAVE.includes(severity) || !nodes.every(tool))
    .map(({ name, severity, range }) => `${name} ${range}: ${severity}`);
  return { found };
}
