/** What is printed: how far it is, each file's score, and what nothing caught. */
import { FILES } from "./files.mjs";
import { reasonOf } from "./survivors.mjs";

/** What is to be caught at the least, of a hundred. */
const LEAST = 90;
const STEPS = 20;

/** Prints a bar now and then, and says when it does. */
export function progress(count, what) {
  let [shown, caught] = [0, 0];
  return (done, how) => {
    if (how !== undefined) caught++;
    const step = Math.floor((done * STEPS) / count);
    if (step === shown) return false;
    shown = step;
    const bar = "#".repeat(step).padEnd(STEPS, ".");
    console.log(`[${bar}] ${done} of ${count} with ${what}, ${caught} caught`);
    return true;
  };
}

const score = (caught, all) => (all === 0 ? 100 : (caught * 100) / all);

/** Prints it all; whether enough were caught, and there is a reason for all that were not. */
export function summary(results, ignored) {
  console.log("file                 mutants  caught  of these by time or crash  survived    score");
  for (const file of [...FILES, "all"]) {
    const own = file === "all" ? results : results.filter((one) => one.file === file);
    const by = (...how) => own.filter(({ caught }) => how.includes(caught)).length;
    const survived = by(undefined);
    const columns = [own.length, own.length - survived, by("time", "crash"), survived];
    const widths = [9, 8, 27, 10];
    const numbers = columns.map((column, i) => String(column).padStart(widths[i])).join("");
    console.log(`${file.padEnd(19)}${numbers}${score(columns[1], own.length).toFixed(1).padStart(9)}`);
  }
  console.log(`${ignored} mutants of error messages were not made: their texts are no contract.`);
  const survivors = results.filter(({ caught }) => caught === undefined);
  const known = survivors.map((one) => ({ ...one, reason: reasonOf(one) }));
  for (const { file, line, before, after, reason, tests } of known) {
    const where = `pkg/src/${file}:${line}`;
    console.log(
      `${where}: ${cut(before)} => ${cut(after)}\n    ${reason ?? `no reason known (${tests} tests)`}`,
    );
  }
  const unknown = known.filter(({ reason }) => reason === undefined).length;
  const reached = score(results.length - survivors.length, results.length);
  console.log(
    `${results.length - survivors.length} of ${results.length} caught, ${reached.toFixed(1)} of a hundred; ` +
      `${survivors.length - unknown} survivors with a reason, ${unknown} without`,
  );
  return reached >= LEAST && unknown === 0;
}

const cut = (text) => (text.length > 110 ? `${text.slice(0, 70)} … ${text.slice(-35)}` : text || "(nothing)");
