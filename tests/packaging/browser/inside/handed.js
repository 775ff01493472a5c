// Gets the module compiled, and tells whether it could have compiled anything by itself.
import { instantiate } from "ets-session";
import tests from "../../inside/tests.js";

/** The smallest module there is. */
const EMPTY = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

function compiles() {
  try {
    return new WebAssembly.Module(EMPTY) !== undefined;
  } catch {
    return false;
  }
}

async function results(module) {
  try {
    instantiate(module);
    return await tests();
  } catch (error) {
    return [{ name: "instantiate(module)", error: error.stack }];
  }
}

addEventListener("message", async ({ data }) => {
  postMessage({ compiles: compiles(), results: await results(data) });
});

addEventListener("messageerror", () => {
  throw new Error("the module did not arrive");
});
