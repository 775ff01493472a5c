/** ets-session/sveltekit under SvelteKit 3, which asks for a newer Node than the rest of these tests. */
import { inside } from "./elsewhere.mjs";

inside("node24", "sveltekit");
