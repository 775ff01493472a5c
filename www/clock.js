import { html } from "./html.js";

/** A time of day: the script of the page puts it into the reader's own zone. */
export function clock(ms) {
  const time = new Date(ms).toISOString();
  return html`<time datetime="${time}" data-clock>${time.slice(11, 16)} UTC</time>`;
}
