/**
 * Cookies as RFC 6265bis has them, read off its text and not off the package: what a Cookie header says, what a
 * Set-Cookie line may be (section 4.1.1), and what a browser makes of one (sections 5.6 and 5.7).
 */

const isWhite = (char) => char === " " || char === "\t";

function trim(text) {
  let [from, to] = [0, text.length];
  while (from < to && isWhite(text[from])) from++;
  while (to > from && isWhite(text[to - 1])) to--;
  return text.slice(from, to);
}

/** Name and value as section 5.6 splits them: at the first "=", white space taken off; without "=" there is no name. */
export function pair(text) {
  const at = text.indexOf("=");
  return at < 0 ? ["", trim(text)] : [trim(text.slice(0, at)), trim(text.slice(at + 1))];
}

/** What a Cookie header says, in its order. */
export const presented = (header) => header.split(";").map(pair);

const OCTETS = "[!#-+\\x2d-:<-\\[\\]-~]*";
const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const LABEL = "[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?";
const DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
const MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";
const AV = [
  "Secure",
  "HttpOnly",
  "Partitioned",
  "SameSite=(?:Strict|Lax|None)",
  "Max-Age=(?:0|[1-9][0-9]*)",
  `Expires=${DAY}, [0-9]{2} ${MONTH} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT`,
  "Path=/[ -:<-~]*",
  `Domain=\\.?${LABEL}(?:\\.${LABEL})*`,
].join("|");

/** Partitioned is none of the RFC's; it comes from CHIPS. */
export const SET_COOKIE = new RegExp(`^${TOKEN}=${OCTETS}(?:; (?:${AV}))*$`);

/**
 * What a browser keeps of a line in answer to a request over https: a cookie, or why it drops it. It trims, and
 * takes the last attribute of a name.
 */
export function stored(line, host) {
  if ([...line].some((char) => char !== "\t" && (char < " " || char === "\x7f")))
    return { dropped: "a control" };
  const [first, ...rest] = line.split(";");
  const [name, value] = pair(first);
  if (name === "" && value === "") return { dropped: "nothing" };
  if (name.length + value.length > 4096) return { dropped: "longer than 4096 octets" };
  const cookie = {
    name,
    value,
    path: undefined,
    domain: undefined,
    secure: false,
    httpOnly: false,
    sameSite: undefined,
  };
  for (const part of rest) {
    const [attribute, given] = part.includes("=") ? pair(part) : [trim(part), ""];
    if (given.length > 1024) continue;
    const known = attribute.toLowerCase();
    if (known === "path") cookie.path = given.startsWith("/") ? given : undefined;
    else if (known === "domain") cookie.domain = given.replace(/^\./, "").toLowerCase();
    else if (known === "secure") cookie.secure = true;
    else if (known === "httponly") cookie.httpOnly = true;
    else if (known === "samesite") cookie.sameSite = given;
    else if (known === "partitioned") cookie.partitioned = true;
    else if (known === "max-age") cookie.maxAge = Number(given);
    else if (known === "expires") cookie.expires = Date.parse(given);
  }
  const { domain, path, secure, httpOnly } = cookie;
  if (domain !== undefined && domain !== "" && host !== domain && !host.endsWith(`.${domain}`)) {
    return { dropped: "another domain" };
  }
  if (cookie.sameSite === "None" && !secure) return { dropped: "SameSite=None without Secure" };
  if (cookie.partitioned && !secure) return { dropped: "Partitioned without Secure" };
  const lower = name.toLowerCase();
  const alone = secure && path === "/" && (domain === undefined || domain === "");
  if (lower.startsWith("__secure-") && !secure) return { dropped: "__Secure-" };
  if (lower.startsWith("__host-") && !alone) return { dropped: "__Host-" };
  if (lower.startsWith("__http-") && !(secure && httpOnly)) return { dropped: "__Http-" };
  if (lower.startsWith("__host-http-") && !(alone && httpOnly)) return { dropped: "__Host-Http-" };
  return { cookie };
}
