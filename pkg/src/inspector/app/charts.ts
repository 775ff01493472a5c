/** Drawings of figures; each says in words what it shows. */
import type { Expiry } from "../wire.js";
import { h, svg } from "./dom.js";
import { count, span } from "./format.js";

const WIDTH = 300;
const HEIGHT = 56;

/** Lines over time, on one scale. */
export function lines(values: number[][], most: number, label: string): SVGElement {
  const points = (series: number[]) =>
    series
      .map((value, at) => {
        const x = WIDTH - (series.length - 1 - at) * (WIDTH / (Math.max(FEWEST, series.length) - 1));
        return `${x.toFixed(1)},${(HEIGHT - 2 - (value / most) * (HEIGHT - 6)).toFixed(1)}`;
      })
      .join(" ");
  return svg(
    "svg",
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: "none",
      role: "img",
      "aria-label": label,
      class: "lines",
    },
    svg("line", { x1: 0, y1: HEIGHT - 1, x2: WIDTH, y2: HEIGHT - 1, class: "axis" }),
    ...values.map((series, at) => svg("polyline", { points: points(series), class: `s${at}` })),
  );
}

/** How many samples a chart has room for. */
export const SAMPLES = 150;
/** With fewer, the line does not reach across. */
const FEWEST = 15;

export function histogram({ counts, step, never, looked }: Expiry, rows: number): HTMLElement {
  const most = Math.max(1, ...counts);
  const width = WIDTH / counts.length;
  const bars = counts.map((value, at) => {
    const height = value === 0 ? 0 : Math.max(1.5, (value / most) * (HEIGHT * 2 - 4));
    return svg(
      "rect",
      { x: at * width + 0.5, y: HEIGHT * 2 - height, width: width - 1, height },
      svg("title", {}, `${count(value)} in ${span(at * step)} to ${span((at + 1) * step)}`),
    );
  });
  const first = counts.findIndex((value) => value > 0);
  const label =
    first < 0
      ? "No row expires."
      : `${count(looked - never)} rows expire within ${span(step * counts.length)}, the first in ${span(first * step)} at the earliest.`;
  return h(
    "figure",
    { class: "histogram" },
    svg(
      "svg",
      {
        viewBox: `0 0 ${WIDTH} ${HEIGHT * 2}`,
        preserveAspectRatio: "none",
        role: "img",
        "aria-label": label,
      },
      svg("line", { x1: 0, y1: HEIGHT * 2 - 0.5, x2: WIDTH, y2: HEIGHT * 2 - 0.5, class: "axis" }),
      ...bars,
    ),
    h(
      "div",
      { class: "ticks" },
      h("span", {}, "now"),
      h("span", {}, span((step * counts.length) / 2)),
      h("span", {}, span(step * counts.length)),
    ),
    h(
      "figcaption",
      {},
      label,
      never > 0 && ` ${count(never)} never expire.`,
      looked < rows && ` Counted in ${count(looked)} of ${count(rows)} rows.`,
    ),
  );
}

/** Linear memory as squares of equal size: which table they are charged to, in the order of the tables. */
export function map(memory: number, tables: Array<{ name: string; bytes: number }>): SVGElement {
  const columns = 64;
  const cells = columns * 8;
  const each = memory / cells;
  const squares: SVGElement[] = [];
  let at = 0;
  let owed = 0;
  const put = (until: number, name: string) => {
    for (; at < until && at < cells; at++) {
      const [x, y] = [(at % columns) * 10, Math.floor(at / columns) * 10];
      squares.push(svg("rect", { x: x + 0.75, y: y + 0.75, width: 8.5, height: 8.5, rx: 1, class: name }));
    }
  };
  for (const [index, { bytes }] of tables.entries()) {
    owed += bytes;
    put(Math.ceil(owed / each), colour(index));
  }
  const used = at;
  put(cells, "unused");
  const label = `${Math.round((100 * used) / cells)} % of linear memory is charged to ${tables.length === 1 ? "the table" : "tables"}.`;
  return svg(
    "svg",
    { viewBox: `0 0 ${columns * 10} 80`, role: "img", "aria-label": label, class: "map" },
    ...squares,
  );
}

export const colour = (index: number): string => `c${index % 6}`;
