import { ago } from "./assets/format.js";
import { clock } from "./clock.js";
import { form } from "./forms.js";
import { html } from "./html.js";
import { short } from "./visitors.js";

/** In the header of every page. A page without a token has no forms, but for the way to one that has. */
export function accountBar({ user, token, here }) {
  const current = here && html`aria-current="page"`;
  if (user === undefined)
    return html`<a class="button quiet" id="account" href="/account" ${current}>Sign in</a>`;
  return html`<div class="account">
    <a class="who" href="/account" ${current}>
      <span class="unseen">Signed in as </span><b id="user">${user}</b>
    </a>
    ${
      token &&
      form({ token, action: "/logout" }, html`<button id="logout" class="button quiet">Sign out</button>`)
    }
  </div>`;
}

export function signIn(token) {
  return html`<article class="prose">
    <h1>Sign in</h1>
    <p>
      A name is enough. This is a demo, so there is no password: whoever signs in under the same name, in another
      browser, is the same person here.
    </p>
    ${form(
      { token, action: "/login", look: "sign-in" },
      html`<label for="name">Your name</label>
        <input id="name" name="name" required maxlength="40" autocomplete="nickname" />
        <button id="login" class="button">Sign in</button>`,
    )}
    <p class="small">Your basket comes with you. Your session gets a new id, and the old one is dead at once.</p>
  </article>`;
}

/** `listed` as list() gives it, `id` that of the session that asks. */
export function whereSignedIn({ user, listed, id, token, now }) {
  const here = listed.filter((each) => each.id === id);
  const others = listed.filter((each) => each.id !== id).sort((a, b) => b.touchedAt - a.touchedAt);
  return html`<article class="prose">
    <h1>Where you are signed in</h1>
    <p>
      ${
        others.length === 0
          ? html`As <strong>${user}</strong>, in this browser alone. Sign in under the same name in another one, a private
              window say, and it is listed here too.`
          : html`As <strong>${user}</strong>, in ${listed.length} browsers. Each is a row of its own in the table, and
              they share nothing but the name: this basket stays in this browser.`
      }
    </p>
    <ul role="list" class="places">
      ${here.map((each) => place(each, { token, now, own: true }))} ${others.map((each) => place(each, { token, now }))}
    </ul>
    <div class="ends">
      ${
        others.length > 0 &&
        form(
          { token, action: "/logout/others" },
          html`<button id="others-out" class="button quiet">
            ${others.length === 1 ? "Sign out the other" : `Sign out the other ${others.length}`}
          </button>`,
        )
      }
      ${form(
        { token, action: "/logout/everywhere" },
        html`<button id="everywhere" class="button">Sign out everywhere</button>`,
      )}
    </div>
  </article>`;
}

function place({ id, touchedAt, meta }, { token, now, own = false }) {
  const row = short(id);
  return html`<li class="${own ? "here" : ""}">
    <div>
      <h2>${meta.browser}${own && html` <span class="badge">This browser</span>`}</h2>
      <p class="small">
        Signed in at ${clock(meta.since)}${own ? "" : `, last seen ${ago(now - touchedAt)}`} · row <code>${row}</code>
      </p>
    </div>
    ${form(
      { token, action: own ? "/logout" : "/logout/one" },
      html`<input type="hidden" name="id" value="${id}" />
        <button id="end-${row}" class="button quiet" aria-label="End this session: ${meta.browser}, row ${row}">
          End
        </button>`,
    )}
  </li>`;
}
