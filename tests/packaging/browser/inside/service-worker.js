import tests from "../../inside/tests.js";

addEventListener("message", (event) => {
  const [port] = event.ports;
  event.waitUntil(tests().then((results) => port.postMessage(results)));
});
