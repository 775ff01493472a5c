// A server of our own, which nobody else uses: started on a free port, killed by its process id.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";

const PATIENCE = 10_000;

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Whether it answers a command, on a connection of its own. */
async function answers(port) {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    socket.write("PING\r\n");
    const [bytes] = await once(socket, "data");
    return `${bytes}`.startsWith("+PONG");
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** With a folder, what is written is on disk before it is answered. */
export class RedisServer {
  port;
  #folder;
  #child;
  #more;

  constructor(folder, more = []) {
    this.#folder = folder;
    this.#more = more;
  }

  async start() {
    this.port ??= await freePort();
    const lasting = ["--appendonly", "yes", "--appendfsync", "always", "--dir", this.#folder];
    this.#child = spawn(
      "redis-server",
      ["--port", `${this.port}`, "--bind", "127.0.0.1", "--save", ""].concat(
        this.#folder === undefined ? ["--appendonly", "no"] : lasting,
        this.#more,
      ),
      { stdio: "ignore" },
    );
    const child = this.#child;
    process.on("exit", () => child.kill("SIGKILL"));
    const failed = once(this.#child, "error").then(([error]) => Promise.reject(error));
    failed.catch(() => {});
    const until = Date.now() + PATIENCE;
    while (!(await Promise.race([answers(this.port), failed]))) {
      if (Date.now() > until) throw new Error("redis-server does not answer");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return this;
  }

  /** As a crash does it. */
  async kill() {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return;
    this.#child.kill("SIGKILL");
    await once(this.#child, "exit");
  }
}
