/** All tables of the isolate: their figures now, and over the time that the page is open. */
import type { TableInfo } from "../../types.js";
import type { Look } from "../wire.js";
import { colour, lines, map, SAMPLES } from "./charts.js";
import { h } from "./dom.js";
import { bytes, count, nameOf, rate } from "./format.js";

type Counter = "hits" | "misses" | "inserted" | "deleted" | "expired" | "evicted" | "refused";

interface Sample {
  at: number;
  info: TableInfo;
}

const CHARTS: Array<[title: string, counters: Counter[]]> = [
  ["Reads a second", ["hits", "misses"]],
  ["Writes a second", ["inserted", "deleted"]],
  ["Expired a second", ["expired"]],
  ["Evicted or refused a second", ["evicted", "refused"]],
];

export class History {
  #isolate = "";
  #samples = new Map<string, Sample[]>();

  /** False where another isolate answered than before: its figures have nothing to do with these. */
  add({ now, isolate, tables }: Look): boolean {
    const same = this.#isolate === isolate || this.#isolate === "";
    if (!same) this.#samples.clear();
    this.#isolate = isolate;
    for (const info of tables) {
      const samples = this.#samples.get(info.name) ?? [];
      samples.push({ at: now, info });
      if (samples.length > SAMPLES + 1) samples.shift();
      this.#samples.set(info.name, samples);
    }
    return same;
  }

  /** How fast a counter grew between looks. */
  rates(table: string, counter: Counter): number[] {
    const samples = this.#samples.get(table) ?? [];
    return samples.slice(1).map(({ at, info }, index) => {
      const before = samples[index] as Sample;
      return Math.max(0, (1000 * (info[counter] - before.info[counter])) / Math.max(1, at - before.at));
    });
  }
}

export function memory({ memoryBytes, tables }: Look): Node[] {
  const legend = tables.map(({ name, bytes: taken }, index) =>
    h(
      "li",
      {},
      h("i", { class: `${colour(index)} swatch` }),
      `${nameOf(name)} `,
      h("span", {}, bytes(taken)),
    ),
  );
  const used = tables.reduce((sum, { bytes: taken }) => sum + taken, 0);
  legend.push(
    h(
      "li",
      {},
      h("i", { class: "unused swatch" }),
      "unused ",
      h("span", {}, bytes(Math.max(0, memoryBytes - used))),
    ),
  );
  return [map(memoryBytes, tables), h("ul", { class: "legend" }, ...legend)];
}

/** One line for each table; `choose` is called with the name of the one that is wanted. */
export function list(tables: TableInfo[], chosen: string, choose: (name: string) => void): HTMLElement {
  const head = [
    "Table",
    "Rows",
    "Bytes",
    "Limit",
    "A row",
    "Hits",
    "Misses",
    "Expired",
    "Evicted",
    "Refused",
  ];
  return h(
    "table",
    {},
    h("thead", {}, h("tr", {}, ...head.map((text) => h("th", { scope: "col" }, text)))),
    h(
      "tbody",
      {},
      ...tables.map((info, index) => {
        const current = info.name === chosen;
        const button = h(
          "button",
          {
            type: "button",
            "aria-pressed": String(current),
            id: `table-${index}`,
            onclick: () => choose(info.name),
          },
          h("i", { class: `${colour(index)} swatch` }),
          nameOf(info.name),
        );
        return h(
          "tr",
          { class: current ? "current" : undefined },
          h("th", { scope: "row" }, button),
          h("td", {}, count(info.size)),
          h("td", {}, bytes(info.bytes), meter(info)),
          h("td", {}, bytes(info.maxBytes)),
          h("td", {}, info.size === 0 ? "–" : bytes(info.bytes / info.size)),
          ...(["hits", "misses", "expired", "evicted", "refused"] as const).map((name) =>
            h("td", {}, count(info[name])),
          ),
        );
      }),
    ),
  );
}

function meter({ bytes: taken, maxBytes }: TableInfo): HTMLElement {
  const of = Math.round((100 * taken) / maxBytes);
  return h("meter", {
    min: 0,
    max: maxBytes,
    value: taken,
    high: maxBytes * 0.9,
    "aria-label": `${of} % of its limit`,
  });
}

export function charts(history: History, table: string): HTMLElement[] {
  return CHARTS.map(([title, counters]) => {
    const series = counters.map((counter) => history.rates(table, counter));
    const most = Math.max(1, ...series.flat());
    const last = series.map((rates) => rates.at(-1) ?? 0);
    const said = counters.map((counter, at) => `${counter} ${rate(last[at] as number)}`).join(", ");
    return h(
      "figure",
      {},
      h("figcaption", {}, title, h("span", { class: "scale" }, `to ${rate(most)}`)),
      lines(series, most, `${title}: ${said} just now, ${rate(most)} at most`),
      h(
        "p",
        { class: "keys" },
        ...counters.map((counter, at) =>
          h("span", { class: `k${at}` }, `${counter} `, h("b", {}, rate(last[at] as number))),
        ),
      ),
    );
  });
}
