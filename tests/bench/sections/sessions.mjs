/** session.get as a handler calls it, and a whole request's session work, over a table that sessions() made. Portable. */
import { sessions } from "ets-session";
import { Ids, session } from "../session.mjs";
import { open as openFloor } from "../stores/floor.mjs";
import { open as openMap } from "../stores/map.mjs";
import { compare, median } from "../timing.mjs";

const BATCH = 1000;

export function jobs({ sizes, rounds }) {
  return [{ title: "session.get", params: { sizes, rounds: Math.ceil(rounds / 2) } }];
}

export async function run({ sizes, rounds }, progress) {
  const found = {};
  await rehearse();
  for (const [step, size] of sizes.entries()) {
    const share = (part) => progress((step + part) / sizes.length);
    const ids = new Ids(size);
    const all = openAll(ids);
    share(0.3);
    found[`session.get ${size}`] = await getting(all, ids, rounds, (part) => share(0.3 + part * 0.6));
    found[`request ${size}`] = await requests(all.ours, ids);
    closeAll(all);
    globalThis.gc();
  }
  return found;
}

/** As the operations have it: until then code is not compiled as it will be. */
async function rehearse() {
  const ids = new Ids(2000);
  const all = openAll(ids);
  await getting(all, ids, 40);
  closeAll(all);
}

function openAll(ids) {
  const table = `sessions-${ids.count}`;
  const ours = sessions({ table, limits: { maxBytes: "220MiB", onFull: "refuse" } });
  const [map, floor] = [openMap(), openFloor()];
  for (const store of [ours.table, map, floor])
    for (let i = 0; i < ids.count; i++) store.insert(ids.id(i), session(i));
  floor.lay();
  return { ours, map, floor };
}

function closeAll({ ours, map, floor }) {
  ours.table.drop();
  map.close();
  floor.close();
}

function request(id) {
  return new Request("https://localhost/", { headers: { Cookie: `__Host-sid=${id}` } });
}

async function open(ours, ids, size) {
  const picked = ids.pick(size);
  const handles = [];
  for (const index of picked) handles.push(await ours.open(request(ids.id(index))));
  return { picked, handles };
}

/** Opening a session touches its row: opened all beforehand, so that none is still warm when it is read. */
async function getting(all, ids, rounds, progress = () => {}) {
  const warm = 8;
  const opened = [];
  for (let round = 0; round < rounds + warm; round++) {
    opened.push(await open(all.ours, ids, BATCH));
    progress(round / (rounds + warm) / 2);
  }
  const settings = { rounds, warm, batch: BATCH, progress: (part) => progress(0.5 + part / 2) };
  return compare(contenders(all, ids), () => opened.shift(), settings);
}

/** The same in batches so large that only one of them is held, and opened at once; then other rows are read. */
export async function gettingInBatches(ids, settings) {
  const all = openAll(ids);
  const input = async (size) => {
    const given = await open(all.ours, ids, size);
    for (const index of ids.pick(size)) all.ours.table.peek(ids.id(index));
    return given;
  };
  const found = await compare(contenders(all, ids), input, settings);
  closeAll(all);
  return found;
}

function contenders({ map, floor }, ids) {
  const check = (values, { picked }) => {
    if (!values.every((value, i) => value === picked[i])) throw new Error("session.get gave a wrong value");
  };
  return {
    ours: {
      // A request's session was made a moment ago, as the ids that the peer gets: looked at, without its row.
      prepare: ({ handles }) => handles.filter((handle) => !handle.isNew),
      run(handles) {
        const out = new Array(handles.length);
        for (let i = 0; i < handles.length; i++) out[i] = handles[i].get("user_id");
        return out;
      },
      check,
    },
    map: {
      prepare: ({ picked }) => Array.from(picked, (index) => ids.id(index)),
      run: (batch) => map.field(batch),
      check,
    },
    floor: { prepare: ({ picked }) => picked, run: (batch) => floor.fieldAt(batch) },
  };
}

/** Nanoseconds of open, one get and commit, per request; the Request and the Response are made beforehand. */
async function requests(ours, ids) {
  const times = [];
  for (let round = -5; round < 25; round++) {
    const asked = Array.from(ids.pick(200), (index) => request(ids.id(index)));
    const answers = asked.map(() => new Response("ok"));
    const begin = performance.now();
    for (let i = 0; i < asked.length; i++) {
      const handle = await ours.open(asked[i]);
      handle.get("user_id");
      await ours.commit(handle, answers[i]);
    }
    if (round >= 0) times.push(((performance.now() - begin) * 1e6) / asked.length);
  }
  return median(times);
}
