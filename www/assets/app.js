import { ago, texts } from "./format.js";

const EVERY = 1000;
const panel = document.querySelector(".panel");
const clock = (ms) => new Date(ms).toLocaleTimeString("en-GB");

/* The panel, live. */

const all = (selector) => panel.querySelectorAll(selector);
const template = (id) => document.getElementById(id).content.firstElementChild;

function fill(list, of, items, values) {
  while (list.children.length > items.length) list.lastElementChild.remove();
  while (list.children.length < items.length) list.append(template(of).cloneNode(true));
  items.forEach((item, index) => {
    const parts = values(item);
    for (const part of list.children[index].querySelectorAll("[data-part]"))
      write(part, parts[part.dataset.part]);
  });
}

// Only what differs is written: a selection in the panel survives, and so does a reader's place in it.
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function showTiles(wall, tiles) {
  while (wall.children.length > tiles.length) wall.lastElementChild.remove();
  for (let index = 0; index < tiles.length; index++) {
    const tile = wall.children[index] ?? wall.appendChild(document.createElement("i"));
    const name = `f${tiles[index]}`;
    if (tile.className !== name) tile.className = name;
  }
}

function show(view) {
  const text = texts(view, clock);
  for (const slot of all("[data-text]")) write(slot, text[slot.dataset.text]);
  for (const bar of all("[data-width]")) bar.setAttribute("width", text[bar.dataset.width]);
  for (const named of all("[data-label]")) named.setAttribute("aria-label", text[named.dataset.label]);
  for (const part of all("[data-when]")) part.hidden = (part.dataset.when === "mine") !== Boolean(view.mine);
  showTiles(panel.querySelector(".rows"), view.tiles);
  fill(panel.querySelector("[data-list=fields]"), "field", view.mine?.fields ?? [], (field) => field);
  fill(panel.querySelector("[data-list=others]"), "other", view.others, ({ id, fields, touchedAt }) => ({
    id,
    fields: fields.join(", "),
    ago: ago(view.now - touchedAt),
  }));
}

const live = document.getElementById("live");
let running = true;
let timer;

async function look() {
  clearTimeout(timer);
  try {
    // Without the cookie: watching a session must not keep it alive.
    const answer = await fetch(`/panel.json?row=${panel.dataset.row}`, { credentials: "omit" });
    const view = await answer.json();
    if (!running) return;
    show(view);
    panel.classList.remove("stale");
  } catch {
    panel.classList.add("stale");
  }
  clearTimeout(timer);
  if (running && !document.hidden) timer = setTimeout(look, EVERY);
}

function setRunning(on) {
  running = on;
  live.setAttribute("aria-pressed", String(on));
  if (on) look();
  else clearTimeout(timer);
}

live.hidden = false;
live.addEventListener("click", () => setRunning(!running));
document.addEventListener("visibilitychange", () => running && !document.hidden && look());
look();

/* Forms reload the page: come back to the same place, with the same button in focus. Or near it, where it is gone. */

const PLACE = "place";

document.addEventListener("submit", ({ submitter }) => {
  const focus = submitter?.matches(":focus-visible") ? submitter.id : "";
  sessionStorage.setItem(PLACE, JSON.stringify({ page: scrollY, panel: panel.scrollTop, focus }));
});

const place = JSON.parse(sessionStorage.getItem(PLACE) ?? "null");
sessionStorage.removeItem(PLACE);
if (place !== null) {
  const near = place.focus === "" ? undefined : document.getElementById("main");
  (document.getElementById(place.focus) ?? near)?.focus({ preventScroll: true });
  scrollTo({ top: place.page, behavior: "instant" });
  panel.scrollTop = place.panel;
}

/* A status that is there from the start is not read out: say it again. */

const notice = document.getElementById("notice");
const said = notice.textContent;
if (said.trim() !== "") {
  notice.textContent = "";
  requestAnimationFrame(() => {
    notice.textContent = said;
  });
}

for (const time of document.querySelectorAll("[data-clock]")) {
  time.textContent = new Date(time.dateTime).toLocaleTimeString("en-GB", { timeStyle: "short" });
}
