import { median } from "../timing.mjs";
import { milliseconds } from "../units.mjs";
import { judge } from "./row.mjs";

/** What the first use costs a request, over what it takes in an empty worker. */
export function firstRows({ first }) {
  const [{ params, result }] = first;
  const of = (name, what) => median(result[name].map((one) => one[what]));
  const ours = of("ours", "first") - of("empty", "first");
  const told = (what, title) =>
    `${title}: ${milliseconds(of("ours", what))} against ${milliseconds(of("empty", what))}`;
  return {
    rows: [
      judge({ what: "workerd: first use, beside an empty worker", ours, unit: "ms" }, "first use", ours),
    ],
    facts: [
      {
        title: `A worker that imports ets-session against an empty one, medians of ${params.starts} starts of workerd each`,
        lines: [
          told("first", "first request: a table made, a row stored and read"),
          told("second", "second request"),
          told("ready", "until workerd is ready"),
        ],
      },
    ],
    data: { first: { ours: of("ours", "first"), empty: of("empty", "first") } },
  };
}
