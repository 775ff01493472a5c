import { stores } from "../stores/index.mjs";
import { count, mebibytes } from "../units.mjs";
import { judge } from "./row.mjs";

/** What rows take: linear memory against heaps, and whether rows that come again need more of it. */
export function memoryRows({ memory, rounds }, mode) {
  const judged = mode.name === "full";
  const by = Object.fromEntries(memory.map(({ params, result }) => [params.name, result]));
  const { linear, heap, charged, rows } = by.ours;
  const bytes = Object.fromEntries(Object.entries(by).map(([name, one]) => [name, one.linear ?? one.heap]));
  const full = {
    what: "memory, all of it",
    rows,
    ours: linear,
    peer: bytes.map,
    peerName: stores.map.label,
    unit: "bytes",
    ratio: bytes.map / linear,
  };
  const each = (value) => `${Math.round(value / rows)} B a row`;
  return {
    rows: [judge(full, "memory", linear, judged), ...rounds.map(({ result }) => again(result, judged))],
    facts: [
      {
        title: `Memory at ${count(rows)} rows`,
        lines: [
          `ours: ${each(linear)} of linear memory, ${each(charged)} by info().bytes; the heap beside it grew by ${mebibytes(heap)}`,
          ...Object.keys(by)
            .filter((name) => name !== "ours")
            .map(
              (name) =>
                `${stores[name].label}: ${each(by[name].heap)} of heap, ${each(by[name].resident)} resident`,
            ),
          ...rounds.map(({ result }) => comings(result)),
        ],
      },
    ],
    data: { memory: { rows, bytes } },
  };
}

function again({ rows, memory }, judged) {
  const value = memory.at(-1).memoryBytes / memory[0].memoryBytes;
  const fields = { what: `memory in coming ${memory.length} over the first`, rows, ours: value, unit: "×" };
  return judge(fields, "comings", value, judged);
}

function comings({ memory }) {
  const all = memory.map(({ memoryBytes }) => mebibytes(memoryBytes)).join(", ");
  return `ours, rows of a seventh field that come and expire ${memory.length} times: ${all}`;
}
