/** A browser with one cookie jar. No Node API: it visits from inside Deno too. */

export class Visitor {
  jar = new Map();

  /** @param {(path: string, init: RequestInit) => Promise<Response>} send a request to the site */
  constructor(send) {
    this.send = send;
  }

  /** One request, redirects not followed. Gives what was answered, and the lines of Set-Cookie in it. */
  async visit(path, { headers = {}, ...init } = {}) {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const sent = cookie === "" ? headers : { ...headers, cookie };
    const response = await this.send(path, { redirect: "manual", ...init, headers: sent });
    const lines = response.headers.getSetCookie();
    for (const line of lines) this.#keep(line);
    return { status: response.status, headers: response.headers, lines, text: await response.text() };
  }

  #keep(line) {
    const [pair, ...attributes] = line.split("; ");
    const at = pair.indexOf("=");
    const name = pair.slice(0, at);
    if (attributes.some((attribute) => /^max-age=0$/i.test(attribute))) this.jar.delete(name);
    else this.jar.set(name, pair.slice(at + 1));
  }

  /** The session's cookie, whatever the scheme makes of its name. */
  get id() {
    return this.jar.get("__Host-sid") ?? this.jar.get("sid");
  }
}
