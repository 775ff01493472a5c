import { drawing } from "./drawings.js";
import { form } from "./forms.js";
import { html } from "./html.js";
import { lines, products, total } from "./shop.js";

export function greeting({ visits, user, durable }) {
  const place = durable ? "in a Durable Object" : "in one row of a table in this worker’s memory";
  const hello = user === undefined ? "Good to see you." : html`Good to see you, <strong>${user}</strong>.`;
  return html`<section class="greeting" aria-labelledby="greeting">
    <h1 id="greeting">Six things for the table, <em>and the table behind them</em></h1>
    <p class="visit">
      <span class="count"><span class="label">Visit</span> <b id="visits">${visits}</b></span>
      <span>
        ${hello}
        ${
          user === undefined
            ? `What you do here is kept ${place}.`
            : html`See <a href="/account">where you are signed in</a>.`
        }
      </span>
    </p>
  </section>`;
}

export function goods(token) {
  return html`<section class="goods" aria-labelledby="goods">
    <h2 id="goods" class="unseen">The goods</h2>
    <ul role="list">
      ${products.map(
        (product) => html`<li class="tile">
          ${drawing(product.id)}
          <h3>${product.name}</h3>
          <p class="note">${product.note}</p>
          <p class="price">€ ${product.price}</p>
          ${form(
            { token, action: "/cart" },
            html`<input type="hidden" name="item" value="${product.id}" />
              <button id="add-${product.id}" name="by" value="1" aria-label="Add ${product.name} to the basket">
                Add
              </button>`,
          )}
        </li>`,
      )}
    </ul>
  </section>`;
}

export function basket(cart, token) {
  const all = lines(cart);
  return html`<section class="basket" aria-labelledby="basket" tabindex="-1">
    <h2 id="basket">Basket</h2>
    ${
      all.length === 0
        ? html`<p class="empty">Still empty.</p>`
        : html`<ul role="list">
              ${all.map((line) => basketLine(line, token))}
            </ul>
            <p class="total"><span>Total</span> <b>€ ${total(cart)}</b></p>
            ${form(
              { token, action: "/checkout" },
              html`<button id="checkout" class="button wide">Take it home</button>`,
            )}
            <p class="small">Nothing is charged. This is a demo.</p>`
    }
  </section>`;
}

function basketLine({ id, name, quantity, sum }, token) {
  return html`<li>
    <span class="what">${name}</span>
    ${form(
      { token, action: "/cart", look: "stepper" },
      html`<input type="hidden" name="item" value="${id}" />
        <button id="less-${id}" name="by" value="-1" aria-label="One ${name} less">−</button>
        <span class="quantity"><span class="unseen">Quantity </span>${quantity}</span>
        <button id="more-${id}" name="by" value="1" aria-label="One ${name} more">+</button>`,
    )}
    <span class="sum">€ ${sum}</span>
  </li>`;
}
