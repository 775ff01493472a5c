import { stores } from "../stores/index.mjs";
import { count, nanoseconds, ratio } from "../units.mjs";
import { judge, speed } from "./row.mjs";

const WHAT = {
  get: "get, timestamp refreshed",
  peek: "get; the peer's not refreshed",
  "get-known": "get by the key's own string object",
  touch: "touch",
  field: "one field",
  put: "put, row replaced",
  update: "update of one field",
  mint: "mint an id and insert",
  "session.get": "session.get, one field",
};
const WAYS = { "get express": " get+touch", "get memorystore": " get+touch", "mint express": " + uid-safe" };
const ORDER = ["get", "field", "session.get", "put", "update", "mint", "peek", "get-known", "touch"];

/** All of single operations: in Node, in workerd, and how a get's time grows. */
export function operationRows(found, mode) {
  const timed = found.operations.flatMap(({ params, result }) => named(result, params.peer));
  const opened = found.sessions.flatMap(({ result }) => named(result, "map"));
  const inWorkerd = found.workerd.flatMap(({ result }) => named(result, "map"));
  const node = [...timed, ...opened].sort((a, b) => ORDER.indexOf(a.name) - ORDER.indexOf(b.name));
  const growth = found.growth.map(({ params, result }) => growing(params.sizes, result, mode));
  return {
    rows: [
      ...node.map((one) => row(one, WHAT[one.name], `${one.name}, ${one.peer}`)),
      ...inWorkerd.map((one) => row(one, `workerd: ${WHAT[one.name]}`, `workerd ${one.name}, ${one.peer}`)),
      ...growth,
    ],
    facts: [
      { title: "What the machine and the engine ask for single steps", lines: limits(found) },
      { title: "Means, in which collections and hiccups are included", lines: means(timed) },
      { title: "A request's session, without its Request and Response", lines: requests(found) },
    ],
    data: {
      operations: Object.fromEntries(node.map((one) => [`${one.name}, ${one.peer}, ${one.size}`, one.times])),
    },
  };
}

/** "get 10000" and its times, as they are measured, taken apart. */
function named(result, peer) {
  return Object.entries(result)
    .filter(([, times]) => times.ours !== undefined)
    .map(([key, times]) => {
      const [name, size] = key.split(" ");
      return { name, size: Number(size), peer, times };
    });
}

function row({ name, size, peer, times }, what, key) {
  const label = stores[peer].label + (WAYS[`${name} ${peer}`] ?? "");
  const fields = speed(what, size, times.ours.median, times[peer].median, label, key);
  return times.floor === undefined ? fields : { ...fields, least: times.floor.median };
}

function growing([small, large], times, mode) {
  const of = (name) => times[`${name} ${large}`].median / times[`${name} ${small}`].median;
  const [ours, peer] = [of("ours"), of("map")];
  const fields = {
    what: `get at ${count(large)} over ${count(small)}`,
    ours,
    peer,
    peerName: stores.map.label,
    unit: "×",
    ratio: peer / ours,
  };
  return judge(fields, "growth", ours, mode.name === "full");
}

function requests(found) {
  return found.sessions.flatMap(({ result }) =>
    Object.entries(result)
      .filter(([key]) => key.startsWith("request "))
      .map(
        ([key, time]) => `open, one session.get, commit, at ${rowsOf(key.slice(8))}: ${nanoseconds(time)}`,
      ),
  );
}

/** Collections fall into whichever side's round happens to be on. */
function means(timed) {
  const large = Math.max(...timed.map(({ size }) => size));
  return timed
    .filter(
      ({ name, size, peer }) => peer === "map" && size === large && ["get", "put", "update"].includes(name),
    )
    .map(({ name, times: { ours, map } }) => {
      const both = `${nanoseconds(ours.mean)} against ${nanoseconds(map.mean)}`;
      return `${name} at ${rowsOf(large)}: ${both}, ${ratio(map.mean / ours.mean)}`;
    });
}

function rowsOf(size) {
  return `${count(Number(size))} rows`;
}

function limits(found) {
  return found.limits.flatMap(({ result: { costs } }) =>
    Object.entries(costs).map(([what, time]) => `${what}: ${nanoseconds(time)}`),
  );
}
