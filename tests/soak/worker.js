/**
 * The worker of the soak: visitors come, write, log in and out and stay away, in a table that is too small for all of
 * them. Beside the table it keeps a model in JavaScript of what each session should have, and holds every request
 * against it.
 */
import { sessions } from "ets-session";
import { SessionShard } from "ets-session/durable-object";
import { Model } from "./model.js";

/** The configuration that the load tests use binds both. */
export class CountedShard extends SessionShard {}
export { SessionShard };

const IDLE = 20;
const ABSOLUTE = 90;
const USERS = 500;

/** Read once for each request, so that the table and the model are of one mind. */
let time = 0;

const model = new Model(IDLE * 1000, ABSOLUTE * 1000);
const visitors = sessions({
  table: "soak",
  idle: IDLE,
  absolute: ABSOLUTE,
  now: () => time,
  limits: { maxBytes: "512KiB" },
  secrets: "only for a test, and as long as a secret should be",
});

const wrong = (text) => new Response(text, { status: 409 });

/** What a row weighs differs, so that rows move between sizes. */
const padding = (n) => "x".repeat((n * 37) % 400);

const actions = {
  async visit(session) {
    return session.isNew ? {} : { n: session.get("n") };
  },
  async write(session) {
    const n = session.increment("n");
    session.set("padding", padding(n));
    return { n };
  },
  async login(session) {
    const user = `user ${Math.floor(Math.random() * USERS)}`;
    session.login(user);
    session.increment("n");
    return { user };
  },
  async logout(session) {
    session.logout();
    return { ended: true };
  },
  async everywhere(session) {
    session.logout({ everywhere: true });
    return { ended: true };
  },
};

async function act(name, request) {
  const session = await visitors.open(request);
  const before = session.id;
  const at = time;
  const problem = model.opened(before, session.isNew ? undefined : session.get("n"), session.subject, at);
  if (problem !== undefined) return wrong(problem);
  const subject = session.subject;
  const { ended } = await actions[name](session);
  // No await of these waits for anything outside, so that no other request comes between.
  const response = await visitors.commit(session, new Response("ok\n"));
  if (name === "everywhere" && subject !== undefined) model.endedAll(subject);
  if (ended) model.ended(before);
  else if (session.id !== undefined) {
    model.committed(before, session.id, session.get("n"), session.subject, at);
  }
  return response;
}

export default {
  async fetch(request) {
    time = Date.now();
    const [, name] = new URL(request.url).pathname.split("/");
    if (name === "figures") {
      return Response.json(visitors.table.info());
    }
    if (name === "agree") return Response.json(model.agrees(visitors.table, time));
    if (!Object.hasOwn(actions, name)) return new Response("no such action", { status: 404 });
    return act(name, request);
  },
};
