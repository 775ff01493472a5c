/** memory.grow refused: the built package, its memory's maximum lowered to several sizes, table bounds far above. */
import * as lib from "ets-session";
import { collect, print } from "../runtimes/report.mjs";
import { group, runAll } from "../suite/harness.js";
import { testLastBytes, testTooSmall } from "./last.mjs";
import { limited, PAGE } from "./limited.mjs";
import { testOperations } from "./operations.mjs";
import { testRows } from "./rows.mjs";

/** Pages of 64 KiB. The module begins with 17, and takes 64 KiB at once for keys and records to pass through. */
const TOO_SMALL = 5;
const SIZES = [20, 24, 32, 48, 64, 100];

const named = (pages) => `${((pages * PAGE) / 2 ** 20).toFixed(2)} MiB at the most`;

const small = await limited(TOO_SMALL);
group(named(TOO_SMALL), () => testTooSmall(small));
for (const pages of SIZES) {
  const pack = await limited(pages);
  group(named(pages), () => {
    testRows(pages, pack);
    testOperations(pages, pack);
    testLastBytes(pack);
  });
}

print("memory", await collect(runAll, lib));
