async function inServiceWorker() {
  await navigator.serviceWorker.register("./service-worker.js", { type: "module" });
  const { active } = await navigator.serviceWorker.ready;
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
  });
  active.postMessage("run", [port2]);
  return answer;
}

globalThis.results = inServiceWorker();
