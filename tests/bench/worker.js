// Runs inside workerd: the same comparisons with the Map, whose clock advances here as it does not when deployed.
import { fill, setting } from "./comparisons.mjs";
import { gettingInBatches } from "./sections/sessions.mjs";
import { Ids } from "./session.mjs";
import { open as openFloor } from "./stores/floor.mjs";
import { open as openMap } from "./stores/map.mjs";
import { open as openOurs } from "./stores/ours.mjs";
import { compare } from "./timing.mjs";

/** The clock here counts whole milliseconds: what is timed has to be long beside one. */
const BATCH = 20_000;
const TOGETHER = 4;

export default {
  async fetch(request) {
    const query = new URL(request.url).searchParams;
    const [size, rounds] = [Number(query.get("size")), Number(query.get("rounds"))];
    const ids = new Ids(size);
    const both = { ours: openOurs(), map: openMap(), floor: openFloor() };
    const keys = fill(both, ids);
    const found = {};
    const settings = { rounds, warm: 3, batch: BATCH, together: TOGETHER };
    for (const name of ["get", "field", "put", "update"]) {
      const { contenders, input } = setting(name, both, ids, keys);
      found[`${name} ${size}`] = await compare(contenders, input, settings);
    }
    for (const store of Object.values(both)) store.close();
    found[`session.get ${size}`] = await gettingInBatches(ids, settings);
    return Response.json(found);
  },
};
