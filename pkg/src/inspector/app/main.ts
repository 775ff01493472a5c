/** The inspector's page. */
import type { Look } from "../wire.js";
import { ask, Refused } from "./ask.js";
import { h, write } from "./dom.js";
import { bytes, clock, count, nameOf } from "./format.js";
import { Rows } from "./rows.js";
import { subject } from "./subject.js";
import { charts, History, list, memory } from "./tables.js";

const EVERY = 2000;

const history = new History();
const rows = new Rows(failed);
let chosen: string | undefined;
let running = true;
let timer = 0;

const state = h("p", { class: "note", id: "state", role: "status" });
const live = h("button", { type: "button", id: "live", "aria-pressed": "true", onclick: pause }, "Live");
const figures = h("p", { class: "figures" });
const occupancy = h("div");
const tables = h("div", { class: "wide" });
const title = h("h2", { id: "chosen" });
const over = h("div", { class: "charts" });

document
  .getElementById("app")
  ?.append(
    h("header", {}, h("div", {}, h("h1", {}, "Sessions"), state), live),
    h(
      "main",
      {},
      h(
        "section",
        { "aria-labelledby": "memory" },
        h("h2", { id: "memory" }, "Linear memory"),
        figures,
        occupancy,
      ),
      h("section", { "aria-labelledby": "tables" }, h("h2", { id: "tables" }, "Tables"), tables),
      h("section", { "aria-labelledby": "chosen" }, title, over, rows.element),
      subject(),
    ),
  );

function show(look: Look): void {
  const same = history.add(look);
  const known = look.tables.find(({ name }) => name === (chosen ?? look.own)) ?? look.tables[0];
  const changed = known?.name !== chosen;
  chosen = known?.name;
  write(
    state,
    `${same ? "" : "Another isolate answered: the figures begin anew. "}Isolate ${look.isolate} at ${clock(look.now)}`,
  );
  const all = look.tables.reduce((sum, { size }) => sum + size, 0);
  write(
    figures,
    `${bytes(look.memoryBytes)} for ${count(all)} ${all === 1 ? "row" : "rows"} in ${count(look.tables.length)} ${look.tables.length === 1 ? "table" : "tables"}`,
  );
  occupancy.replaceChildren(...memory(look));
  const focused = document.activeElement?.id;
  tables.replaceChildren(list(look.tables, chosen ?? "", choose));
  if (focused?.startsWith("table-")) document.getElementById(focused)?.focus();
  if (known === undefined) return;
  write(title, `Table ${nameOf(known.name)}`);
  over.replaceChildren(...charts(history, known.name));
  if (changed) void rows.show(known.name);
}

function choose(name: string): void {
  chosen = name;
  void rows.show(name);
  void update();
}

function failed(error: unknown): void {
  document.body.classList.add("stale");
  write(state, error instanceof Refused ? `Refused: ${error.message}` : "No answer; asking again.");
}

async function update(): Promise<void> {
  clearTimeout(timer);
  try {
    show(await ask<Look>("tables"));
    document.body.classList.remove("stale");
  } catch (error) {
    failed(error);
  }
  clearTimeout(timer);
  if (running && !document.hidden) timer = setTimeout(update, EVERY);
}

function pause(): void {
  running = !running;
  live.setAttribute("aria-pressed", String(running));
  write(live, running ? "Live" : "Paused");
  if (running) void update();
  else clearTimeout(timer);
}

document.addEventListener("visibilitychange", () => running && !document.hidden && void update());
void update();
