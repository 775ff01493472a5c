/** Single operations, ours against one peer at a time in a process of its own, at every size. */
import { fill, setting } from "../comparisons.mjs";
import { Ids } from "../session.mjs";
import { open as openFloor } from "../stores/floor.mjs";
import { stores } from "../stores/index.mjs";
import { compare } from "../timing.mjs";

const OPERATIONS = {
  map: ["get", "field", "put", "update", "touch"],
  express: ["get", "mint"],
  memorystore: ["get"],
  lru: ["get"],
  hono: ["get"],
};

/** Whom it takes to tell whether a goal can be met at all. */
const LEAST = ["map", "lru"];

/** What no goal is about, and a full run shows. */
const EXTRAS = { map: ["get-known"], express: ["peek"], memorystore: ["peek"] };

export function jobs({ sizes, rounds, extras }) {
  return Object.entries(OPERATIONS).map(([peer, names]) => ({
    title: `operations, ours and ${stores[peer].label}`,
    params: { peer, sizes, rounds, names: [...names, ...(extras ? (EXTRAS[peer] ?? []) : [])] },
  }));
}

export async function run({ peer, sizes, rounds, names }, progress) {
  const opens = { ours: await stores.ours.open(), [peer]: await stores[peer].open() };
  if (LEAST.includes(peer)) opens.floor = openFloor;
  await rehearse(opens, peer, names);
  const found = {};
  let done = 0;
  const steps = sizes.length * (names.length + 1);
  for (const size of sizes) {
    const ids = new Ids(size);
    const both = openBoth(opens, peer, size);
    const keys = fill(both, ids);
    progress(++done / steps);
    for (const name of names) {
      const { contenders, input } = setting(name, both, ids, keys);
      const share = (part) => progress((done + part) / steps);
      found[`${name} ${size}`] = await compare(contenders, input, { rounds, warm: 4, progress: share });
      done++;
    }
    for (const store of Object.values(both)) store.close();
    globalThis.gc();
  }
  return found;
}

function openBoth(opens, peer, size) {
  const both = { ours: opens.ours(), [peer]: opens[peer](peer === "lru" ? { max: size } : {}) };
  return opens.floor === undefined ? both : { ...both, floor: opens.floor() };
}

/** Everything once on a small table: until then code is not compiled as it will be. */
async function rehearse(opens, peer, names) {
  const ids = new Ids(2000);
  const both = openBoth(opens, peer, ids.count);
  const keys = fill(both, ids);
  for (const name of names) {
    const { contenders, input } = setting(name, both, ids, keys);
    await compare(contenders, input, { rounds: 10 });
  }
  for (const store of Object.values(both)) store.close();
}
