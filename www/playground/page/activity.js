/** What goes on, one thing at a time: the bar below with its progress, its rate and Cancel. */
import { count, seconds } from "./format.js";
import { Frames } from "./frames.js";
import { inWords } from "./words.js";

const $ = (id) => document.getElementById(id);
const frames = new Frames();

let stop;
let work = Promise.resolve();

/** When what goes on has ended. */
export const idle = () => work;

export const busy = () => stop !== undefined;

/** Read out, so only what somebody waits for. */
export function say(text) {
  $("said").textContent = text;
}

/**
 * Does `steps(progress)`, which gives what to say in the end. `cancel` is called when somebody wants an end of it;
 * what is asked for meanwhile is refused.
 */
export function during(beginning, cancel, steps) {
  if (busy()) return say("One thing at a time: cancel this first.");
  stop = cancel;
  work = carryOut(beginning, steps);
}

async function carryOut(beginning, steps) {
  open(beginning);
  const progress = follow();
  try {
    say(await steps(progress));
  } catch (error) {
    if (error.code !== "OVER") say(inWords(error));
  } finally {
    stop = undefined;
    close();
  }
}

function open(beginning) {
  say(beginning);
  document.body.classList.add("busy");
  $("progress").hidden = false;
  $("cancel").hidden = false;
  $("progress").removeAttribute("value");
  $("progress").ariaLabel = beginning;
  frames.begin();
}

function close() {
  document.body.classList.remove("busy");
  // A focus on what disappears would be lost.
  if (document.activeElement === $("cancel")) $("steps").focus({ preventScroll: true });
  $("progress").hidden = true;
  $("cancel").hidden = true;
  $("doing").textContent = "";
  const gap = frames.end();
  if (gap === 0) return;
  $("gap").value = gap;
  $("gap").textContent = seconds(gap);
}

function follow() {
  const begin = performance.now();
  return ({ done, total, unit }) => {
    $("progress").value = total > 0 ? done / total : 0;
    const rate = (done * 1000) / Math.max(1, performance.now() - begin);
    const parts = [`${count(done)} of ${count(total)}`, unit && `${count(rate)} ${unit}`];
    $("doing").textContent = parts.filter(Boolean).join(" · ");
  };
}

export function cancel() {
  if (busy()) stop();
}

$("cancel").addEventListener("click", cancel);
addEventListener("keydown", (event) => {
  if (event.key === "Escape") cancel();
});
