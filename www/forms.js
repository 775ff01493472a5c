import { html } from "./html.js";

/** What the token's field is called. */
export const TOKEN = "csrf";

/** A form that proves to be ours by the token of the session that the page was made for. */
export function form({ token, action, look = "" }, content) {
  return html`<form method="post" action="${action}" class="${look}">
    <input type="hidden" name="${TOKEN}" value="${token}" />
    ${content}
  </form>`;
}
