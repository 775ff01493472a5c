import type { Bench } from "./bench.js";

/** What a test takes for granted. */
export type Need = "atomic" | "strong" | "subjects" | "tooLarge" | "corrupt";

export interface Case {
  readonly name: string;
  readonly needs?: readonly Need[];
  run(at: Bench): Promise<void>;
}
