/** Requests one after another on one connection: fetch() would take longer than what it asks for. */
import { once } from "node:events";
import { Agent, request } from "node:http";

const PATIENCE = 10_000;

export function line(url) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    close: () => agent.destroy(),
    /** Done once all of the answer has been read. */
    async send(path, method, headers) {
      const asked = request(`${url}/${path}`, { agent, method, headers, timeout: PATIENCE });
      asked.once("timeout", () => asked.destroy(new Error("no answer")));
      asked.end();
      const [response] = await once(asked, "response");
      response.resume();
      await once(response, "end");
      if (response.statusCode !== 200) throw new Error(`a request was answered with ${response.statusCode}`);
    },
  };
}
