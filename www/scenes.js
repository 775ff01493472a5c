import { drawing } from "./drawings.js";
import { html } from "./html.js";
import { basket, goods, greeting } from "./shop-html.js";

const ROW = /^[\w-]{8}$/;

const speculative = (request) => /prefetch|prerender/.test(request.headers.get("Sec-Purpose") ?? "");

/** What each page does with the session, and what it shows. */
export const scenes = {
  "/"(session, request) {
    const notice = session.get("notice");
    if (request.method === "GET" && !speculative(request)) {
      session.increment("visits");
      session.delete("notice");
    }
    const visits = session.get("visits", 0);
    const cart = session.get("cart", new Map());
    return {
      title: "Tile & Table",
      notice,
      main: html`${greeting({ visits, user: session.get("user"), since: session.get("since") })}
        <div class="wall">${goods()} ${basket(cart)}</div>`,
    };
  },

  "/about"() {
    return {
      title: "How it works · Tile & Table",
      main: html`<article class="prose">
        <h1>How it works</h1>
        <p>
          Nothing here is for sale. The shop is the demo of <strong>ets-session</strong>: sessions for edge workers, kept
          in WebAssembly memory. You are talking to a real <code>workerd</code>, and your session is one row in a table
          inside it.
        </p>
        <h2>Reading costs nothing</h2>
        <p>
          This page looks at your session and changes nothing. So it stores nothing, and sends no cookie: if it is the
          first page you open, the panel shows no row of yours.
        </p>
        <h2>Logging in changes the id</h2>
        <p>
          The form asks for a name and no password, because this is a demo. What it does with the session is what a real
          one must do: a new id, so that nobody who knew the old one comes along. The basket stays.
        </p>
        <h2>Logging out ends the row</h2>
        <p>
          The row is deleted first, the cookie after it. Someone who kept a copy of the cookie holds an id that leads
          nowhere, and it is never taken up again.
        </p>
        <h2>The panel only watches</h2>
        <p>
          It asks once a second, without your cookie, and selecting rows refreshes none of them. Leave the page open and
          you can see your own row run out. It shows the names of fields, never what is in them, and eight characters of
          a hash, never an id.
        </p>
        <p><a href="/">Back to the shop</a></p>
      </article>`,
    };
  },

  "/bye"(_session, _request, url) {
    const row = url.searchParams.get("row") ?? "";
    const was = ROW.test(row) ? row : undefined;
    return {
      title: "Logged out · Tile & Table",
      was,
      main: html`<article class="prose">
        ${drawing("snuffed")}
        <h1>You are logged out</h1>
        <p>
          ${was ? html`Row <code>${was}</code> is deleted from the table` : "There was no row to delete"}, and the cookie
          with it. A copy of that cookie would open nothing now.
        </p>
        <p><a class="button" href="/">Start again</a></p>
      </article>`,
    };
  },

  missing() {
    return {
      status: 404,
      title: "Not here · Tile & Table",
      main: html`<article class="prose">
        <h1>Nothing on this shelf</h1>
        <p>There is no such page. <a href="/">Back to the shop</a></p>
      </article>`,
    };
  },
};
