// Stores that are wrong in one way each, and tests that have to notice: some at least of those named.
import { applyChange, storeOver } from "ets-session/stores";

const isEnd = (found) => found !== null && "ended" in found;

/** The right store, with some methods replaced: `wrong(store, toy, now)` gives them. */
const store = (wrong) => (toy, now) => {
  const right = storeOver(toy, now);
  return { ...right, ...wrong(right, toy, now) };
};

const commit = (wrong) => store((right, toy, now) => ({ commit: wrong(right, toy, now) }));

/** The right store over an engine that does something else. */
const engine = (change) => (toy, now) => {
  const { guarantees, maxBytes } = toy;
  const [read, write, keysOf] = [toy.read, toy.write, toy.keysOf].map((method) => method.bind(toy));
  return storeOver({ guarantees, maxBytes, read, write, keysOf, ...change(toy) }, now);
};

/** The right store, whose answers and rows have other versions. */
const versions = (other) => (toy, now) => {
  const right = storeOver(toy, now);
  const changed = (found) => (found?.version ? { ...found, version: other(found.version) } : found);
  return {
    ...right,
    load: async (key) => changed(await right.load(key)),
    commit: async (key, change) => {
      const answer = await right.commit(key, change);
      return typeof answer === "string" ? answer : { version: other(answer.version) };
    },
  };
};

const NOTHING = applyChange(null, { touchedAt: 0, expiresAt: 0 }).data;

/** A commit without what it sets, where that is of such a length. */
const dropping = (from, to) =>
  commit((right) => (key, change) => {
    const { length = 0 } = change.set ?? [];
    return right.commit(key, length >= from && length < to ? { ...change, set: NOTHING } : change);
  });

const sameBytes = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

export const FAULTS = [
  {
    fault: "creation overwrites",
    make: commit((right, toy) => (key, change) => {
      if (change.create && !change.renamedFrom) toy.rows.delete(key);
      return right.commit(key, change);
    }),
    caught: ["creation: never over a living row", "creation: never over an end"],
  },
  {
    fault: "creation overwrites an end only",
    make: commit((right, toy) => async (key, change) => {
      if (change.create && isEnd(await right.load(key))) toy.rows.delete(key);
      return right.commit(key, change);
    }),
    caught: ["creation: never over an end", "repeats: an ended session is not revived"],
  },
  {
    fault: "creation looks first and writes then",
    make: engine((toy) => ({
      write: (as, writes) =>
        toy.write(
          as.filter(([, tag]) => tag !== undefined),
          writes,
        ),
    })),
    caught: ["creation: one of many at once"],
  },
  {
    fault: "creation is refused where a row is expired",
    make: commit(
      (right, toy) => (key, change) =>
        change.create && !change.renamedFrom && toy.rows.has(key) ? "exists" : right.commit(key, change),
    ),
    caught: ["creation: over an expired row, of which nothing is left"],
  },
  {
    fault: "creation forgets increments",
    make: commit(
      (right) => (key, change) =>
        right.commit(key, change.create ? { ...change, increments: undefined } : change),
    ),
    caught: ["creation: of nothing, and of increments"],
  },
  {
    fault: "creation starts at version 0",
    make: versions((version) => version - 1),
    caught: ["creation: a row of version 1 with its times"],
  },
  {
    fault: "the compare never fails: increments are lost",
    make: engine((toy) => ({ write: (_as, writes) => toy.write([], writes) })),
    caught: [
      "at once: no field and no increment is lost",
      "at once: an end is final",
      "at once: of many ends, one is the end",
      "at once: of commits that want one version, one is done",
      "at once: a renewed session has one new id, and what was committed before",
      "at once: a renewal and an end leave no session, or the renewed one",
    ],
  },
  {
    fault: "others are not waited for",
    make: engine((toy) => {
      let tries = 0;
      return {
        write: async (as, writes) => {
          if (await toy.write(as, writes)) return true;
          if (++tries > 50) throw new Error("busy");
          return false;
        },
      };
    }),
    caught: ["at once: a hundred commits to one row are all done"],
  },
  {
    fault: "the whole row is replaced",
    make: commit((right, toy) => async (key, change) => {
      if (change.create || !change.set || (await right.load(key)) === null) return right.commit(key, change);
      toy.rows.delete(key);
      return right.commit(key, { ...change, create: true });
    }),
    caught: ["merge: fields set, removed and left alone"],
  },
  {
    fault: "nothing is removed",
    make: commit((right) => (key, change) => right.commit(key, { ...change, remove: change.remove && [] })),
    caught: ["merge: fields set, removed and left alone"],
  },
  {
    fault: "increments are added twice",
    make: commit((right) => (key, change) => {
      const increments =
        change.increments &&
        Object.fromEntries(Object.entries(change.increments).map(([name, by]) => [name, 2 * by]));
      return right.commit(key, { ...change, increments });
    }),
    caught: ["merge: increments, from 0 where there was nothing"],
  },
  {
    fault: "increments of text are passed over",
    make: commit((right) => async (key, change) => {
      try {
        return await right.commit(key, change);
      } catch {
        return right.commit(key, { ...change, increments: undefined });
      }
    }),
    caught: ["merge: an increment of what is no number is refused and changes nothing"],
  },
  {
    fault: "names are looked up in the prototype",
    make: commit((right) => (key, change) => {
      const increments = {};
      for (const name in change.increments) if (!(name in {})) increments[name] = change.increments[name];
      return right.commit(key, change.increments ? { ...change, increments } : change);
    }),
    caught: ["merge: fields of any name"],
  },
  {
    fault: "rows in memory are handed out",
    make: store((right) => {
      const cache = new Map();
      return {
        load: async (key) => {
          const found = await right.load(key);
          const known = cache.get(key);
          if (found === null || isEnd(found)) return found;
          if (known?.version !== found.version || known.touchedAt !== found.touchedAt) cache.set(key, found);
          return cache.get(key);
        },
      };
    }),
    caught: ["merge: what was given and what is handed out is not what is kept"],
  },
  {
    fault: "times are whole numbers",
    make: commit(
      (right) => (key, change) => right.commit(key, { ...change, touchedAt: Math.floor(change.touchedAt) }),
    ),
    caught: ["merge: times need not be whole numbers"],
  },
  {
    fault: "a commit makes what is not there",
    make: commit(
      (right) => async (key, change) =>
        !change.create && (await right.load(key)) === null
          ? right.commit(key, { ...change, create: true })
          : right.commit(key, change),
    ),
    caught: [
      "merge: of an id that nobody knows, nothing is made",
      "versions: ifVersion holds, or it is a conflict and nothing is done",
      "expiry: to the millisecond, whatever the engine forgets",
    ],
  },
  {
    fault: "a commit revives an ended session",
    make: commit((right, toy) => async (key, change) => {
      if (!change.create && isEnd(await right.load(key))) {
        toy.rows.delete(key);
        return right.commit(key, { ...change, create: true });
      }
      return right.commit(key, change);
    }),
    caught: ["ends: nothing is stored afterwards", "renewal: the old id is over"],
  },
  {
    fault: "a touch counts as writing",
    make: commit((right) => (key, change) => right.commit(key, { ...change, set: change.set ?? NOTHING })),
    caught: ["versions: a touch raises none and is no conflict"],
  },
  {
    fault: "versions go by two",
    make: versions((version) => 2 * version - 1),
    caught: ["versions: each commit that writes raises it by one"],
  },
  {
    fault: "ifVersion is ignored",
    make: commit((right) => (key, change) => right.commit(key, { ...change, ifVersion: undefined })),
    caught: [
      "versions: ifVersion holds, or it is a conflict and nothing is done",
      "versions: ifVersion of a renewal",
      "at once: of commits that want one version, one is done",
    ],
  },
  {
    fault: "the latest to arrive decides how long a session lives",
    make: commit((right) => async (key, change) => {
      const found = await right.load(key);
      const late = found !== null && !isEnd(found) && found.touchedAt > change.touchedAt;
      return right.commit(key, late ? { ...change, touchedAt: found.touchedAt } : change);
    }),
    caught: ["versions: a late touch takes nothing back"],
  },
  {
    fault: "tokens are ignored",
    make: commit((right) => (key, change) => right.commit(key, { ...change, token: undefined })),
    caught: [
      "repeats: a commit of one token is applied once and answered again",
      "repeats: a version that was right the first time is no conflict",
      "repeats: a creation and a renewal, too",
      "repeats: many at once are one",
      "elsewhere: a repeated commit is known",
    ],
  },
  {
    fault: "commits without a name are one",
    make: commit((right) => (key, change) => right.commit(key, { token: "none", ...change })),
    caught: ["repeats: commits that only look alike are two"],
  },
  {
    fault: "a repeated commit revives",
    make: store((right, toy) => {
      const done = new Map();
      return {
        commit: async (key, change) => {
          const known = done.get(change.token);
          const answer = await right.commit(key, change);
          if (typeof answer !== "string") done.set(change.token, toy.rows.get(key));
          else if (known) toy.rows.set(key, known);
          return answer;
        },
      };
    }),
    caught: ["repeats: an ended session is not revived"],
  },
  {
    fault: "what is repeated is remembered by one process only",
    make: store((right) => {
      const done = new Map();
      return {
        commit: async (key, change) => {
          const known = change.token && done.get(change.token);
          if (known) return known;
          const answer = await right.commit(key, { ...change, token: undefined });
          if (typeof answer !== "string") done.set(change.token, answer);
          return answer;
        },
      };
    }),
    caught: ["elsewhere: a repeated commit is known"],
  },
  {
    fault: "a renewal leaves the old row",
    make: commit((right, toy) => async (key, change) => {
      const kept = toy.rows.get(change.renamedFrom);
      const answer = await right.commit(key, change);
      if (kept) toy.rows.set(change.renamedFrom, kept);
      return answer;
    }),
    caught: ["renewal: with a grace, the old id leads on", "subjects: a renewed session is listed once"],
  },
  {
    fault: "a renewal makes a new session",
    make: commit((right) => async (key, change) => {
      const answer = await right.commit(key, change);
      if (typeof answer === "string" || !change.renamedFrom) return answer;
      await right.destroy(key, 0);
      return right.commit(key, { ...change, renamedFrom: undefined });
    }),
    caught: ["renewal: the row is under its new id and keeps what it had"],
  },
  {
    fault: "a renewal forgets the subject",
    make: engine((toy) => ({
      write: (as, writes) =>
        toy.write(as, as.length > 1 ? writes.map((one) => ({ ...one, subject: undefined })) : writes),
    })),
    caught: ["subjects: a renewed session is listed once"],
  },
  {
    fault: "where a renewed id leads is lost",
    make: commit((right) => (key, change) => right.commit(key, { ...change, leadsTo: undefined })),
    caught: ["renewal: with a grace, the old id leads on"],
  },
  {
    fault: "there is always a grace",
    make: commit(
      (right) => (key, change) => right.commit(key, { ...change, graceMs: change.graceMs || 1000 }),
    ),
    caught: ["renewal: without one, the old id was renewed and leads nowhere"],
  },
  {
    fault: "a renewal of nothing makes something",
    make: commit(
      (right) => async (key, change) =>
        (await right.commit(key, change)) === "gone" && change.renamedFrom
          ? right.commit(key, { ...change, renamedFrom: undefined })
          : right.commit(key, change),
    ),
    caught: ["renewal: of what is not there, nothing is made"],
  },
  {
    fault: "a renewal overwrites",
    make: commit((right, toy) => (key, change) => {
      if (change.renamedFrom) toy.rows.delete(key);
      return right.commit(key, change);
    }),
    caught: ["renewal: never onto what is there"],
  },
  {
    fault: "the old id of a renewal is forgotten",
    make: commit((right, toy) => async (key, change) => {
      const answer = await right.commit(key, change);
      if (typeof answer !== "string") toy.rows.delete(change.renamedFrom);
      return answer;
    }),
    caught: ["renewal: the old id is over", "creation: never over an end"],
  },
  {
    fault: "an end is forgotten",
    make: store((right, toy) => ({
      destroy: async (key, until) => {
        const ended = await right.destroy(key, until);
        if (ended) toy.rows.delete(key);
        return ended;
      },
    })),
    caught: ["ends: once, and all of it", "ends: known for as long as was asked"],
  },
  {
    fault: "an end is forgotten too soon",
    make: store((right) => ({ destroy: (key) => right.destroy(key, 0) })),
    caught: ["ends: known for as long as was asked"],
  },
  {
    fault: "an end is told again and again",
    make: store((right) => ({ destroy: async (key, until) => (await right.destroy(key, until)) || true })),
    caught: ["ends: once, and all of it", "at once: of many ends, one is the end"],
  },
  {
    fault: "nothing expires",
    make: (toy) => storeOver(toy, () => 0),
    caught: ["expiry: to the millisecond, whatever the engine forgets"],
  },
  {
    fault: "what is expired goes on for a millisecond",
    make: (toy, now) => storeOver(toy, () => now() - 1),
    caught: ["expiry: to the millisecond, whatever the engine forgets"],
  },
  {
    fault: "a touch does not prolong",
    make: commit((right) => async (key, change) => {
      const found = await right.load(key);
      const { expiresAt } = found ?? {};
      return right.commit(
        key,
        !change.create && !change.set && expiresAt ? { ...change, expiresAt } : change,
      );
    }),
    caught: ["expiry: a touch prolongs"],
  },
  {
    fault: "a session's end never comes nearer",
    make: commit((right) => async (key, change) => {
      const found = await right.load(key);
      const expiresAt = Math.max(change.expiresAt, found?.expiresAt ?? 0);
      return right.commit(key, { ...change, expiresAt });
    }),
    caught: ["expiry: a later commit may bring it nearer"],
  },
  {
    fault: "subjects are matched by how they begin",
    make: store((right, toy) => ({
      bySubject: async (subject) => {
        const keys = [...toy.rows].filter(([, row]) => row.subject?.startsWith(subject)).map(([key]) => key);
        const rows = await Promise.all(keys.map(async (key) => ({ key, row: await right.load(key) })));
        return rows.filter(({ row }) => row && !isEnd(row));
      },
    })),
    caught: ["subjects: each one's sessions and nobody else's"],
  },
  {
    fault: "lists have old rows",
    make: store((right) => {
      const first = new Map();
      return {
        bySubject: async (subject) => {
          const rows = await right.bySubject(subject);
          return rows.map(({ key, row }) => ({
            key,
            row: { ...row, version: first.get(key) ?? row.version - 1 },
          }));
        },
      };
    }),
    caught: ["subjects: the rows are as load() gives them"],
  },
  {
    fault: "long names are cut",
    make: engine((toy) => ({
      write: (as, writes) =>
        toy.write(
          as,
          writes.map((one) => ({ ...one, subject: one.subject?.slice(0, 128) })),
        ),
    })),
    caught: ["subjects: any name"],
  },
  {
    fault: "a login stays with who was there first",
    make: commit((right) => async (key, change) => {
      const found = await right.load(change.renamedFrom ?? key);
      return right.commit(key, found?.subject ? { ...change, subject: found.subject } : change);
    }),
    caught: ["subjects: a login binds, another rebinds, other commits leave it"],
  },
  {
    fault: "what is expired is listed",
    make: store((_right, toy) => ({
      bySubject: (subject) => storeOver(toy, () => 0).bySubject(subject),
    })),
    caught: ["subjects: what is ended or expired is not listed"],
  },
  {
    fault: "a page of a list is all of it",
    make: store((right) => ({ bySubject: async (subject) => (await right.bySubject(subject)).slice(0, 50) })),
    caught: ["subjects: a hundred sessions of one"],
  },
  {
    fault: "a list is known for a while",
    make: store((right) => {
      const lists = new Map();
      return {
        bySubject: async (subject) => {
          if (!lists.has(subject)) lists.set(subject, await right.bySubject(subject));
          return lists.get(subject);
        },
      };
    }),
    caught: ["elsewhere: subjects", "subjects: what is ended or expired is not listed"],
  },
  {
    fault: "rows are known for a while",
    make: store((right) => {
      const rows = new Map();
      const forget = (key) => rows.delete(key);
      return {
        load: async (key) => {
          if (!rows.has(key)) rows.set(key, await right.load(key));
          return rows.get(key);
        },
        commit: (key, change) => {
          forget(key);
          forget(change.renamedFrom);
          return right.commit(key, change).finally(() => forget(key));
        },
        destroy: (key, until) => right.destroy(key, until).finally(() => forget(key)),
      };
    }),
    caught: ["elsewhere: what one store was told, another sees at once"],
  },
  {
    fault: "what is unusual is dropped",
    make: dropping(1500, 8192),
    caught: [
      "values: everything that a session can hold comes back as it was",
      "values: and after commits of other fields, and a renewal",
    ],
  },
  {
    fault: "large rows are cut",
    make: dropping(32_768, 64_000),
    caught: ["sizes: a session of 60 KiB"],
  },
  {
    fault: "many fields are cut",
    make: dropping(8192, 32_768),
    caught: ["sizes: a session of a thousand fields"],
  },
  {
    fault: "there is no limit",
    make: engine(() => ({ maxBytes: undefined })),
    caught: ["sizes: what is too large is refused and changes nothing"],
  },
  {
    fault: "the engine refuses in its own words",
    make: engine((toy) => ({
      maxBytes: undefined,
      write: (as, writes) => {
        if (writes.some(({ bytes }) => bytes.length > toy.maxBytes)) throw new TypeError("value too large");
        return toy.write(as, writes);
      },
    })),
    caught: [
      "sizes: what is too large is refused and changes nothing",
      "sizes: whatever is below what is too large fits, or is refused",
    ],
  },
  {
    fault: "what is broken counts as unknown",
    make: store((right) => ({ load: (key) => right.load(key).catch(() => null) })),
    caught: [
      "garbage: what was not stored is refused, and says nothing",
      "garbage: a bit anywhere, and a cut anywhere",
    ],
  },
  {
    fault: "errors say where",
    make: store((right) => ({
      load: (key) =>
        right.load(key).catch((error) => Promise.reject(Object.assign(error, { message: `no ${key}` }))),
    })),
    caught: ["garbage: what was not stored is refused, and says nothing"],
  },
  {
    fault: "bytes are believed whoever they belong to",
    make: (toy, now) => {
      const right = storeOver(toy, now);
      // Whatever is there was sealed under some key: it is looked up by that.
      const sealed = new Map();
      const { read } = toy;
      const load = async (key) => {
        const kept = toy.rows.get(key);
        const whose = kept && [...sealed].find(([, bytes]) => sameBytes(bytes, kept.bytes))?.[0];
        return right.load(whose ?? key);
      };
      return {
        ...right,
        load,
        commit: async (key, change) => {
          const answer = await right.commit(key, change);
          const { bytes } = (await read.call(toy, key)) ?? {};
          if (bytes) sealed.set(key, bytes);
          return answer;
        },
      };
    },
    caught: ["garbage: another session's row is not this one's"],
  },
  {
    fault: "a list says whose row is broken",
    make: store((right, toy) => ({
      bySubject: async (subject) => {
        const keys = await toy.keysOf(subject);
        const rows = await right.bySubject(subject);
        if (rows.length < keys.length) throw new Error(`broken: ${keys.join()}`);
        return rows;
      },
    })),
    caught: ["garbage: a list has no row that is not the subject's"],
  },
  {
    fault: "it promises less than was said",
    make: store(() => ({ guarantees: { atomic: false, consistency: "strong", subjects: true } })),
    caught: ["declared: what it guarantees, and methods to match"],
  },
  {
    fault: "it has a place of any kind",
    make: store(() => ({ place: () => "=/" })),
    caught: ["declared: places are two characters of an id"],
  },
  {
    fault: "a conflict is answered by chance",
    make: store((right) => {
      let count = 0;
      return {
        commit: async (key, change) => {
          const answer = await right.commit(key, change);
          return answer === "gone" && change.ifVersion && ++count % 4 === 3 ? "conflict" : answer;
        },
      };
    }),
    caught: [
      "model: 300 drawn steps, number 1",
      "model: 300 drawn steps, number 2",
      "model: 300 drawn steps, number 3",
    ],
  },
];
