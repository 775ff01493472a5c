/** One run of Debian's wrk, from one thread: the other core is the worker's. */
import { fileURLToPath } from "node:url";
import { must } from "../packaging/command.mjs";

const SCRIPT = fileURLToPath(new URL("requests.lua", import.meta.url));
export const CONNECTIONS = 32;

/** Gives what wrk found, times in milliseconds, and what was wrong with it as sentences. */
export async function wrk({ url, method, cookies, seconds, seed }) {
  const options = ["-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, "--timeout", "10s", "--latency"];
  const text = await must("wrk", [...options, "-s", SCRIPT, url, "--", method, `${seed}`, cookies], {
    seconds: seconds + 30,
  });
  const found = JSON.parse(/^found (.*)$/m.exec(text)[1]);
  const problems = [];
  if (found.requests === 0) problems.push("nothing was answered");
  for (const kind of ["sockets", "statuses", "timeouts"]) {
    if (found[kind] > 0) problems.push(`${found[kind]} ${kind} were not as they should be`);
  }
  // Redirects are no error to Lua, but to the text.
  const others = /^ *Non-2xx or 3xx responses: (\d+)$/m.exec(text);
  if (others !== null && found.statuses === 0) problems.push(`${others[1]} other answers`);
  return { ...found, rate: found.requests / found.seconds, problems };
}

export async function version() {
  try {
    return /^wrk (\S+)/m.exec(await must("sh", ["-c", "wrk --version; true"]))[1];
  } catch {
    throw new Error("missing: wrk, Debian's package of that name");
  }
}
