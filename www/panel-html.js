import { ago, texts } from "./assets/format.js";
import { form } from "./forms.js";
import { html } from "./html.js";
import { whoAnswered } from "./tiers-html.js";

/** The panel as it is without a script; assets/app.js fills the same places again with newer figures. */
export function panel(view, wire, token, tiers) {
  const text = texts(view);
  const slot = (name) => html`<span data-text="${name}">${text[name]}</span>`;
  const figure = (name, label) => html`<div><dt>${label}</dt><dd>${slot(name)}</dd></div>`;
  return html`<aside class="panel" aria-labelledby="panel" data-row="${view.mine?.id}">
    <div class="head">
      <h2 id="panel">Table <code>${view.name}</code></h2>
      <button id="live" type="button" hidden aria-pressed="true">Live</button>
      <noscript><span class="small">Reload to refresh</span></noscript>
    </div>

    <div class="rows" role="img" aria-label="${text.tilesLabel}" data-label="tilesLabel">
      ${[...view.tiles].map((tile) => html`<i class="f${tile}"></i>`)}
    </div>
    <p class="small" data-text="tilesNote">${text.tilesNote}</p>

    <div class="budget">
      <svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
        <rect data-width="full" width="${text.full}" height="1" />
      </svg>
      <p><span>${slot("bytes")} of ${slot("maxBytes")}</span> <span class="small">linear memory ${slot("memoryBytes")}</span></p>
    </div>

    <dl class="figures">
      ${figure("rows", "rows")} ${figure("hits", "hits")} ${figure("misses", "misses")}
      ${figure("expired", "expired")} ${figure("evicted", "evicted")}
    </dl>

    ${tiers && whoAnswered(tiers)}

    <section class="mine" aria-labelledby="mine">
      <h3 id="mine">Your row</h3>
      <div data-when="mine" ${view.mine ? "" : "hidden"}>
        <p class="id"><i class="fm" aria-hidden="true"></i><code data-text="id">${text.id}</code></p>
        <dl class="times">
          ${figure("created", "created")} ${figure("touched", "touched")} ${figure("expires", "expires")}
          ${figure("latest", "at latest")}
        </dl>
        <ul role="list" class="fields" data-list="fields" aria-label="Fields">
          ${(view.mine?.fields ?? []).map(field)}
        </ul>
      </div>
      <p data-when="none" ${view.mine ? "hidden" : ""}>
        None now. Nothing is stored for you, so no cookie needs to be sent.
      </p>
    </section>

    ${onTheWire(wire)}

    <section aria-labelledby="others" ${tiers ? "hidden" : ""}>
      <h3 id="others">Other rows</h3>
      <ul role="list" class="others" data-list="others">
        ${view.others.map((other) => otherRow(other, view.now))}
      </ul>
      <p class="small" data-text="othersNote">${text.othersNote}</p>
      ${
        token &&
        form(
          { token, action: "/strangers" },
          html`<button id="strangers" class="button quiet">Let 500 strangers in</button>`,
        )
      }
    </section>

    <p class="small"><a id="inspector" href="/inspector">Inspect this isolate’s memory</a></p>

    <template id="field">${field({ name: "", kind: "" })}</template>
    <template id="other">${otherRow({ id: "", fields: [], touchedAt: 0 }, 0)}</template>
  </aside>`;
}

function field({ name, kind }) {
  return html`<li><b data-part="name">${name}</b> <span data-part="kind">${kind}</span></li>`;
}

function otherRow({ id, fields, touchedAt }, now) {
  return html`<li>
    <code data-part="id">${id}</code> <span data-part="fields">${fields.join(", ")}</span>
    <span data-part="ago">${ago(now - touchedAt)}</span>
  </li>`;
}

function onTheWire({ here, by, last }) {
  return html`<section class="wire" aria-labelledby="wire">
    <h3 id="wire">On the wire</h3>
    <p>
      ${
        here
          ? html`The answer that brought this page set the cookie:`
          : html`The answer that brought this page, <code>${by}</code>, had no Set-Cookie: nothing about the cookie
            changed.${last ? " The last one that did:" : ""}`
      }
    </p>
    ${last && html`<pre id="set-cookie" tabindex="0" aria-label="Set-Cookie header"><b>Set-Cookie:</b> ${last.line}</pre>`}
    ${last && html`<p class="small">In answer to <code>${last.by}</code>. The value is blanked out.</p>`}
  </section>`;
}
