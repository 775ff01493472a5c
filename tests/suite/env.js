/**
 * Where the runtimes differ, all of it, in one place.
 *
 * The Fetch standard forbids pages to do two things that servers live on: a Request made by hand may not carry
 * a `cookie` header (it is dropped without a word), and a Response neither takes nor shows `Set-Cookie`. Node,
 * workerd, Deno and Bun are servers and lift both. In a browser the suite therefore brings its own: requests
 * whose `headers` are free-standing (those are under no such ban), and a Response that keeps its headers in the
 * same way. Everything else stays the browser's own, and environment.js asserts what a page gets without it.
 */

const Native = globalThis.Response;

export const capabilities = {
  requestCookie:
    new Request("https://h.test/", { headers: { cookie: "a=b" } }).headers.get("cookie") === "a=b",
  responseSetCookie:
    new Native(null, { headers: { "set-cookie": "a=b" } }).headers.getSetCookie().length === 1,
};

/** A request with this cookie header, in any runtime. Illegal characters in it take the long way as well. */
export function request(url, { cookie, ...init } = {}) {
  if (cookie === undefined) return new Request(url, init);
  const legal = /^(?:[!-~\x80-\xff](?:[\t -~\x80-\xff]*[!-~\x80-\xff])?)?$/.test(cookie);
  if (capabilities.requestCookie && legal) {
    const headers = new Headers(init.headers);
    headers.set("cookie", cookie);
    return new Request(url, { ...init, headers });
  }
  const made = new Request(url, init);
  const own = made.headers;
  const headers = {
    get: (name) => (name.toLowerCase() === "cookie" ? cookie : own.get(name)),
    has: (name) => name.toLowerCase() === "cookie" || own.has(name),
  };
  Object.defineProperty(made, "headers", { value: headers });
  return made;
}

/** The Set-Cookie lines of a response, each by itself. */
export const setCookieLines = (response) => response.headers.getSetCookie();

/** Lets responses carry Set-Cookie while the suite runs, where the runtime does not; returns the way back. */
export function serveCookies() {
  if (capabilities.responseSetCookie) return () => {};
  globalThis.Response = class Response extends Native {
    #headers;
    constructor(body, init) {
      super(body, init);
      this.#headers = new Headers(init?.headers);
      const type = super.headers.get("content-type");
      if (type !== null && !this.#headers.has("content-type")) this.#headers.set("content-type", type);
    }
    get headers() {
      return this.#headers;
    }
  };
  return () => {
    globalThis.Response = Native;
  };
}

/** Runs fn with the runtime's own Response, whatever the suite put in its place. */
export async function withNativeResponse(fn) {
  const replaced = globalThis.Response;
  globalThis.Response = Native;
  try {
    return await fn();
  } finally {
    globalThis.Response = replaced;
  }
}
