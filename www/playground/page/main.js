/** The page: its buttons, and what they do. */
import { busy, cancel, during, idle, say } from "./activity.js";
import { compare, prepare } from "./compare.js";
import { Engine } from "./engine.js";
import { current, expect, setWeight, show } from "./figures.js";
import { count, rate, ratio, seconds } from "./format.js";
import { load, save } from "./snapshot.js";
import { rows } from "./tables.js";
import { inWords } from "./words.js";

const MOVED = 31 * 60_000;

const $ = (id) => document.getElementById(id);
const engine = new Engine(show);
const stop = () => engine.cancel();

/** What was found out of other rows than these. */
function outdated() {
  setWeight(undefined);
  rows("weights", []);
  rows("rates", []);
  for (const id of ["weighed", "filled", "expired", "snapshot"]) $(id).textContent = "";
}

function fill() {
  const wanted = Number(document.querySelector("[name=rows]:checked").value);
  return during(`Filling ${count(wanted)} sessions.`, stop, async (progress) => {
    outdated();
    expect(wanted);
    const begin = performance.now();
    const { done, spent, cancelled } = await engine.ask(
      "fill",
      { rows: wanted },
      { progress: (p) => progress({ ...p, unit: "a second" }) },
    );
    const took = performance.now() - begin;
    $("filled").textContent = `${count((done * 1000) / spent)} inserts a second, ${seconds(spent)} in all; \
${seconds(took)} with the making of the rows.`;
    return cancelled
      ? `Cancelled. ${count(done)} sessions are in the table.`
      : `${count(done)} sessions in ${seconds(took)}.`;
  });
}

const race = () =>
  during("Taking turns.", stop, async (progress) => {
    rows("rates", []);
    const { operations, cancelled } = await engine.ask("race", {}, { progress });
    if (cancelled) return "Cancelled.";
    rows(
      "rates",
      operations.map(({ name, ours, theirs }) => [
        name,
        rate(1e9 / ours),
        rate(1e9 / theirs),
        ratio(theirs / ours),
      ]),
    );
    return "Both took their turns: the rates are there.";
  });

const expire = () =>
  during("The clock is 31 minutes on. Sweeping.", stop, async (progress) => {
    outdated();
    const begin = performance.now();
    const { total, left, longest, cancelled } = await engine.ask("expire", { ms: MOVED }, { progress });
    if (cancelled) return `Cancelled. ${count(left)} sessions are over, and not swept away yet.`;
    const took = performance.now() - begin;
    $("expired").textContent = `Swept in ${seconds(took)}; the longest sweep, of 1,000 sessions, took \
${longest.toFixed(1)} ms.`;
    return `${count(total - left)} sessions expired, ${count(left)} are left.`;
  });

async function over() {
  cancel();
  engine.start();
  await idle();
  outdated();
  expect(0);
  await begin();
  say("A new worker with an empty table, and its clock set right.");
}

async function begin() {
  prepare();
  await engine.ask("figures").catch((error) => error.code === "OVER" || say(inWords(error)));
}

const needsRows = (work) => () =>
  current().size > 0 || busy() ? work() : say("There are no sessions yet: fill the table first.");

$("fill").addEventListener("click", fill);
$("over").addEventListener("click", over);
$("compare").addEventListener(
  "click",
  needsRows(() => compare(engine)),
);
$("race").addEventListener("click", needsRows(race));
$("expire").addEventListener("click", needsRows(expire));
$("save").addEventListener(
  "click",
  needsRows(() => save(engine)),
);
$("file").addEventListener("change", ({ target }) => {
  const [file] = target.files;
  if (!file) return;
  load(engine, file, outdated);
  // The same file may be chosen again.
  target.value = "";
});
begin();
