/** A store that counts what is asked of it, and objects that count what they ask of SQLite. */
import { SessionShard } from "ets-session/durable-object";

export const noCalls = () => ({ load: 0, commit: 0, destroy: 0, bySubject: 0 });

/** The store, each of its calls counted as it begins. */
export function counted(store, calls) {
  const counting = { ...store };
  for (const method of Object.keys(noCalls())) {
    counting[method] = (...args) => {
      calls[method]++;
      return store[method](...args);
    };
  }
  return counting;
}

/** In workerd the objects of a worker share its isolate: what they count can be read there. */
export const rows = { read: 0, written: 0 };

export class CountedShard extends SessionShard {
  #ahead = 0;

  constructor(ctx, env) {
    const { sql } = ctx.storage;
    const exec = sql.exec.bind(sql);
    sql.exec = (...args) => {
      const cursor = exec(...args);
      return {
        toArray() {
          const found = cursor.toArray();
          rows.read += cursor.rowsRead;
          rows.written += cursor.rowsWritten;
          return found;
        },
      };
    };
    super(ctx, env);
  }

  now() {
    return super.now() + this.#ahead;
  }

  /** Clears what will be over by then, as an alarm does. */
  async clear(ahead) {
    this.#ahead = ahead;
    try {
      await this.alarm();
    } finally {
      this.#ahead = 0;
    }
  }
}
