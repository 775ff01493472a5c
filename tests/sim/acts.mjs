/** What applications do with a session between its opening and its commit; each act writes down what it did. */
import { COUNTERS, LISTS, TEXTS } from "./change.mjs";
import { must } from "./judge.mjs";

export const SUBJECTS = ["user-1", "user-2"];

function wrote(request, field, what) {
  request.own.add(field);
  request.world.oracle.fields.writers.set(`${field} ${what}`, request.change);
}

/** Whether it was decided already what becomes of the session. */
const decided = ({ change, voided }) => change.kind !== undefined || voided;

export const ACTS = {
  set(request, length) {
    const { change, session0: session, world } = request;
    const field = world.random.pick(TEXTS);
    if (change.resets.has(field) && !change.cleared) return;
    const text = `${++world.values}.${"x".repeat(length)}`;
    session.set(field, text);
    change.set(field, text);
    wrote(request, field, text);
  },

  increment(request) {
    const { change, session0: session, visitor, world } = request;
    const field = world.random.pick(COUNTERS);
    const place = visitor.place(field);
    if (place === undefined || (change.resets.has(field) && !change.cleared)) return;
    session.increment(field, 4 ** place);
    change.add(field, `${visitor.name}:${place}`);
    wrote(request, field, `${visitor.name}:${place}`);
  },

  append(request) {
    const { change, session0: session, world } = request;
    const [field] = LISTS;
    const element = ++world.values;
    session.update((data) => ({ [field]: [...(data[field] ?? []), element] }));
    change.add(field, element);
    wrote(request, field, element);
  },

  delete(request) {
    const { change, session0: session, world } = request;
    const field = world.random.pick([...TEXTS, ...COUNTERS]);
    if (change.touches(field) || change.kind === "login") return;
    if (session.delete(field)) change.resets.add(field);
  },

  clear(request) {
    request.session0.clear();
    request.change.empty(request.session !== undefined);
    request.change.cleared = true;
  },

  flash(request) {
    const said = `${++request.world.values}`;
    request.session0.flash("word", said);
    request.change.flash = said;
    wrote(request, "flash", said);
  },

  look(request, value) {
    const { session0: session, world } = request;
    const whole = value === 0 ? session.data : undefined;
    world.oracle.look(request, (field) => (whole ? whole[field] : session.get(field)));
  },

  flashed(request) {
    const { session, session0, world } = request;
    world.oracle.fields.flashed(request, session, session0.flashed("word"));
  },

  whose(request) {
    const { change, session, session0, world } = request;
    if (change.kind !== "login") world.oracle.fields.subject(request, session, session0.subject);
  },

  renew(request) {
    if (decided(request)) return;
    request.session0.renew();
    if (request.session !== undefined) request.change.kind = "renew";
  },

  login(request, value) {
    if (decided(request)) return;
    const { change, session0: session, world } = request;
    const { guarantees, options } = world.plan;
    const subject = world.random.pick(SUBJECTS);
    const keep = value === 0 ? { keep: [] } : undefined;
    const refused = guarantees.consistency === "eventual" && options.acceptEventual !== true;
    let code;
    try {
      session.login(subject, { subject }, keep);
    } catch (error) {
      code = error.code;
    }
    must("login is refused over what lags", (code === "ERR_BAD_OPTION") === refused, `${code}`);
    if (refused) return;
    if (keep) {
      change.empty(request.session !== undefined);
      change.cleared = true;
    }
    Object.assign(change, { kind: "login", subject });
  },

  logout(request) {
    if (decided(request)) return;
    request.session0.logout();
    request.change.kind = "end";
  },

  everywhere(request) {
    if (decided(request)) return;
    const { session, session0, world } = request;
    request.everywhere = session0.subject;
    world.oracle.fields.subject(request, session, request.everywhere);
    session0.logout({ everywhere: true });
    request.change.kind = "end";
  },

  destroy(request) {
    if (decided(request)) return;
    request.session0.destroy();
    request.change.kind = "end";
  },

  ignore(request) {
    if (request.change.kind !== undefined) return;
    request.session0.ignore();
    request.voided = true;
  },

  fail(request) {
    request.status = 500;
  },
};
