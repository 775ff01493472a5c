/** What a session adds to a response. The response given is left as it is: it may be given again. */

export interface Additions {
  /** A Set-Cookie line of ours. */
  cookie: string | undefined;
  /** Whether the handler looked at the session, so that the answer may depend on it. */
  looked: boolean;
}

/** Directives that would let a shared cache keep what is one visitor's. */
const SHARED = /^(?:public|s-maxage=.*|proxy-revalidate|must-understand)$/i;
/** Fields by which CDNs are told to keep what Cache-Control says they may not: RFC 9213 section 3, and some of their own. */
const CDN =
  /^(?:.+-)?cdn-cache-control$|^(?:surrogate|edge)-control$|^akamai-cache-control$|^x-accel-expires$/;

/** A response with the additions, or the response itself where there are none. */
export function withAdditions(response: Response, additions: Additions): Response {
  const { cookie, looked } = additions;
  // A network error (status 0) has neither headers nor a way to be made anew.
  if ((cookie === undefined && !looked) || response.status === 0) return response;
  const headers = new Headers(response.headers);
  if (cookie !== undefined) {
    // RFC 6265 section 4.1.1: one line for each name, so an earlier one of ours gives way.
    const ours = cookie.slice(0, cookie.indexOf("=") + 1);
    const others = headers.getSetCookie().filter((line) => !line.startsWith(ours));
    headers.delete("Set-Cookie");
    for (const line of [...others, cookie]) headers.append("Set-Cookie", line);
  }
  headers.set("Vary", vary(headers.get("Vary")));
  headers.set("Cache-Control", cacheControl(headers.get("Cache-Control"), cookie !== undefined));
  for (const name of [...headers.keys()]) if (CDN.test(name)) headers.delete(name);
  const { status, statusText } = response;
  const init: ResponseInit & { webSocket?: unknown } = { status, statusText, headers };
  // An upgrade in Workers carries its socket beside the headers.
  const { webSocket } = response as { webSocket?: unknown };
  if (webSocket) init.webSocket = webSocket;
  return new Response(response.body, init);
}

/** RFC 9110 section 12.5.5: a list that grows; "*" says everything already. */
function vary(value: string | null): string {
  if (value === null || value.trim() === "") return "Cookie";
  const fields = value.split(",").map((field) => field.trim().toLowerCase());
  return fields.includes("*") || fields.includes("cookie") ? value : `${value}, Cookie`;
}

/**
 * RFC 9111 section 7.3: Set-Cookie alone keeps no cache from storing. At least `private`, and with a
 * cookie `no-store`; what the application said that is stricter stays.
 */
function cacheControl(value: string | null, cookie: boolean): string {
  const given = (value ?? "").split(",").map((directive) => directive.trim());
  const kept = given.filter((directive) => directive !== "" && !SHARED.test(directive));
  const has = (name: string) => kept.some((directive) => directive.toLowerCase() === name);
  if (cookie && !has("no-store")) kept.push("no-store");
  else if (!cookie && !has("private") && !has("no-store")) kept.push("private");
  return kept.join(", ");
}
