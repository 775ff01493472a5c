/** A visitor with a cookie jar, and a site to visit: what most session tests start from. */
import { request, setCookieLines } from "./env.js";
import { clock, ok, unique } from "./harness.js";

// RFC 6265bis, section 4.1.1: what a server may send. Every line that any test receives is held against it.
const SET_COOKIE = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+=[!#-+\--:<-[\]-~]*(?:; [A-Za-z-]+(?:=[ -:<-~]{0,1024})?)*$/;

/** name, value, and the attributes by lower-case name; an attribute without a value is true. */
export function parseSetCookie(line) {
  ok(SET_COOKIE.test(line), "a Set-Cookie line breaks the grammar");
  const [pair, ...rest] = line.split("; ");
  const at = pair.indexOf("=");
  const attributes = {};
  for (const part of rest) {
    const [, name, value] = /^([^=]+)(?:=(.*))?$/.exec(part);
    const key = name.toLowerCase();
    ok(!Object.hasOwn(attributes, key), `attribute ${key} twice`);
    attributes[key] = value ?? true;
  }
  return { name: pair.slice(0, at), value: pair.slice(at + 1), attributes };
}

export const cookiesOf = (response) => setCookieLines(response).map(parseSetCookie);

export const isDeletion = (cookie) => cookie.attributes["max-age"] === "0";

/**
 * A visitor of what `manager` guards. `visit(fn)` is one request: fn is the handler's body and gets the
 * session; what it returns is the response if it is one, else it comes back as `result`.
 */
export function client(manager, origin = "https://shop.test") {
  const jar = new Map();
  const header = () => [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
  return {
    jar,
    header,
    request: (init = {}) => request(`${origin}/`, jar.size === 0 ? init : { cookie: header(), ...init }),
    async visit(fn, init) {
      let result;
      const app = manager.handle(async (_request, session) => {
        result = await fn(session);
        return typeof result?.headers?.get === "function" ? result : new Response("ok");
      });
      const response = await app(this.request(init));
      const cookies = cookiesOf(response);
      for (const cookie of cookies) {
        if (isDeletion(cookie)) jar.delete(cookie.name);
        else jar.set(cookie.name, cookie.value);
      }
      return { response, cookies, result };
    },
    /** The value of the only cookie in the jar. */
    get cookie() {
      ok(jar.size === 1, `${jar.size} cookies in the jar, expected one`);
      return [...jar.values()][0];
    },
  };
}

/** A site of its own: fresh table, own clock, events written down, one visitor. */
export function site(lib, options = {}, origin = "https://shop.test") {
  const time = clock();
  const events = [];
  const manager = lib.sessions({
    table: unique("site"),
    now: time.now,
    onEvent: (event) => events.push(event),
    ...options,
  });
  return {
    time,
    events,
    manager,
    table: manager.table,
    origin,
    browser: client(manager, origin),
    another: () => client(manager, origin),
  };
}
