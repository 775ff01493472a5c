/** Time for a get against rows: both axes logarithmic, as rows and times go over decades. */
import { stores } from "../stores/index.mjs";
import { median } from "../timing.mjs";
import { count, nanoseconds } from "../units.mjs";
import {
  acrossAt,
  apart,
  belowAt,
  element,
  HEIGHT,
  logarithmic,
  MARGIN,
  paper,
  text,
  WIDTH,
} from "./svg.mjs";

const TICKS = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000];

export function timePlot(operations, sizes) {
  const peers = Object.keys(stores).filter((name) => name !== "ours");
  const lines = Object.keys(stores).map((name) => ({ name, points: points(operations, name, sizes, peers) }));
  const all = lines.flatMap(({ points }) => points.map(({ time }) => time));
  const low = TICKS.findLast((tick) => tick <= Math.min(...all));
  const high = TICKS.find((tick) => tick >= Math.max(...all));
  const ground = HEIGHT - MARGIN.bottom;
  const x = logarithmic([sizes[0], sizes.at(-1)], [MARGIN.left + 16, WIDTH - MARGIN.right - 8]);
  const y = logarithmic([low, high], [ground, MARGIN.top]);
  const ends = apart(
    lines.map(({ points }) => y(points.at(-1).time) + 4),
    17,
  );
  return paper(
    "Time to read a whole session and refresh its timestamp",
    "medians, ids at random, in turns; hono-sessions hands out the stored object and refreshes nothing",
    acrossAt(
      TICKS.filter((tick) => tick >= low && tick <= high).map((tick) => [tick, words(tick)]),
      y,
    ),
    element("line", { class: "axis", x1: MARGIN.left, x2: WIDTH - MARGIN.right, y1: ground, y2: ground }),
    belowAt(
      sizes.map((size) => [size, count(size)]),
      x,
      ground,
    ),
    text((MARGIN.left + WIDTH - MARGIN.right) / 2, HEIGHT - 10, "rows", {
      "text-anchor": "middle",
      class: "note",
    }),
    lines.map(({ name, points }, i) => [
      element("polyline", {
        class: `line ${name}`,
        points: points.map(({ size, time }) => `${x(size).toFixed(1)},${y(time).toFixed(1)}`).join(" "),
      }),
      points.map(({ size, time }) =>
        element("circle", { class: `fill ${name}`, cx: x(size), cy: y(time), r: 3.5 }),
      ),
      text(WIDTH - MARGIN.right + 6, ends[i], stores[name].label, { class: `name ${name}` }),
    ]),
  );
}

/**
 * Ours as it was in the median process. Peers by their ratio to ours in their own process: a machine that was slower
 * for one of them would move its line otherwise.
 */
function points(operations, name, sizes, peers) {
  return sizes.map((size) => {
    const of = (peer) => operations[`get, ${peer}, ${size}`];
    const ours = median(peers.map((peer) => of(peer).ours.median));
    return { size, time: name === "ours" ? ours : (ours * of(name)[name].median) / of(name).ours.median };
  });
}

function words(time) {
  return nanoseconds(time).replace(/\.0+ /, " ");
}
