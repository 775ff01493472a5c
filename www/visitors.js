import { sessions } from "ets-session";

/** Seconds. Short enough that the panel's deadlines are seen to move, and to pass. */
export const IDLE = 30 * 60;
export const ABSOLUTE = 4 * 60 * 60;

/** Small on purpose: a few rounds of strangers fill it, and eviction can be watched. */
const MAX_BYTES = "256KiB";

export const visitors = sessions({
  table: "visitors",
  idle: IDLE,
  absolute: ABSOLUTE,
  limits: { maxBytes: MAX_BYTES },
});

/** A session's id is a public hash already; eight characters of it are enough to tell rows apart. */
export const short = (id) => id?.slice(0, 8);
