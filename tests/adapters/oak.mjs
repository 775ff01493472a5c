/** ets-session/oak under Oak, in Deno. */
import { inside } from "./elsewhere.mjs";

inside("deno", "oak");
