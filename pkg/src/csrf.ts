/**
 * Against requests that other sites have a visitor's browser send: tokens bound to the session, and a look
 * at where a request comes from. Both are additions to the cookie's SameSite, which older browsers do not
 * know and which takes every subdomain for the same site.
 */
import { toBytes, toText } from "./base64url.js";
import { encode } from "./codec.js";
import { badOption } from "./errors.js";
import type { Fields } from "./fields.js";
import { CSRF } from "./hidden.js";
import { known } from "./options.js";
import { SessionHandle } from "./session.js";
import { deriveKey, tag } from "./tags.js";
import { isObject } from "./term.js";

/** Whom the `csrf` option lets through beside the site itself. */
export interface CsrfOptions {
  /** Other origins that may send unsafe requests, such as "https://app.example". Default none. */
  origins?: string[];
}

/** A session's tokens. */
export interface Csrf {
  /** A token for a form or a header: another one each time, so that compressed pages tell nothing of it. */
  token(): string;
  /** Whether this session gave the token, in whichever of its requests since its last login. */
  verify(token: unknown): boolean;
}

const SECRET = 18;
const TOKEN = /^[0-9A-Za-z_-]{48}$/;

/**
 * Requests at the same time that each make a session's first token make the same secret, out of its id. The
 * id from before a login may have been planted.
 */
function secretOf({ sid, table, verdict }: Fields): Uint8Array {
  if (sid === undefined || verdict === "login") return crypto.getRandomValues(new Uint8Array(SECRET));
  return toBytes(tag(deriveKey("\0csrf", table.name), sid));
}

/**
 * The CSRF tokens of a session. The secret behind them is made with the first token and kept in the
 * session's row, which a visitor without one gets by it; a login makes another.
 *
 * @example
 * const form = `<input type="hidden" name="csrf" value="${csrf(session).token()}">`;
 * if (!csrf(session).verify((await request.formData()).get("csrf"))) return new Response(null, { status: 403 });
 */
export function csrf(session: object): Csrf {
  const kept = () => {
    const secret = SessionHandle.fields(session).current(CSRF)?.value;
    return secret instanceof Uint8Array && secret.length === SECRET ? secret : undefined;
  };
  return {
    token() {
      let secret = kept();
      if (secret === undefined) {
        const fields = SessionHandle.writable(session);
        secret = secretOf(fields);
        fields.hide(CSRF, encode(secret, ""));
      }
      const pad = crypto.getRandomValues(new Uint8Array(SECRET));
      const masked = secret.map((byte, i) => byte ^ (pad[i] as number));
      return toText(new Uint8Array([...pad, ...masked]));
    },
    verify(token) {
      const secret = kept();
      if (secret === undefined || typeof token !== "string" || !TOKEN.test(token)) return false;
      const bytes = toBytes(token);
      let differs = 0;
      for (let i = 0; i < SECRET; i++) {
        differs |= (bytes[i] as number) ^ (bytes[i + SECRET] as number) ^ (secret[i] as number);
      }
      return differs === 0;
    },
  };
}

/** The origins that an option allows beside the site's own; undefined where nothing is to be checked. */
export function allowedOrigins(given: boolean | CsrfOptions | undefined): string[] | undefined {
  if (given === undefined || given === false) return undefined;
  if (given === true) return [];
  if (!isObject(given)) throw badOption("csrf", given, "true, false or { origins }");
  known("csrf", given, ["origins"]);
  const { origins = [] } = given;
  if (!Array.isArray(origins)) throw badOption("csrf.origins", origins, "an array of origins");
  for (const origin of origins) {
    if (hostOf(origin) === undefined || new URL(origin).origin !== origin) {
      throw badOption("csrf.origins", origin, 'origins such as "https://app.example"');
    }
  }
  return origins;
}

function hostOf(url: string): string | undefined {
  try {
    return new URL(url).host;
  } catch {
    return undefined;
  }
}

const SAFE = /^(?:GET|HEAD|OPTIONS|TRACE)$/;

/**
 * Whether a request that may change something comes from another site: by Sec-Fetch-Site, which every
 * browser since 2023 sends over https, and where it is absent by Origin. What has neither is no browser's
 * request. An upgrade counts as unsafe: no other rule keeps pages from opening foreign WebSockets.
 */
export function isCrossSite(request: Request, origins: readonly string[] = []): boolean {
  const { headers, method, url } = request;
  if (SAFE.test(method) && headers.get("Upgrade") === null) return false;
  const origin = headers.get("Origin");
  if (origin !== null && origins.includes(origin)) return false;
  const site = headers.get("Sec-Fetch-Site");
  if (site !== null) return site !== "same-origin" && site !== "none";
  // Not the scheme: TLS may end at a proxy.
  return origin !== null && hostOf(origin) !== (headers.get("Host") ?? hostOf(url));
}
