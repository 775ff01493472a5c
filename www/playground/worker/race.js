/** The table and the Map take turns at the same sessions. */
import { contenders, peer } from "./peer.js";
import { now, table } from "./table.js";

const BATCH = 2000;
const ROUNDS = 40;
const WARM = 8;

const OPERATIONS = [
  {
    name: "Read a session",
    ours: (id) => table.lookup(id).user_id,
    theirs: (id, map) => {
      const entry = map.get(id);
      entry.timestamp = now();
      return JSON.parse(entry.json).user_id;
    },
  },
  {
    name: "Read one field",
    ours: (id) => table.field(id, "csrf_token"),
    theirs: (id, map) => {
      const entry = map.get(id);
      entry.timestamp = now();
      return JSON.parse(entry.json).csrf_token;
    },
  },
  {
    name: "Update one field",
    ours: (id, _, time) => table.update(id, { last_seen: time }),
    theirs: (id, map, time) => {
      const entry = map.get(id);
      const row = JSON.parse(entry.json);
      row.last_seen = time;
      entry.json = JSON.stringify(row);
      entry.timestamp = now();
      return true;
    },
  },
];

/** Nanoseconds an operation, medians; undefined: cancelled. */
export async function race(_, task) {
  if (!(await peer({}, task))) return undefined;
  const { map, ids } = contenders();
  if (ids.count === 0) throw new Error("none of these rows has an id of 24 characters");
  const times = OPERATIONS.map(() => ({ ours: [], theirs: [] }));
  for (let round = -WARM; round < ROUNDS; round++) {
    for (const [index, operation] of OPERATIONS.entries()) {
      const took = turn(operation, map, ids, round % 2 === 0);
      if (round >= 0) for (const side of ["ours", "theirs"]) times[index][side].push(took[side]);
      if (!(await task.goOn(round + WARM, ROUNDS + WARM))) return undefined;
    }
  }
  const operations = OPERATIONS.map(({ name }, index) => ({
    name,
    ours: median(times[index].ours),
    theirs: median(times[index].theirs),
  }));
  return { operations };
}

function turn(operation, map, ids, oursFirst) {
  const picked = Uint32Array.from({ length: BATCH }, () => Math.floor(Math.random() * ids.count));
  const time = now();
  const took = {};
  const answers = {};
  for (const side of oursFirst ? ["ours", "theirs"] : ["theirs", "ours"]) {
    const keys = Array.from(picked, (index) => ids.at(index));
    const results = new Array(BATCH);
    const run = operation[side];
    const begin = performance.now();
    for (let i = 0; i < BATCH; i++) results[i] = run(keys[i], map, time);
    took[side] = ((performance.now() - begin) * 1e6) / BATCH;
    answers[side] = results;
  }
  for (let i = 0; i < BATCH; i++) {
    if (answers.ours[i] !== answers.theirs[i])
      throw new Error("the table and the Map gave different answers");
  }
  return took;
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
