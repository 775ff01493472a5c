import { fail } from "../suite/harness.js";

/** Fails with all that was found, if anything was. */
export function none(found) {
  if (found.length > 0) fail(`${found.length} found\n${found.join("\n")}`);
}
