import { createInterface } from "node:readline";

// workerd reports, with its stack, each page that is closed while its panel waits for an answer. That is no error here.
const LEFT = / disconnected: /;
const STACK = /^stack: /;

/** Passes on what workerd writes, but for the reports of visitors who left. */
export function passOn(stdout, stderr) {
  stdout.pipe(process.stdout, { end: false });
  let left = false;
  createInterface({ input: stderr }).on("line", (line) => {
    left = LEFT.test(line) || (left && STACK.test(line));
    if (!left) console.error(line);
  });
}
