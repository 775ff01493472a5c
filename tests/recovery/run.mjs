/** What comes after a trap: on a build of the module that can be made to trap at named points (src/fault.rs). */
import { readFileSync } from "node:fs";
import { collect, print } from "../runtimes/report.mjs";
import { variant } from "../runtimes/variant.mjs";
import { runAll } from "../suite/harness.js";
import { testInstantiate } from "./instantiate.mjs";
import { testModule } from "./module.mjs";
import { testReplaced } from "./replaced.mjs";
import { testSessions } from "./sessions.mjs";
import { testThousands } from "./thousands.mjs";

const root = new URL("../../", import.meta.url);
const [shipped, faulty] = ["pkg/dist/wasm/store.wasm", "target/faults/store.wasm"].map((file) =>
  readFileSync(new URL(file, root)),
);

/** Lets a test see the instances that are made, and have none made. */
const WATCHED = `
const Native = WebAssembly.Instance;
export const watched = { made: 0, last: undefined, refuse: false };
WebAssembly.Instance = class extends Native {
  constructor(...given) {
    if (watched.refuse) throw new RangeError("no memory for an instance");
    super(...given);
    watched.made++;
    watched.last = this;
  }
};
`;

const load = variant("faults", faulty, WATCHED);
const pack = {
  ...(await load("index.js")),
  table: await load("table.js"),
  ...(await load("wasm/inline.js")),
};

/** The package anew, without an instance. */
let copies = 0;
async function fresh() {
  const load = variant(`fresh-${++copies}`, shipped);
  return { ...(await load("index.js")), table: await load("table.js"), ...(await load("wasm/inline.js")) };
}

const notes = [];
testInstantiate(fresh, shipped);
testModule(shipped);
testReplaced(pack);
testSessions(pack);
testThousands(pack, notes);
const results = await collect(runAll, {});
for (const note of notes) console.log(note);
print("recovery", results);
