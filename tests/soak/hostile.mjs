/**
 * Hostile cookies, as many as wrk can send, while somebody uses their session: nothing is made of them, and the
 * session goes on. Against the demo, and against a worker that signs its ids; a name picks one of them.
 * `--seconds N` each, 20 if nothing is said; `--at-least N` cookies a second, or it has failed; `--each N` cookies in
 * every request, to see what they cost.
 */
import { parseArgs } from "node:util";
import { undisturbed } from "../load/undisturbed.mjs";
import { flood } from "./flood.mjs";
import { demo } from "./hostile-demo.mjs";
import { signed } from "./hostile-signed.mjs";

const TARGETS = { demo, signed };

const { values, positionals } = parseArgs({
  options: {
    seconds: { type: "string", default: "20" },
    "at-least": { type: "string", default: "0" },
    each: { type: "string", default: "0" },
  },
  allowPositionals: true,
});

function number(name, least) {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= least) return value;
  throw new Error(`--${name} takes a whole number from ${least}`);
}

const seconds = number("seconds", 1);
const atLeast = number("at-least", 0);
const each = number("each", 0);
const unknown = positionals.find((name) => !Object.hasOwn(TARGETS, name));
if (unknown !== undefined)
  throw new Error(`there is no ${unknown}, but ${Object.keys(TARGETS).join(" and ")}`);
const chosen = Object.entries(TARGETS).filter(
  ([name]) => positionals.length === 0 || positionals.includes(name),
);

const count = (value) => Math.round(value).toLocaleString("en");

async function stand(target) {
  const { url, path, genuine, act } = target;
  const waits = [];
  let failed = 0;
  let flooding = true;
  const storm = flood({ url, path, genuine, seconds, each }).finally(() => {
    flooding = false;
  });
  while (flooding) {
    const began = performance.now();
    if (!(await act())) failed += 1;
    waits.push(performance.now() - began);
  }
  const found = await storm;
  waits.sort((a, b) => a - b);
  const perRequest = (found.cookies / found.sent).toFixed(0);
  return [
    [
      found.cookiesPerSecond >= atLeast,
      `${count(found.cookiesPerSecond)} hostile cookies a second, in ${count(found.requestsPerSecond)} requests a second of ${perRequest} each${atLeast > 0 ? `; ${count(atLeast)} were asked for` : ""}`,
    ],
    [found.answered, `${count(found.cookies)} cookies in ${count(found.sent)} requests, each answered`],
    [found.met === 0, "no answer shows a session or gives one"],
    [
      waits.length > 3 && failed === 0,
      `${waits.length} rounds of one visitor meanwhile, all in the session; median ${waits[waits.length >> 1].toFixed(1)} ms`,
    ],
    ...(await target.results(waits.length)),
  ];
}

async function withstood(start) {
  const target = await start();
  try {
    return await stand(target);
  } finally {
    await target.stop();
  }
}

let passed = 0;
let failed = 0;
for (const [name, start] of chosen) {
  for (const [ok, text] of await undisturbed(() => withstood(start))) {
    console.log(`${ok ? "ok  " : "FAIL"} ${name}: ${text}`);
    if (ok) passed += 1;
    else failed += 1;
  }
}
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
