/** The table's figures and its wall. */
import { bytes, count, perRow, time } from "./format.js";
import { draw } from "./wall.js";

const SMALLEST_TILE = 4096;
/** Tiles that a wall has at the most, before its tiles get larger. */
const MOST = 384;
const LEAST = 128;

const $ = (id) => document.getElementById(id);

let last = { size: 0, bytes: 0, memoryBytes: 0, now: Date.now(), ahead: 0 };
let expected = 0;
let weight;

export const current = () => last;

/** How many rows are to come: by that the tiles have their size, so that a wall grows and does not jump. */
export function expect(rows) {
  expected = rows;
}

/** What a Map was found to take; none: nothing is known of these rows. */
export function setWeight(map) {
  weight = map;
  render();
}

export function show(figures) {
  last = figures;
  render();
}

function put(id, value, text) {
  const element = $(id);
  element.value = value;
  if (element.textContent !== text) element.textContent = text;
}

function render() {
  const { size, bytes: held, memoryBytes, now, ahead } = last;
  put("size", size, count(size));
  put("memory", memoryBytes, bytes(memoryBytes));
  put("held", held, bytes(held));
  put("clock", now, time(now));
  $("memory-row").textContent = perRow(memoryBytes, size);
  $("held-row").textContent = perRow(held, size);
  $("ahead").textContent = ahead > 0 ? `${Math.round(ahead / 60_000)} minutes ahead` : "";
  drawWalls(held, memoryBytes);
}

function drawWalls(held, memoryBytes) {
  const largest = Math.max(memoryBytes, weight?.bytes ?? 0);
  const tile = 2 ** Math.ceil(Math.log2(Math.max(expected, largest / MOST, SMALLEST_TILE)));
  const all = Math.ceil(memoryBytes / tile);
  const full = Math.min(all, Math.ceil(held / tile));
  const rest = Math.max(0, Math.max(LEAST, Math.ceil(all / 32) * 32) - all);
  draw($("wall"), [
    ["held", full],
    ["free", all - full],
    ["none", rest],
  ]);
  $("tile").textContent = bytes(tile).replace(".0", "");
  $("wall").ariaLabel = `Linear memory: ${bytes(memoryBytes)}, ${bytes(held)} of it held by rows`;
  $("peer").hidden = weight === undefined;
  if (weight === undefined) return;
  draw($("peer-wall"), [["map", Math.ceil(weight.bytes / tile)]]);
  $("peer-wall").ariaLabel = `A Map with JSON: ${weight.text}`;
  $("peer-sum").textContent = weight.text;
}
