/** SVG as text, and what all drawings share: paper of one size, two sets of colours, axes. */
export const WIDTH = 760;
export const HEIGHT = 400;
export const MARGIN = { top: 64, right: 150, bottom: 52, left: 84 };

/** Drawn on no ground of their own, so they have to suit a light page and a dark one. */
const STYLE = `
text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: #3d4663 }
.title { font-size: 16px; font-weight: 600; fill: #18224a }
.note { font-size: 12px; fill: #68718f }
.grid { stroke: #dfe4ee; stroke-width: 1 }
.axis { stroke: #8b93ac; stroke-width: 1 }
.ours { --ink: #2140a6 } .map { --ink: #b3641a } .express { --ink: #7a8099 } .memorystore { --ink: #4d7f78 }
.lru { --ink: #a2457c } .hono { --ink: #9aa0b5 }
.fill { fill: var(--ink) } .line { stroke: var(--ink); fill: none; stroke-width: 2 } .line.ours { stroke-width: 3 }
.line.thin { stroke-width: 1.5 } .empty { fill: #8b93ac; fill-opacity: 0.35; stroke: #8b93ac; stroke-dasharray: 2 2 }
.name { fill: var(--ink) } .name.ours { font-weight: 600 }
@media (prefers-color-scheme: dark) {
text { fill: #bcc5e0 } .title { fill: #eef1fb } .note { fill: #8f99bd }
.grid { stroke: #2a3355 } .axis { stroke: #66709a }
.ours { --ink: #93a9f5 } .map { --ink: #f2b632 } .express { --ink: #a7aec8 } .memorystore { --ink: #7fc2b7 }
.lru { --ink: #e08cbe } .hono { --ink: #7b84a6 }
}`;

function escaped(text) {
  return String(text).replace(
    /[&<>"]/g,
    (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c],
  );
}

export function element(name, attributes = {}, ...children) {
  const written = Object.entries(attributes).map(([key, value]) => {
    const number = typeof value === "number" ? Math.round(value * 100) / 100 : value;
    return ` ${key}="${escaped(number)}"`;
  });
  const open = `<${name}${written.join("")}`;
  return children.length === 0 ? `${open}/>` : `${open}>${children.flat().join("")}</${name}>`;
}

export function text(x, y, words, attributes = {}) {
  return element("text", { x, y, ...attributes }, escaped(words));
}

/** `note` says under the title what was measured; both are what screen readers read as well. */
export function paper(title, note, ...drawn) {
  const head = [
    element("title", {}, escaped(title)),
    element("desc", {}, escaped(note)),
    element("style", {}, STYLE),
    text(MARGIN.left - 68, 24, title, { class: "title" }),
    text(MARGIN.left - 68, 44, note, { class: "note" }),
  ];
  const box = { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" };
  return `${element("svg", { ...box, width: WIDTH, height: HEIGHT }, "\n", [...head, ...drawn.flat(9)].join("\n"), "\n")}\n`;
}

export function linear([from, to], [begin, end]) {
  return (value) => begin + ((value - from) / (to - from)) * (end - begin);
}

export function logarithmic([from, to], range) {
  const scale = linear([Math.log10(from), Math.log10(to)], range);
  return (value) => scale(Math.log10(value));
}

/** Lines across at each tick, with its words at the left. */
export function acrossAt(ticks, scale, right = WIDTH - MARGIN.right) {
  return ticks.map(([value, words]) => [
    element("line", { class: "grid", x1: MARGIN.left, x2: right, y1: scale(value), y2: scale(value) }),
    text(MARGIN.left - 8, scale(value) + 4, words, { "text-anchor": "end" }),
  ]);
}

/** Small strokes below the ground line at each tick, with its words below. */
export function belowAt(ticks, scale, ground) {
  return ticks.map(([value, words]) => [
    element("line", { class: "axis", x1: scale(value), x2: scale(value), y1: ground, y2: ground + 5 }),
    text(scale(value), ground + 20, words, { "text-anchor": "middle" }),
  ]);
}

/** Heights for labels that want to stand at `wanted` without standing on one another. */
export function apart(wanted, least) {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  const placed = [...wanted];
  for (let pass = 0; pass < 50; pass++) {
    for (let i = 1; i < order.length; i++) {
      const [upper, lower] = [order[i - 1], order[i]];
      const missing = least - (placed[lower] - placed[upper]);
      if (missing > 0) {
        placed[upper] -= missing / 2;
        placed[lower] += missing / 2;
      }
    }
  }
  return placed;
}
