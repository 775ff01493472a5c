/** Cookies: a tolerant reader and a strict writer, after RFC 6265bis. */
import { badOption, EtsError } from "./errors.js";
import { boolean, type Duration, known, milliseconds, oneOf } from "./options.js";

/** How the session's cookie is sent. What browsers would drop is refused, where it can be by its types. */
export type CookieOptions = CookieBasics & CookieReach & CookieSafety;

/** What goes with every kind of cookie. */
export interface CookieBasics {
  /** Default "/". */
  path?: string;
  /** Default true. */
  httpOnly?: boolean;
  /** "session" (default): until the browser closes. A Duration, at most 400 days: persistent and sliding. */
  maxAge?: Duration | "session";
}

/** A cookie with a domain has no name that begins with "__Host-"; its types keep all that begin with "__h" away. */
export type CookieReach =
  | {
      /** Default "sid"; sent as "__Host-sid" when secure, with path "/" and no domain. */
      name?: string;
      domain?: undefined;
    }
  | { name?: NotHost; domain: string | undefined };

/** What a cookie that may be sent over plain http can't have. */
export type CookieSafety =
  | {
      /** Default "auto": as the request's scheme. */
      secure?: true | "auto" | undefined;
      /** Default "Lax"; "None" needs secure. */
      sameSite?: "Strict" | "Lax" | "None";
      partitioned?: boolean;
    }
  | { secure: boolean | "auto"; sameSite?: "Strict" | "Lax"; partitioned?: false };

type Characters<Text extends string> = Text extends `${infer First}${infer Rest}`
  ? First | Characters<Rest>
  : never;
/** What cookies' names are made of, except "_", and except "h". */
type Plain =
  | Characters<"!#$%&'*+-.^`|~0123456789">
  | Characters<"ABCDEFGIJKLMNOPQRSTUVWXYZ">
  | Characters<"abcdefgijklmnopqrstuvwxyz">;
type Initial = Plain | "h" | "H";
type NotHost = `${Initial}${string}` | `_${Initial}${string}` | `__${Plain | "_"}${string}` | "_" | "__";

const OPTIONS = [
  "name",
  "path",
  "domain",
  "secure",
  "httpOnly",
  "sameSite",
  "partitioned",
  "maxAge",
] as const;

/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** RFC 6265bis section 4.1.1: any character but controls and ";". A space at the end, browsers take off. */
const PATH = /^\/(?:[\x20-\x3a\x3c-\x7e]*[\x21-\x3a\x3c-\x7e])?$/;
const DOMAIN = /^(?:(?:^\.?|\.)[0-9a-z](?:[0-9a-z-]{0,61}[0-9a-z])?)+$/i;
/** RFC 6265bis section 5.5: what browsers keep at the most. */
const MAX_AGE = 400 * 86_400_000;
const MAX_ATTRIBUTE = 1024;
const MAX_PAIR = 4096;

/** A cookie as configured, checked. */
export class Cookie {
  readonly #name: string;
  readonly #path: string;
  readonly #domain: string | undefined;
  readonly #secure: boolean | "auto";
  readonly #httpOnly: boolean;
  readonly #sameSite: "Strict" | "Lax" | "None";
  readonly #partitioned: boolean;
  /** Milliseconds; undefined for a cookie that lives until the browser closes. */
  readonly maxAge: number | undefined;

  constructor(options: CookieOptions = {}) {
    known("cookie", options, OPTIONS);
    const {
      name = "sid",
      path = "/",
      domain,
      secure = "auto",
      httpOnly = true,
      sameSite = "Lax",
      partitioned = false,
      maxAge = "session",
    } = options;
    if (typeof name !== "string" || !TOKEN.test(name) || name.length > MAX_PAIR / 2) {
      throw badOption("cookie.name", name, "a token (RFC 9110)");
    }
    if (typeof path !== "string" || !PATH.test(path) || path.length > MAX_ATTRIBUTE) {
      throw badOption("cookie.path", path, 'a path that begins with "/", without control characters and ";"');
    }
    if (domain !== undefined && (typeof domain !== "string" || !DOMAIN.test(domain) || domain.length > 255)) {
      throw badOption("cookie.domain", domain, "a host's name");
    }
    this.#name = name;
    this.#path = path;
    this.#domain = domain;
    this.#secure = secure === "auto" ? secure : boolean("cookie.secure", secure);
    this.#httpOnly = boolean("cookie.httpOnly", httpOnly);
    this.#sameSite = oneOf("cookie.sameSite", sameSite, ["Strict", "Lax", "None"]);
    this.#partitioned = boolean("cookie.partitioned", partitioned);
    this.maxAge = maxAge === "session" ? undefined : milliseconds("cookie.maxAge", maxAge);
    if (this.maxAge !== undefined && (this.maxAge > MAX_AGE || this.maxAge < 1000)) {
      throw badOption("cookie.maxAge", maxAge, "from 1 second to 400 days");
    }
    this.#checkSecure();
    this.#checkPrefix();
  }

  #checkSecure(): void {
    if (this.#secure !== false) return;
    if (this.#sameSite === "None") throw badOption("cookie.sameSite", "None", "used with secure only");
    if (this.#partitioned) throw badOption("cookie.partitioned", "true", "used with secure only");
  }

  /** RFC 6265bis section 4.1.3; browsers hold the prefixes to their rules in any letter case. */
  #checkPrefix(): void {
    const name = this.#name.toLowerCase();
    const host = name.startsWith("__host-");
    const http = name.startsWith("__http-") || name.startsWith("__host-http-");
    if (!host && !http && !name.startsWith("__secure-")) return;
    const refuse = (wanted: string) => badOption("cookie.name", this.#name, `used with ${wanted} only`);
    if (this.#secure === false) throw refuse("secure");
    if (host && (this.#path !== "/" || this.#domain !== undefined)) throw refuse('path "/" and no domain');
    if (http && !this.#httpOnly) throw refuse("httpOnly");
  }

  /** Whether the cookie goes out as Secure in answer to a request for this URL. */
  #isSecure(url: string): boolean {
    return this.#secure === "auto" ? url.slice(0, 6).toLowerCase() === "https:" : this.#secure;
  }

  /** The name in requests for this URL and the answers to them. */
  name(url: string): string {
    const bare = !this.#name.startsWith("__") && this.#path === "/" && this.#domain === undefined;
    return bare && this.#isSecure(url) ? `__Host-${this.#name}` : this.#name;
  }

  /** Why browsers would drop the cookie in answer to a request for this URL; undefined where they take it. */
  unsendable(url: string): string | undefined {
    if (this.#isSecure(url)) return undefined;
    if (this.#sameSite === "None") return "SameSite=None needs https";
    if (this.#partitioned) return "Partitioned needs https";
    return /^__(host|secure|http)-/i.test(this.#name) ? "the name's prefix needs https" : undefined;
  }

  /** The Set-Cookie line that gives the cookie a value. */
  set(url: string, value: string, now: number): string {
    const line = this.maxAge === undefined ? "" : lifetime(now + this.maxAge, Math.floor(this.maxAge / 1000));
    return this.#line(url, value, line);
  }

  /** The Set-Cookie line that removes the cookie: the same attributes, or browsers would keep it. */
  remove(url: string): string {
    return this.#line(url, "", lifetime(0, 0));
  }

  #line(url: string, value: string, lifetime: string): string {
    const name = this.name(url);
    if (name.length + value.length > MAX_PAIR) {
      const needed = name.length + value.length;
      throw new EtsError("ERR_COOKIE_TOO_LARGE", "name and value have more than 4096 bytes", {
        needed,
        limit: MAX_PAIR,
      });
    }
    let line = `${name}=${value}; Path=${this.#path}`;
    if (this.#domain !== undefined) line += `; Domain=${this.#domain}`;
    line += lifetime;
    if (this.#isSecure(url)) line += "; Secure";
    if (this.#httpOnly) line += "; HttpOnly";
    line += `; SameSite=${this.#sameSite}`;
    if (this.#partitioned) line += "; Partitioned";
    return line;
  }
}

function lifetime(expires: number, maxAge: number): string {
  // Expires has four digits for the year (RFC 9110 section 5.6.7); a clock far in the future has more.
  const date = expires < 253_402_300_800_000 ? `; Expires=${new Date(expires).toUTCString()}` : "";
  return `${date}; Max-Age=${maxAge}`;
}

const SPACE = 0x20;
const TAB = 0x09;

/**
 * The values of the cookies of a name, in their order. Pairs end at ";"; only spaces and tabs are
 * trimmed; names are compared as they are, values handed on as they are. One pass, and nothing is
 * built for a pair of another name.
 */
export function* cookieValues(header: string, name: string): Generator<string> {
  for (let from = 0; from <= header.length; ) {
    const semicolon = header.indexOf(";", from);
    let end = semicolon < 0 ? header.length : semicolon;
    const next = end + 1;
    while (from < end && isSpace(header.charCodeAt(from))) from++;
    while (end > from && isSpace(header.charCodeAt(end - 1))) end--;
    if (header.startsWith(name, from)) {
      let at = from + name.length;
      while (at < end && isSpace(header.charCodeAt(at))) at++;
      if (at < end && header.charCodeAt(at) === 0x3d) {
        at++;
        while (at < end && isSpace(header.charCodeAt(at))) at++;
        yield header.slice(at, end);
      }
    }
    from = next;
  }
}

function isSpace(code: number): boolean {
  return code === SPACE || code === TAB;
}
