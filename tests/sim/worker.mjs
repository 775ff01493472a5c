/** A part of the seeds, in a thread of its own. */
import { parentPort, workerData } from "node:worker_threads";
import { packages } from "./packages.mjs";
import { survey } from "./survey.mjs";

const result = await survey(await packages(3), {
  ...workerData,
  tell: (...told) => parentPort.postMessage({ told }),
});
parentPort.postMessage({ result });
