/**
 * The worker under load. A stage is one way to keep sessions; it is set up by POST /begin, and then asked as
 * /read/NAME and /write/NAME. Whatever is not as it should be is answered with 409, which fails the run.
 */
import { csrf, sessions } from "ets-session";
import { durableObjectStore, SessionShard } from "ets-session/durable-object";
import { CountedShard, counted, noCalls, rows } from "./counted.js";

export { CountedShard, SessionShard };

const AT_ONCE = 50;
const stages = new Map();

class Stage {
  calls = noCalls();
  clock;

  constructor({
    name,
    kind,
    maxStale = 0,
    shards = 1,
    namespace = "SESSIONS",
    idle = "30m",
    clock,
    anonymous,
  }) {
    this.clock = clock;
    this.anonymous = anonymous;
    if (kind === "none") return;
    const store = (env) => counted(durableObjectStore(env[namespace], { shards, name }), this.calls);
    this.visitors = sessions({
      table: name,
      idle,
      ...(kind === "object" && { store, maxStale }),
      ...(clock !== undefined && { now: () => this.clock }),
    });
  }

  /** A visitor who has something in the basket, was shown a form, and has logged in unless all stay anonymous. */
  async visitor(number, { url }, env) {
    const session = await this.visitors.open(new Request(url), env);
    if (!this.anonymous) session.login(`visitor ${number}`);
    session.set("cart", new Map([["cup", 2]]).set("jug", 1));
    csrf(session).token();
    const { headers } = await this.visitors.commit(session, new Response(null));
    return headers.getSetCookie()[0].split(";")[0];
  }
}

const plain = { headers: { "Content-Type": "text/plain; charset=utf-8" } };
const wrong = (text) => new Response(text, { status: 409 });

/** What a page of the shop reads. */
async function read({ visitors }, request, env) {
  if (visitors === undefined) return new Response("nobody has 0 pieces; no notice", plain);
  const session = await visitors.open(request, env);
  const { subject } = session;
  const cart = session.get("cart", new Map());
  const token = csrf(session).token();
  const notice = session.flashed("notice") ?? "no notice";
  if (subject === undefined || cart.size !== 2 || token.length !== 48) return wrong("no such visitor");
  return visitors.commit(session, new Response(`${subject} has ${cart.size} pieces; ${notice}`, plain));
}

async function write({ visitors }, request, env) {
  const session = await visitors.open(request, env);
  if (session.isNew) return wrong("no such visitor");
  const visits = session.increment("visits");
  return visitors.commit(session, new Response(`visit ${visits}`, plain));
}

const actions = {
  read,
  write,
  async begin(_, request, env) {
    const about = await request.json();
    const { name, visitors = 0 } = about;
    const stage = new Stage(about);
    stages.set(name, stage);
    const cookies = [];
    while (stage.visitors !== undefined && cookies.length < visitors) {
      const some = Array.from({ length: Math.min(AT_ONCE, visitors - cookies.length) }, (_, i) =>
        stage.visitor(cookies.length + i, request, env),
      );
      cookies.push(...(await Promise.all(some)));
    }
    stage.calls = noCalls();
    return Response.json({ cookies });
  },
  /** One request at a time of the simulated day. */
  async at(stage, request, env) {
    stage.clock = Number(request.headers.get("X-Clock"));
    return (request.method === "POST" ? write : read)(stage, request, env);
  },
  counts: (stage) => Response.json({ calls: stage.calls, rows }),
  /** Has the stage's only object clear what is over within a day. */
  async clear(_, request, { COUNTED }) {
    const name = `${new URL(request.url).pathname.split("/")[2]}:0`;
    await COUNTED.get(COUNTED.idFromName(name)).clear(86_400_000);
    return Response.json({});
  },
  /** What the counters of many sessions come to. */
  async sum({ visitors }, request, env) {
    let sum = 0;
    for (const cookie of await request.json()) {
      const session = await visitors.open(new Request(request.url, { headers: { cookie } }), env);
      if (session.isNew) return wrong("a session is missing");
      sum += session.get("visits", 0);
    }
    return Response.json({ sum });
  },
};

export default {
  fetch(request, env) {
    const [, action, name] = new URL(request.url).pathname.split("/");
    return actions[action](stages.get(name), request, env);
  },
};
