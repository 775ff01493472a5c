/** Plays one case, a step at a time, on a system and before the oracle. */
import { Oracle } from "./oracle.mjs";
import { TICKS } from "./scripts.mjs";

const SUBJECTS = ["user-1", "user-2"];
const FIELDS = ["a", "b", "n", "u"];

/** The steps of requests between "open" and "commit": done to the session, and written down for the oracle. */
const STEPS = {
  read(session, request, oracle) {
    oracle.read(request, "n", session.get("n"));
    oracle.read(request, "a", session.get("a"));
  },
  look(session, request, oracle) {
    const { data } = session;
    for (const field of FIELDS) oracle.read(request, field, data[field]);
  },
  "set a": (session, request, _oracle, value) => set(session, request, "a", value),
  "set b": (session, request, _oracle, value) => set(session, request, "b", value),
  increment(session, request) {
    session.increment("n", 1);
    add(request, "n", 1);
  },
  update(session, request) {
    session.update(({ u = 0, n = 0 }) => ({ u: u + 1, n: n + 10 }));
    add(request, "u", 1);
    add(request, "n", 10);
  },
  renew(session, request) {
    session.renew();
    request.verdict = "renew";
  },
  "login 1": (session, request) => login(session, request, "user-1"),
  "login 2": (session, request) => login(session, request, "user-2"),
  logout(session, request) {
    session.logout();
    request.verdict = "destroy";
  },
  "logout everywhere"(session, request, oracle) {
    oracle.everywhere(request);
    session.logout({ everywhere: true });
    request.verdict = "destroy";
  },
  destroy(session, request) {
    session.destroy();
    request.verdict = "destroy";
  },
};

function set(session, request, field, value) {
  session.set(field, value);
  request.sets[field] = value;
}

function add(request, field, by) {
  request.adds[field] = (request.adds[field] ?? 0) + by;
}

function login(session, request, subject) {
  session.login(subject);
  Object.assign(request, { verdict: "login", subject });
}

class Play {
  /** The cookie that the requests of this case have in common. */
  shared;

  constructor(system) {
    this.system = system;
    this.oracle = new Oracle(system);
    system.begin(() => this.oracle.now);
  }

  cookie(step, at) {
    const { ids, latest } = this.oracle;
    if (step === "open") return this.shared;
    return step === "open latest" ? latest : [...ids.keys()][at % ids.size];
  }

  async step(request, step, at) {
    const { system, oracle } = this;
    if (step.startsWith("open")) {
      const cookie = this.cookie(step, at);
      const session = await system.open(cookie);
      const { isNew } = session;
      return { session, record: oracle.opened(cookie, { isNew, events: system.events() }) };
    }
    if (step === "revoke 1") {
      oracle.revoked("user-1", await system.revoke("user-1"), system.events());
      oracle.counted(await system.count());
      return undefined;
    }
    if (step === "commit") {
      const set = await system.commit(request.session);
      oracle.committed(request.record, { ...set, events: system.events() });
      oracle.counted(await system.count());
    } else {
      // Each value is one that nothing else writes.
      STEPS[step](request.session, request.record, oracle, `${at}`);
    }
    return request;
  }

  async alone(steps) {
    let request;
    for (const step of steps) request = await this.step(request, step, -1);
    this.shared = this.oracle.latest;
  }

  async begin(start) {
    if (start === "none") return;
    await this.alone(["open", "set a", "increment", "update", "commit"]);
    if (start === "logged in") await this.alone(["open", "login 1", "commit"]);
    if (start === "renewed") {
      const before = this.shared;
      await this.alone(["open", "renew", "commit"]);
      this.shared = before;
    }
  }

  async end() {
    const { system, oracle } = this;
    for (const id of oracle.ids.keys()) {
      const session = await system.open(id);
      oracle.settled(id, { isNew: session.isNew, data: session.data, subject: session.subject });
    }
    for (const subject of SUBJECTS) oracle.listed(subject, (await system.list(subject)).length);
    oracle.accounted(await system.account());
  }
}

/** Throws what the oracle found. */
export async function play(system, { start, scripts, order, ticks }) {
  const play = new Play(system);
  try {
    await play.begin(start);
    const at = scripts.map(() => 0);
    const requests = scripts.map(() => undefined);
    for (const [place, who] of order.entries()) {
      const tick = ticks.get(place);
      if (tick !== undefined) play.oracle.advance(TICKS[tick]);
      requests[who] = await play.step(requests[who], scripts[who][at[who]++], place);
    }
    await play.end();
  } finally {
    system.end();
  }
}
