import { once } from "node:events";
import { request } from "node:http";

const TYPE = "application/x-www-form-urlencoded";

export const tokenIn = (html) => html.match(/name="csrf" value="([^"]+)"/)?.[1];

/** A visitor without a browser, or with a copy of one's cookie: a session and the token of its forms. */
export async function byHand(raw, sid) {
  let cookie = sid === undefined ? "" : `sid=${sid}`;
  const send = async (path, { headers, ...init } = {}) => {
    const answer = await raw(path, { ...init, headers: { ...(cookie && { cookie }), ...headers } });
    const [line] = answer.headers.getSetCookie();
    if (line !== undefined) cookie = line.split(";")[0];
    return answer;
  };
  const first = await (await send("/account")).text();
  const client = {
    token: tokenIn(first),
    get sid() {
      return cookie.split("=")[1];
    },
    get: (path) => send(path),
    post: (path, fields, headers) =>
      send(path, {
        method: "POST",
        headers: { "content-type": TYPE, ...headers },
        body: new URLSearchParams({ csrf: client.token, ...fields }).toString(),
      }),
    async logIn(name) {
      await client.post("/login", { name });
      client.token = tokenIn(await (await send("/account")).text());
    },
    /** Sends all of a form but its last letter, which finish() sends. */
    begin: (url, path, fields) => {
      const body = new URLSearchParams({ csrf: client.token, ...fields }).toString();
      const headers = { cookie, "content-type": TYPE, "content-length": body.length };
      const sending = request(url + path, { method: "POST", headers });
      const answered = once(sending, "response");
      sending.write(body.slice(0, -1));
      return async function finish() {
        sending.end(body.slice(-1));
        const [answer] = await answered;
        answer.resume();
        return { status: answer.statusCode, cookies: answer.headers["set-cookie"] ?? [] };
      };
    },
  };
  return client;
}
