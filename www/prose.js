import { drawing } from "./drawings.js";
import { html } from "./html.js";

export function howItWorks(durable) {
  return html`<article class="prose">
    <h1>How it works</h1>
    <p>
      Nothing here is for sale. The shop is the demo of <strong>ets-session</strong>: sessions for edge workers, kept in
      WebAssembly memory. You are talking to a real <code>workerd</code>, and your session is one row in
      ${durable ? html`the SQLite of a Durable Object, with a table before it in each of two workers` : "a table inside it"}.
    </p>
    <h2>Reading costs nothing</h2>
    <p>
      This page looks at your session and changes nothing. So it stores nothing, and sends no cookie: if it is the first
      page you open, the panel shows no row of yours.
    </p>
    <h2>Signing in changes the id</h2>
    <p>
      The form asks for a name and no password, because this is a demo. What it does with the session is what a real one
      must do: a new id, so that nobody who knew the old one comes along. The basket stays.
    </p>
    <h2>Signing out ends the row</h2>
    <p>
      The row is deleted first, the cookie after it. Someone who kept a copy of the cookie holds an id that leads
      nowhere, and it is never taken up again.
    </p>
    <h2>Signing out ends the other browsers’ rows too</h2>
    <p>
      Rows know their user. Sign in under one name in two browsers: <a href="/account">your account</a> lists both, and
      either can end the other, or all. The other one is signed out with its next request, even with one that is under
      way.
    </p>
    <h2>Every form is yours</h2>
    <p>
      Each carries a token of the session that its page was made for. A form that another site had you send has none,
      and one from before you signed in is out of date.
    </p>
    <h2>The panel only watches</h2>
    <p>
      It asks once a second, without your cookie, and selecting rows refreshes none of them. Leave the page open and you
      can see your own row run out. It shows the names of fields, in brackets those that the package keeps for itself,
      never what is in them, and eight characters of a hash, never an id.
    </p>
    <p><a href="/">Back to the shop</a></p>
  </article>`;
}

export function bye({ was, rows }) {
  const ended = was ? html`Row <code>${was}</code> is deleted from the table` : "There was no row to delete";
  const all = rows === 2 ? "Both rows of your name are" : `All ${rows} rows of your name are`;
  return html`<article class="prose">
    ${drawing("snuffed")}
    <h1>${rows > 1 ? "You are signed out everywhere" : "You are signed out"}</h1>
    <p>
      ${
        rows > 1
          ? html`${all} deleted from the table, the one of this browser${was && html`, <code>${was}</code>,`} among them.
              The other ${rows === 2 ? "browser learns" : "browsers learn"} it with the next click.`
          : html`${ended}, and the cookie with it. A copy of that cookie would open nothing now.`
      }
    </p>
    <p><a class="button" href="/">Start again</a></p>
  </article>`;
}

export function missing() {
  return html`<article class="prose">
    <h1>Nothing on this shelf</h1>
    <p>There is no such page. <a href="/">Back to the shop</a></p>
  </article>`;
}

export function stale() {
  return html`<article class="prose">
    <h1>This form is out of date</h1>
    <p>
      It belongs to another session than you have now: you signed in or out in another window, or were signed out from
      another browser. Nothing was done. <a href="/">Back to the shop</a>
    </p>
  </article>`;
}
