/** Memory as a wall of tiles, one drawing for each kind of tile. */

const COLUMNS = 32;
const SIDE = 0.84;
const SVG = "http://www.w3.org/2000/svg";

/** Draws so many tiles of each kind, one kind after the other: `[["held", 12], ["free", 3]]`. */
export function draw(svg, kinds) {
  const sum = kinds.reduce((all, [, tiles]) => all + tiles, 0);
  svg.setAttribute("viewBox", `0 0 ${COLUMNS} ${Math.max(1, Math.ceil(sum / COLUMNS))}`);
  let begin = 0;
  kinds.forEach(([kind, tiles], index) => {
    const path = svg.children[index] ?? svg.appendChild(document.createElementNS(SVG, "path"));
    path.setAttribute("class", kind);
    path.setAttribute("d", outline(begin, begin + tiles));
    begin += tiles;
  });
}

function outline(from, to) {
  let d = "";
  for (let tile = from; tile < to; tile++) {
    d += `M${(tile % COLUMNS) + (1 - SIDE) / 2} ${Math.floor(tile / COLUMNS) + (1 - SIDE) / 2}h${SIDE}v${SIDE}h-${SIDE}z`;
  }
  return d;
}
