/** How long single inserts took while a table grew from nothing: ours and the Map, both axes logarithmic. */
import { LEAST, PER_DECADE } from "../recorder.mjs";
import { stores } from "../stores/index.mjs";
import { count } from "../units.mjs";
import {
  acrossAt,
  belowAt,
  element,
  HEIGHT,
  linear,
  logarithmic,
  MARGIN,
  paper,
  text,
  WIDTH,
} from "./svg.mjs";

const DRAWN = ["map", "ours"];

/** From here on the empty loop is drawn too: what is faster is only the loop itself. */
const HICCUP = (-5 - LEAST) * PER_DECADE;

const NAMES = ["10 ns", "100 ns", "1 µs", "10 µs", "100 µs", "1 ms", "10 ms", "100 ms", "1 s", "10 s"];

export function histogramPlot(histograms, rows) {
  const drawn = DRAWN.map((name) => ({ name, bins: histograms[name] }));
  const used = drawn.flatMap(({ bins }) => bins.flatMap((n, i) => (n > 0 ? [i] : [])));
  const first = Math.floor(Math.min(...used) / PER_DECADE) * PER_DECADE;
  const last = Math.ceil((Math.max(...used) + 1) / PER_DECADE) * PER_DECADE;
  const right = WIDTH - 32;
  const ground = HEIGHT - MARGIN.bottom;
  const x = linear([first, last], [MARGIN.left, right]);
  // One operation has to be seen, and so stands above the ground line.
  const y = logarithmic([0.5, rows], [ground, MARGIN.top + 8]);
  const powers = Array.from({ length: Math.floor(Math.log10(rows)) + 1 }, (_, i) => 10 ** i);
  const decades = Array.from({ length: (last - first) / PER_DECADE + 1 }, (_, i) => first + i * PER_DECADE);
  const ms = (-3 - LEAST) * PER_DECADE;
  return paper(
    "How long each insert took while the table grew",
    `${count(rows)} single inserts from an empty table, sorted by their time; both axes logarithmic`,
    acrossAt(
      powers.map((power) => [power, count(power)]),
      y,
      right,
    ),
    hiccups(histograms.empty, { first, last, x, y, ground }),
    drawn.map(({ name, bins }) => outline(name, bins, { first, last, x, y, ground })),
    ms > first && ms < last
      ? element("line", {
          class: "axis",
          "stroke-dasharray": "3 4",
          x1: x(ms),
          x2: x(ms),
          y1: MARGIN.top,
          y2: ground,
        })
      : [],
    element("line", { class: "axis", x1: MARGIN.left, x2: right, y1: ground, y2: ground }),
    belowAt(
      decades.map((bin) => [bin, NAMES[bin / PER_DECADE]]),
      x,
      ground,
    ),
    text((MARGIN.left + right) / 2, HEIGHT - 10, "time of one insert", {
      "text-anchor": "middle",
      class: "note",
    }),
    element("rect", { class: "empty", x: right - 140, y: MARGIN.top + 56, width: 12, height: 12 }),
    text(right - 122, MARGIN.top + 67, "the same loop, empty", { class: "note" }),
    [...DRAWN].reverse().map((name, i) => [
      element("rect", {
        class: `fill ${name}`,
        x: right - 140,
        y: MARGIN.top + 12 + i * 22,
        width: 12,
        height: 12,
      }),
      text(right - 122, MARGIN.top + 23 + i * 22, stores[name].label, { class: `name ${name}` }),
    ]),
  );
}

function hiccups(bins, box) {
  const rare = bins.map((n, bin) => (bin < HICCUP ? 0 : n));
  return element("path", { class: "empty", d: path(rare, box) });
}

function outline(name, bins, box) {
  const d = path(bins, box);
  return [
    element("path", { class: `fill ${name}`, d, "fill-opacity": 0.28 }),
    element("path", { class: `line thin ${name}`, d }),
  ];
}

function path(bins, { first, last, x, y, ground }) {
  const steps = [`M${x(first).toFixed(1)},${ground}`];
  for (let bin = first; bin < last; bin++) {
    const top = bins[bin] === 0 ? ground : y(bins[bin]);
    steps.push(`V${top.toFixed(1)}`, `H${x(bin + 1).toFixed(1)}`);
  }
  return `${steps.join("")}V${ground}Z`;
}
