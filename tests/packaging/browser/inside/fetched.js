// The shipped module as a file of its own, found as web bundlers find files.
import { instantiate } from "ets-session";
import tests from "../../inside/tests.js";

const url = new URL("ets-session/store.wasm", import.meta.url);

async function onFetched() {
  instantiate(await WebAssembly.compileStreaming(fetch(url)));
  return tests();
}

globalThis.results = onFetched();
