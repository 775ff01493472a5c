/** The table, the facts, and what is met, as text. */
import { count, ratio, UNITS } from "./units.mjs";

const COLUMNS = ["what", "rows", "ours", "peer", "", "ratio", "goal", "met?", "least", "ours of it"];
const RIGHT = new Set([1, 2, 3, 5, 8, 9]);

export function reported({ machine, mode, rows, facts }) {
  const { cpu, cores, node, date } = machine;
  const out = [`ets-session, ${mode} run: ${cpu}, ${cores} cores, Node ${node}, ${date}`, ""];
  out.push(...table([COLUMNS, ...rows.map(cells)]), "");
  out.push(
    "Ratios are the peer's over ours. Times are medians of rounds that take turns; ids are fresh strings, as",
    "requests bring them. A goal is met where it is met at every size. The least is what any table of bytes takes for",
    "it: reading the key, the clock, a place in an index and one in as many bytes, and making or writing the values",
    "there (tests/bench/stores/floor.mjs).",
    "",
  );
  for (const { title, lines } of facts) out.push(title, ...lines.map((line) => `  ${line}`), "");
  out.push(verdict(rows));
  return `${out.join("\n")}\n`;
}

function cells({ what, rows, ours, peer, peerName, unit, ratio: by, goal, met, least }) {
  const say = UNITS[unit];
  return [
    what,
    rows === undefined ? "" : count(rows),
    say(ours),
    peer === undefined ? "" : say(peer),
    peerName ?? "",
    by === undefined ? "" : ratio(by),
    goal ?? "",
    met === undefined ? "" : met === true ? "yes" : met === false ? "NO" : met,
    ...(least === undefined ? ["", ""] : [say(least), ratio(ours / least)]),
  ];
}

function table(lines) {
  const widths = COLUMNS.map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  const shown = lines.map((line) =>
    line
      .map((cell, i) => (RIGHT.has(i) ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join("  ")
      .trimEnd(),
  );
  return [shown[0], "─".repeat(Math.max(...shown.map((line) => line.length))), ...shown.slice(1)];
}

function verdict(rows) {
  const met = new Map();
  for (const row of rows) if (row.key) met.set(row.key, row.met && (met.get(row.key) ?? true));
  const missed = [...met].filter(([, yes]) => !yes).map(([key]) => key);
  const names = missed.length === 0 ? "" : `; missed: ${missed.join("; ")}`;
  return `${met.size - missed.length} of ${met.size} goals met${names}`;
}
