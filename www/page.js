import { accountBar } from "./account-html.js";
import { mark } from "./drawings.js";
import { html } from "./html.js";
import { panel } from "./panel-html.js";

/** The whole document around a scene. */
export function render({ title, notice, main, visitor, wire, tiers, panel: view }) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <meta name="description" content="A small shop whose sessions live in WebAssembly memory: the demo of ets-session." />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/style.css" />
        <link rel="stylesheet" href="/shop.css" />
        <link rel="stylesheet" href="/account.css" />
        <link rel="stylesheet" href="/panel.css" />
        <script type="module" src="/app.js"></script>
      </head>
      <body>
        <a class="skip" href="#main">To the goods</a>
        <div class="shop">
          ${header(visitor)}
          <p class="notice" role="status" id="notice">${notice}</p>
          <main id="main" tabindex="-1">${main}</main>
          <footer>
            <p>
              The demo of <b>ets-session</b>: sessions kept in
              ${tiers ? "Durable Objects that two workers share" : "WebAssembly memory"}, served by workerd on this machine.
            </p>
          </footer>
        </div>
        ${panel(view, wire, visitor.token, tiers)}
      </body>
    </html>`;
}

function header({ user, pieces, token, here }) {
  return html`<header>
    <a class="brand" href="/">${mark()}<span>Tile &amp; Table</span></a>
    <nav aria-label="Shop">
      <a href="/about">How it works</a>
      <a href="/#basket" class="bag">Basket <span class="badge" id="pieces">${pieces}</span></a>
    </nav>
    ${accountBar({ user, token, here })}
  </header>`;
}
