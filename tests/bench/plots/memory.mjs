/** Memory per row: one bar for each, from zero. */
import { stores } from "../stores/index.mjs";
import { count } from "../units.mjs";
import { element, HEIGHT, linear, MARGIN, paper, text, WIDTH } from "./svg.mjs";

const LEFT = 150;

export function memoryPlot({ rows, bytes }) {
  const bars = Object.entries(bytes).map(([name, all]) => ({ name, each: all / rows }));
  const most = Math.ceil(Math.max(...bars.map(({ each }) => each)) / 100) * 100;
  const x = linear([0, most], [LEFT, WIDTH - 60]);
  const ground = HEIGHT - MARGIN.bottom;
  const room = (ground - MARGIN.top) / bars.length;
  const ticks = Array.from({ length: most / 100 + 1 }, (_, i) => i * 100);
  return paper(
    "Memory per session",
    `bytes a row at ${count(rows)} rows: ets-session its whole linear memory, the others what the JavaScript heap grew by`,
    ticks.map((tick) => [
      element("line", { class: "grid", x1: x(tick), x2: x(tick), y1: MARGIN.top, y2: ground }),
      text(x(tick), ground + 20, tick, { "text-anchor": "middle" }),
    ]),
    bars.map(({ name, each }, i) => {
      const top = MARGIN.top + i * room + room * 0.18;
      const middle = MARGIN.top + i * room + room / 2 + 4.5;
      return [
        element("rect", {
          class: `fill ${name}`,
          x: LEFT,
          y: top,
          width: x(each) - LEFT,
          height: room * 0.64,
        }),
        text(LEFT - 10, middle, stores[name].label, { "text-anchor": "end", class: `name ${name}` }),
        text(x(each) + 8, middle, Math.round(each)),
      ];
    }),
    element("line", { class: "axis", x1: LEFT, x2: LEFT, y1: MARGIN.top, y2: ground }),
    text((LEFT + WIDTH - 60) / 2, HEIGHT - 10, "bytes a row", { "text-anchor": "middle", class: "note" }),
  );
}
