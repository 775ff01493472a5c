// Compiles what is shipped beside the package and hands it to a worker.
import url from "ets-session/store.wasm";

async function inWorker() {
  const module = await WebAssembly.compileStreaming(fetch(url));
  const worker = new Worker(new URL("./handed.js", import.meta.url), { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => reject(new Error(`the worker: ${event.message}`));
    worker.postMessage(module);
  });
}

globalThis.results = inWorker();
