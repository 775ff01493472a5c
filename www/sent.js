import { createTable } from "ets-session/table";
import { IDLE } from "./visitors.js";

// A second table in the same memory. A redirect's answer shows no page, so its header is kept for the page that follows.
const sent = createTable("sent", { maxBytes: "64KiB", idle: IDLE });

/** The Set-Cookie line as it went out, but for the value, which nobody needs to see; undefined when there was none. */
function lineOf(response) {
  const [line] = response.headers.getSetCookie();
  return line?.replace(/^([^=;]*=)[^;]+/, "$1••••••••");
}

export function remember(row, request, response) {
  const line = lineOf(response);
  if (row === undefined || line === undefined) return;
  sent.insert(row, { line, by: `${request.method} ${new URL(request.url).pathname}` });
}

/** { line, by } of the last answer to this row's visitor that set the cookie. */
export const lastSent = (row) => (row === undefined ? undefined : sent.lookup(row));
