/** The points at which the module can be made to stop, by their numbers in src/fault.rs, and what comes to each. */
import { equal, ok } from "../suite/harness.js";

export const CALL = 1;

export const T0 = 1_700_000_000_000;
let made = 0;
export const unique = () => `recovery-${++made}`;

/** Operations on a table of rows "k1" to "k9", each with the point that it comes to. */
export const POINTS = {
  "at the beginning of a call": [CALL, (t) => t.lookup("k1")],
  "behind the reservation": [2, (t) => t.insert("new", { n: 1 })],
  "in the middle of an insert": [3, (t) => t.insert("new", { n: 1 })],
  "in the middle of a merge": [4, (t) => t.update("k1", { more: "x".repeat(500) })],
  "behind an eviction": [5, (t) => fill(t)],
  "in a snapshot": [CALL, (t) => t.snapshot()],
  "in a selection": [CALL, (t) => t.select({ where: { n: 1 } })],
  "at a counter": [CALL, (t) => t.updateCounter("k1", "n")],
  "at the size": [CALL, (t) => t.size],
};

function fill(t) {
  for (let i = 0; i < 1e5; i++) t.insert(`more-${i}`, { text: "x".repeat(200) });
}

export function arm({ watched }, point) {
  watched.last.exports.fault(point);
}

/** The error that a call is refused with, of the package's class and with this code. */
export function refused(pack, code, call) {
  try {
    call();
  } catch (error) {
    ok(error instanceof pack.EtsError, `${error?.name} is thrown, not an EtsError`);
    equal(error.code, code);
    return error;
  }
  throw new Error(`nothing is thrown, ${code} was expected`);
}
