/** A browser with one cookie jar, before a site that any of the peers guards. */

function parsed(line) {
  const [pair, ...attributes] = line.split(/; */);
  const at = pair.indexOf("=");
  const past = attributes.some((one) => {
    const [name, value] = one.split("=");
    if (/^max-age$/i.test(name)) return Number(value) <= 0;
    return /^expires$/i.test(name) && Date.parse(value) <= Date.now();
  });
  return { name: pair.slice(0, at), value: pair.slice(at + 1), deleted: past };
}

export class Visitor {
  jar = new Map();

  constructor(site) {
    this.site = site;
  }

  /** Another browser that has the same cookies. */
  copy() {
    const other = new Visitor(this.site);
    other.jar = new Map(this.jar);
    return other;
  }

  /** One request; `use` is the handler's body. Gives what that gave, and the response's status, headers and cookies. */
  async visit(use) {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join("; ");
    let result;
    const handler = async (session) => {
      const given = await use(session);
      result = given;
      return given?.status ?? 200;
    };
    const response = await this.site.request(handler, cookie === "" ? {} : { cookie });
    const cookies = response.headers.getSetCookie().map(parsed);
    for (const { name, value, deleted } of cookies) {
      if (deleted) this.jar.delete(name);
      else this.jar.set(name, value);
    }
    return { result, cookies, status: response.status, headers: response.headers };
  }

  /** What the next request reads. */
  async reads(key) {
    return (await this.visit((session) => session.get(key))).result;
  }

  /** A slow request has read its session and waits while a fast one comes and goes; then it does the rest. */
  async overlap(slow, fast) {
    let go;
    let reached;
    const gate = new Promise((resolve) => {
      go = resolve;
    });
    const waiting = new Promise((resolve) => {
      reached = resolve;
    });
    const late = this.visit(async (session) => {
      session.get("n");
      reached();
      await gate;
      return slow(session);
    });
    await Promise.race([waiting, late]);
    const early = await fast(this);
    go();
    return { early, late: await late };
  }
}
