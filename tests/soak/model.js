/** What sessions should be, by what was answered: their counters, their users and their deadlines. */

export class Model {
  #idle;
  #absolute;
  #rows = new Map();
  #bySubject = new Map();
  #gone = 0;

  constructor(idle, absolute) {
    this.#idle = idle;
    this.#absolute = absolute;
  }

  /** What is wrong with a session as it was opened; undefined where nothing is. */
  opened(id, n, subject, at) {
    const row = id === undefined ? undefined : this.#rows.get(id);
    if (n === undefined) return undefined;
    if (row === undefined) return "a session was opened that never was, or was ended";
    if (row.n !== n) return "a session has another's counter, or lost a write";
    if (row.subject !== subject) return "a session has another user";
    if (this.#over(row, at)) return "a session was opened that had expired";
    row.touchedAt = at;
    return undefined;
  }

  committed(before, id, n, subject, at) {
    if (id === undefined || n === undefined) return;
    const row = this.#rows.get(before) ?? { createdAt: at };
    if (before !== undefined && before !== id) this.#forget(before);
    Object.assign(row, { n, subject, touchedAt: at });
    this.#rows.set(id, row);
    if (subject !== undefined) {
      const ids = this.#bySubject.get(subject) ?? new Set();
      this.#bySubject.set(subject, ids.add(id));
    }
    if (this.#rows.size > 20_000) this.#clear(at);
  }

  ended(id) {
    if (id !== undefined) this.#forget(id);
  }

  endedAll(subject) {
    for (const id of this.#bySubject.get(subject) ?? []) this.#rows.delete(id);
    this.#bySubject.delete(subject);
  }

  #forget(id) {
    const row = this.#rows.get(id);
    this.#rows.delete(id);
    this.#bySubject.get(row?.subject)?.delete(id);
  }

  #over({ createdAt, touchedAt }, at) {
    return at >= touchedAt + this.#idle || at >= createdAt + this.#absolute;
  }

  #clear(at) {
    for (const [id, row] of this.#rows) {
      if (!this.#over(row, at)) continue;
      this.#forget(id);
      this.#gone += 1;
    }
  }

  /** The table and this, row by row. Rows that are missing there have to be accounted for as evicted. */
  agrees(table, at) {
    this.#clear(at);
    const problems = [];
    const there = new Set();
    let after;
    do {
      const page = table.select({}, { limit: 1000, ...(after !== undefined && { after }) });
      for (const [id, row, meta] of page.rows) {
        there.add(id);
        const known = this.#rows.get(id);
        if (known === undefined) problems.push("a row that should not be");
        else if (known.n !== row.n || known.subject !== meta.subject)
          problems.push("a row with other contents");
      }
      after = page.after;
    } while (after !== undefined);
    const missing = [...this.#rows.keys()].filter((id) => !there.has(id)).length;
    const { evicted } = table.info();
    if (missing > evicted) problems.push(`${missing} rows are missing, and ${evicted} were evicted`);
    return { problems: problems.slice(0, 5), wrong: problems.length, rows: there.size, missing, evicted };
  }
}
