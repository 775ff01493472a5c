/** wrk with hostile cookies, and what it counted of them. */
import { fileURLToPath } from "node:url";
import { must } from "../packaging/command.mjs";

const LUA = fileURLToPath(new URL("hostile.lua", import.meta.url));
/** Each of them waits a little after an answer, and yet workerd always has more to do than it can. */
const CONNECTIONS = 8;
const SEED = "1";

/** `each`: so many cookies in every request, instead of what is drawn; 0 for what is drawn. */
export async function flood({ url, path, genuine, seconds, each }) {
  const options = ["-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, "--timeout", "10s"];
  const text = await must("wrk", [...options, "-s", LUA, url, "--", SEED, genuine, path, `${each}`], {
    seconds: seconds + 30,
  });
  const found = JSON.parse(/^found (.*)$/m.exec(text)[1]);
  const { requests, sent, sockets, statuses, timeouts } = found;
  return {
    ...found,
    cookiesPerSecond: found.cookies / found.seconds,
    requestsPerSecond: requests / found.seconds,
    // What is under way at the end is not waited for.
    answered: requests > 0 && sent - requests <= CONNECTIONS && sockets + statuses + timeouts === 0,
  };
}
