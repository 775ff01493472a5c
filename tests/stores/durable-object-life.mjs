// What becomes of objects beyond what every store is asked: spread, cleared, woken, restarted, killed.
const HOUR = 3_600_000;
const PATIENCE = 10_000;

const text = () => crypto.randomUUID().replaceAll("-", "").slice(0, 22);
const times = () => ({ touchedAt: Date.now(), expiresAt: Date.now() + HOUR });
const call = async (worker, method, args, more) =>
  (await worker.ask("call", { shards: 4, name: "life", method, args, ...more })).answer;

function expect(truth, message) {
  if (!truth) throw new Error(message);
}

export async function spread(worker) {
  const shards = 70;
  const places = new Set();
  for (let i = 0; i < 200; i++) places.add(await call(worker, "place", [], { shards }));
  expect(places.size > 50 && places.size <= shards, `${places.size} places of ${shards}`);
  const about = { watched: true, name: "spread", shards };
  for (const place of ["AA", "AB", "BF"]) {
    const key = place + text();
    const answer = await call(worker, "commit", [key, { create: true, ...times(), subject: "ann" }], about);
    expect(answer.version === 1, "it was not made");
    // More objects than there were: an id goes on leading to its own.
    expect((await call(worker, "load", [key], { ...about, shards: 4096 }))?.version === 1, "it was moved");
  }
  expect((await call(worker, "bySubject", ["ann"], about)).length === 3, "a subject's sessions are missing");
  expect((await worker.ask("watched", { name: "spread", method: "rows" })).answer === 1, "all are in one");
  // What nobody was given an id for is nowhere.
  const nowhere = `BG${text()}`;
  expect((await call(worker, "load", [nowhere], about)) === null, "something is nowhere");
  expect((await call(worker, "commit", [nowhere, times()], about)) === "gone", "something is done nowhere");
}

export async function cleared(worker) {
  const name = "cleared";
  const watched = async (method) => (await worker.ask("watched", { name, method })).answer;
  const due = async () => {
    const alarm = await watched("alarmAt");
    const over = Date.now() + HOUR;
    return alarm > over - 60_000 && alarm < over + 180_000;
  };
  const { keys } = await worker.ask("fill", { name, count: 3, expiresIn: HOUR });
  expect(await due(), "no alarm for when they are over");
  // Over for so long that the alarm is due at once, and more than it clears in one go.
  await worker.ask("fill", { name, count: 2500, from: keys.length, expiresIn: -120_000 });
  const until = Date.now() + PATIENCE;
  while ((await watched("rows")) > keys.length) expect(Date.now() < until, "rows are left that are over");
  expect((await watched("rows")) === keys.length, "living rows were cleared");
  while (!(await due())) expect(Date.now() < until, "no alarm for those that are left");
}

export async function woken(worker) {
  const name = "woken";
  const about = { watched: true, name, shards: 1 };
  const { keys } = await worker.ask("fill", { name, count: 3000, expiresIn: HOUR });
  await worker.ask("watched", { name, method: "leave" });
  const before = (await worker.ask("watched", { name: "other", method: "alarmAt" })).asked;
  const asked = async (method, ...args) => {
    const { asked: earlier } = await worker.ask("watched", { name: "other", method: "alarmAt" });
    const answer = await call(worker, method, args, about);
    const { asked: later } = await worker.ask("watched", { name: "other", method: "alarmAt" });
    return {
      answer,
      statements: later.statements - earlier.statements,
      rowsRead: later.rowsRead - earlier.rowsRead,
    };
  };
  const first = await asked("load", keys[1234]);
  expect(first.answer.version === 1, "the row is not there");
  // The schema is looked at, too.
  expect(first.rowsRead <= 10, `${first.rowsRead} rows were read`);
  const again = await asked("load", keys[1234]);
  expect(again.statements === 0, `${again.statements} statements for what is in memory`);
  const other = await asked("load", keys[77]);
  expect(other.statements === 1 && other.rowsRead === 1, `${other.rowsRead} rows read for another`);
  const commit = await asked("commit", keys[77], { increments: { n: 1 }, ...times() });
  expect(commit.answer.version === 2, "it was not committed");
  expect(commit.rowsRead <= 10, `${commit.rowsRead} rows read by a commit`);
  expect(before.statements > 0, "nothing is counted");
}

export async function restarted(start) {
  const keys = Array.from({ length: 40 }, (_, i) => `A${"ABCD"[i % 4]}${text()}`);
  let worker = await start();
  try {
    for (const key of keys) {
      await call(worker, "commit", [key, { create: true, increments: { n: 1 }, subject: "ann", ...times() }]);
    }
    for (const key of keys.slice(0, 10))
      expect(await call(worker, "destroy", [key, Date.now() + HOUR]), "no end");
  } finally {
    await worker.dispose();
  }
  worker = await start();
  try {
    for (const key of keys.slice(0, 10)) {
      expect((await call(worker, "load", [key]))?.ended, "an end is forgotten");
      expect((await call(worker, "commit", [key, times()])) === "gone", "an ended session was revived");
    }
    for (const key of keys.slice(10)) {
      expect((await call(worker, "load", [key]))?.version === 1, "a row is missing");
      const { version } = await call(worker, "commit", [key, { increments: { n: 1 }, ...times() }]);
      expect(version === 2, "a row is another");
    }
    expect((await call(worker, "bySubject", ["ann"])).length === 30, "the subject's sessions are others");
  } finally {
    await worker.dispose();
  }
}

/** A thousand commits; the process ends in the middle, and whatever was not acknowledged is repeated. */
export async function killed(start) {
  const [SESSIONS, COMMITS, KILLED_AT] = [25, 40, 400];
  const keys = Array.from({ length: SESSIONS }, (_, i) => `A${"ABCD"[i % 4]}${text()}`);
  const brief = Array.from({ length: 50 }, (_, i) => `A${"ABCD"[i % 4]}${text()}`);
  let worker = await start();
  let acknowledged = 0;
  const left = new Map();
  const over = new Set();
  try {
    for (const key of [...keys, ...brief]) await call(worker, "commit", [key, { create: true, ...times() }]);
    const [pid, ...others] = worker.pids;
    expect(pid !== undefined && others.length === 0, `${worker.pids.length} processes were started`);
    const ends = (async () => {
      for (const key of brief) {
        if (await call(worker, "destroy", [key, Date.now() + HOUR])) over.add(key);
      }
    })();
    await Promise.allSettled([
      ends,
      ...keys.map(async (key) => {
        for (let i = 0; i < COMMITS; i++) {
          const change = { increments: { n: 1 }, token: text(), ...times() };
          left.set(key, { from: i, change });
          const { version } = await call(worker, "commit", [key, change]);
          expect(version === i + 2, `version ${version} after ${i + 1} commits`);
          left.set(key, { from: i + 1 });
          if (++acknowledged === KILLED_AT) process.kill(pid, "SIGKILL");
        }
      }),
    ]);
    expect(acknowledged >= KILLED_AT && acknowledged < SESSIONS * COMMITS, `${acknowledged} acknowledged`);
    expect(over.size > 0, "none was ended before");
  } finally {
    await worker.dispose();
  }
  worker = await start();
  try {
    for (const key of over) expect((await call(worker, "load", [key]))?.ended, "an ended session came back");
    for (const [key, { from, change }] of left) {
      const { version } = await call(worker, "load", [key]);
      expect(
        version >= from + 1 && version <= from + 2,
        `version ${version} after ${from} acknowledged commits`,
      );
      if (change === undefined) continue;
      const again = await call(worker, "commit", [key, change]);
      expect(again.version === from + 2, `version ${again.version} after a repetition`);
    }
  } finally {
    await worker.dispose();
  }
  return acknowledged;
}
