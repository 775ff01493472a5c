/** What the properties share: assertions, refusals, and a name for each table. */
import { fail, ok } from "../suite/harness.js";

export { deepEqual, equal, fail, ok, show, T0, unique } from "../suite/harness.js";

/** How many single operations were carried out, over all runs. */
export const counted = { operations: 0 };

export function caught(fn) {
  try {
    fn();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** The error of this package with one of these codes that fn throws. */
export function refuses(lib, fn, ...codes) {
  return isRefusal(lib, caught(fn), codes);
}

export function isRefusal(lib, error, codes) {
  if (error === undefined) fail(`nothing was thrown, expected ${codes.join(" or ")}`);
  if (!(error instanceof lib.EtsError)) fail(`threw ${error?.name} (${error?.message}), expected ${codes}`);
  ok(codes.includes(error.code), `threw ${error.code} (${error.message}), expected ${codes.join(" or ")}`);
  return error;
}
