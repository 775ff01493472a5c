import { sessions } from "ets-session";
import { durableObjectStore } from "ets-session/durable-object";

/** Seconds. Short enough that the panel's deadlines are seen to move, and to pass. */
export const IDLE = 30 * 60;
export const ABSOLUTE = 4 * 60 * 60;
/** Seconds for which a worker answers from what it read before, where a store has the sessions. */
export const MAX_STALE = 2;

const SHARDS = 2;

const options = {
  idle: IDLE,
  absolute: ABSOLUTE,
  // Small on purpose: a few rounds of strangers fill it, and eviction can be watched.
  limits: { maxBytes: "256KiB" },
};

const inMemory = sessions({ ...options, table: "visitors" });

const inObjects = sessions({
  ...options,
  table: "near",
  maxStale: MAX_STALE,
  store: ({ SESSIONS, asked }) => counted(durableObjectStore(SESSIONS, { shards: SHARDS }), asked),
});

/** The same store, and how often it was asked. */
function counted(store, asked) {
  return {
    ...store,
    load(key) {
      asked.reads += 1;
      return store.load(key);
    },
    commit(key, change) {
      asked.writes += 1;
      return store.commit(key, change);
    },
  };
}

/** One request's visitors, in the memory of this worker or in objects that it shares with another. */
export function visitorsOf(env) {
  const durable = env.SESSIONS !== undefined;
  const chosen = durable ? inObjects : inMemory;
  const asked = { reads: 0, writes: 0 };
  const bound = { ...env, asked };
  return {
    durable,
    asked,
    sessions: chosen,
    env: bound,
    table: chosen.table,
    open: (request) => chosen.open(request, bound),
    commit: (session, response) => chosen.commit(session, response),
    list: (subject) => chosen.list(subject, bound),
    revoke: (subject, which) => chosen.revoke(subject, which, bound),
  };
}

/** A session's id is a public hash already; eight characters of it are enough to tell rows apart. */
export const short = (id) => id?.slice(0, 8);
