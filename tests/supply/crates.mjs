/** What cargo-deny says of crates: deny.toml has the rules, CARGO_DENY the program's path. */
import { fileURLToPath } from "node:url";
import { command } from "../packaging/command.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
/** RustSec's database is a repository. A network that swallows requests is one that can't be reached. */
const PATIENCE = 60;

export const WORKSPACES = ["Cargo.toml", "tests/fuzz/Cargo.toml", "tests/rust-worker/Cargo.toml"];

async function deny(manifest, checks, options) {
  const where = ["--locked", "--color=never", `--manifest-path=${manifest}`, "--config=deny.toml"];
  const env = { GIT_TERMINAL_PROMPT: "0" };
  const args = [...where, "check", ...checks];
  const { code, stdout, stderr } = await command(process.env.CARGO_DENY, args, {
    cwd: root,
    env,
    ...options,
  });
  return { ok: code === 0, text: `${stdout}\n${stderr}`.trim() };
}

export async function rules(manifest) {
  const checks = ["licenses", "bans", "sources"];
  const { ok, text } = await deny(manifest, checks);
  const ran = checks.every((check) => text.includes(`${check} ok`));
  if (!ok || !ran) throw new Error(text);
}

function tooLong(error) {
  if (!/took longer than/.test(error.message)) throw error;
}

/** Known vulnerabilities, as a text for each workspace that has some; undefined where nobody could be asked. */
export async function advisories() {
  const found = [];
  for (const manifest of WORKSPACES) {
    const answer = await deny(manifest, ["advisories"], { seconds: PATIENCE }).catch(tooLong);
    if (answer === undefined || /failed to fetch advisory database/.test(answer.text)) return undefined;
    if (!answer.ok || !answer.text.includes("advisories ok")) found.push(`${manifest}\n${answer.text}`);
  }
  return found;
}
