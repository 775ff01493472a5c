import { html } from "./html.js";
import { MAX_STALE } from "./visitors.js";

const times = (count) => (count === 1 ? "once" : `${count} times`);

/** Which tier this page's session came from, and where it went. */
export function whoAnswered({ reads, writes, known, worker }) {
  return html`<section class="tiers" aria-labelledby="tiers">
    <h3 id="tiers">Who answered</h3>
    <dl class="times">
      <div>
        <dt>read from</dt>
        <dd id="read-from">${source(reads, known)}</dd>
      </div>
      <div>
        <dt>written to</dt>
        <dd id="written-to">${writes > 0 ? `the Durable Object, ${times(writes)}` : "nothing was written"}</dd>
      </div>
    </dl>
    <p class="small">
      This is worker <b id="worker">${worker.name}</b>. It answers from its own table what it read less than
      ${MAX_STALE} seconds ago. <a id="other-worker" href="${worker.other}">The other worker</a> has the same session.
    </p>
  </section>`;
}

function source(reads, known) {
  if (reads > 0) return `the Durable Object, ${times(reads)}`;
  return known ? "this worker’s table" : "nowhere: there was no cookie";
}
