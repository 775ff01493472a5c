/** A browser, as far as cookies go: one jar, one site. */
export class Visitor {
  #cookies = new Map();
  #fetch;

  constructor(fetch) {
    this.#fetch = fetch;
  }

  async visit(path, init = {}) {
    const headers = new Headers(init.headers);
    if (this.#cookies.size > 0) headers.set("cookie", this.cookie);
    const response = await this.#fetch(new Request(`https://shop.example${path}`, { ...init, headers }));
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (/max-age=0/i.test(line)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return response;
  }

  get cookie() {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }
}
