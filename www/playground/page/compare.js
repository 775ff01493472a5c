/** The step that weighs a Map against the table. */
import { during } from "./activity.js";
import { current, setWeight } from "./figures.js";
import { bytes, count, perRow, ratio } from "./format.js";
import { rows } from "./tables.js";
import { pageHeap, WAYS, way, workersHeap } from "./weigh.js";

const $ = (id) => document.getElementById(id);

/** The worker's heap before there is a Map, asked for early because the answer may take half a minute. */
let resting;

export function prepare() {
  $("way").textContent = WAYS[way()];
  resting = way() === "precise" ? workersHeap().catch(() => undefined) : undefined;
}

export function compare(engine) {
  let cancelled = false;
  let abandon;
  const abandoned = new Promise((resolve) => {
    abandon = resolve;
  });
  const stop = () => {
    cancelled = true;
    engine.cancel();
    abandon();
  };
  return during("Putting the same rows into a Map.", stop, async (progress) => {
    setWeight(undefined);
    rows("weights", []);
    $("weighed").textContent = "";
    const found = await METHODS[way()](engine, { progress, cancelled: () => cancelled, abandoned });
    return cancelled ? "Cancelled." : tell(found);
  });
}

const METHODS = {
  async precise(engine, { progress, cancelled, abandoned }) {
    await engine.ask("peer", {}, { progress });
    if (cancelled()) return undefined;
    $("said").textContent = "The Map is there. The browser measures it when it next collects garbage.";
    $("progress").removeAttribute("value");
    const [before, after] = (await Promise.race([Promise.all([resting, workersHeap()]), abandoned])) ?? [];
    if (cancelled()) return undefined;
    if (before === undefined || after <= before) return counted(engine, progress);
    return { bytes: after - before, about: "", by: "performance.measureUserAgentSpecificMemory()" };
  },
  async heap(engine, { progress, cancelled }) {
    const found = await pageHeap(engine, current().size, { progress, cancelled });
    if (found === undefined) return undefined;
    if (found.bytes <= 0) return counted(engine, progress);
    return {
      bytes: found.bytes,
      about: "about ",
      by: "performance.memory, roughly: garbage that comes and goes is in it",
    };
  },
  none: (engine, { progress }) => counted(engine, progress),
};

async function counted(engine, progress) {
  const { sum } = await engine.ask("characters", {}, { progress });
  return { bytes: sum, about: "more than ", by: undefined };
}

function tell({ bytes: map, about, by }) {
  const { size, memoryBytes } = current();
  setWeight({ bytes: map, text: `${about}${bytes(map)}, ${about}${perRow(map, size)}` });
  rows("weights", [
    ["ets-session", bytes(memoryBytes), perRow(memoryBytes, size).replace(" a row", "")],
    ["Map", about + bytes(map), about + perRow(map, size).replace(" a row", "")],
  ]);
  const ours = "Ours is all of linear memory, by info().memoryBytes";
  $("weighed").textContent = by
    ? `${ours}; the Map is by ${by}.`
    : `${ours}. This browser can't tell what a Map takes: its ${count(map)} characters alone, a byte each, are \
that much; strings, entries and the Map itself come on top.`;
  return by
    ? `A Map takes ${about}${ratio(map / memoryBytes)} what the table takes.`
    : "This browser can't tell what a Map takes; its characters are counted.";
}
