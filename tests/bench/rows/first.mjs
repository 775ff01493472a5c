import { median } from "../timing.mjs";
import { milliseconds } from "../units.mjs";
import { judge } from "./row.mjs";

/** What the first use costs a request, over what it takes in an empty worker. */
export function firstRows({ first }) {
  const [{ params, result }] = first;
  const of = (name, what) => median(result[name].map((one) => one[what]));
  const ours = of("table", "first") - of("empty", "first");
  const told = (name, title) => {
    const [first, second, ready] = ["first", "second", "ready"].map((what) => milliseconds(of(name, what)));
    return `${title}: ${first}, the second request ${second}; ready after ${ready}`;
  };
  return {
    rows: [
      judge({ what: "workerd: first use, beside an empty worker", ours, unit: "ms" }, "first use", ours),
    ],
    facts: [
      {
        title: `The first request of an isolate, medians of ${params.starts} starts of workerd each`,
        lines: [
          told("empty", "an empty worker"),
          told("table", "ets-session/table: a table made, a row stored and read"),
          told("session", "ets-session: a session made and sent"),
          told("hono-sessions", "Hono with hono-sessions in memory: the same"),
          told("iron-session", "iron-session: the same, sealed into the cookie"),
        ],
      },
    ],
    data: { first: Object.fromEntries(Object.keys(result).map((name) => [name, of(name, "first")])) },
  };
}
