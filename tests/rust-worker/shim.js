// What workers-rs' own build tool puts around a Worker, for one that answers requests and no other events.
import { WorkerEntrypoint } from "cloudflare:workers";
import { fetch } from "./index.js";

export default class extends WorkerEntrypoint {
  fetch(request) {
    return fetch(request, this.env, this.ctx);
  }
}
