import { html } from "./html.js";

// Blue on white, as on old Dutch tiles: `ink` is the brush's line, `wash` thinned paint, `deep` laid on twice.
const candlestick = html`
  <path class="ink" d="M54 66V42c4-2 8-2 12 0v24" />
  <path class="wash" d="M61 66V41l5 1v24z" />
  <ellipse class="ink wash" cx="60" cy="67" rx="15" ry="4" />
  <path class="ink" d="M53 71c0 4 4 5 4 8s-4 3-4 6 4 3 4 5c0 4-9 4-15 8M67 71c0 4-4 5-4 8s4 3 4 6-4 3-4 5c0 4 9 4 15 8" />
  <path class="wash" d="M63 79c0 3 4 3 4 6s-4 3-4 5c0 4 9 4 15 8H61V76z" />
  <path class="ink" d="M36 98c0-3 48-3 48 0s-48 5-48 0z" />
  <path class="fine" d="M54 82h12M57 87h6" />`;

const motifs = {
  cup: html`
    <ellipse class="wash" cx="59" cy="90" rx="35" ry="6" />
    <path class="ink" d="M24 90c0 4 15 7 35 7s35-3 35-7-15-6-35-6-35 2-35 6z" />
    <path class="glaze" d="M33 52c0 22 9 36 26 36s26-14 26-36z" />
    <path class="wash" d="M66 87c13-3 19-16 19-35h-9c1 16-2 28-10 35z" />
    <path class="ink" d="M33 52c0 22 9 36 26 36s26-14 26-36" />
    <ellipse class="ink wash" cx="59" cy="52" rx="26" ry="5" />
    <path class="ink" d="M84 58c14-5 17 15-5 18" />
    <path class="fine" d="M36 62c14 5 32 5 46 0M38 66c13 5 29 5 42 0" />
    <path class="deep" d="M59 71c4 3 4 8 0 11-4-3-4-8 0-11zM50 73c5 0 7 3 8 8-5 0-8-3-8-8zM68 73c-5 0-7 3-8 8 5 0 8-3 8-8z" />
    <path class="fine" d="M50 42c-5-6 5-9 0-16M60 40c-5-6 5-10 0-18M70 42c-5-6 5-9 0-16" />`,
  jug: html`
    <path class="wash" d="M66 97c12-2 20-10 20-23 0-17-13-28-11-38l-8 2c0 12 9 22 9 36 0 10-4 18-10 23z" />
    <path class="ink" d="M46 36c2 10-12 21-12 38 0 15 11 24 26 24s26-9 26-24c0-17-13-28-11-38" />
    <path class="ink" d="M46 36c-1-5-3-9-8-12 11 4 24 4 37 3v9c-9 3-20 3-29 0z" />
    <path class="ink" d="M75 31c24-3 25 32 7 33M76 36c16-1 16 22 4 23" />
    <path class="fine" d="M44 42c10 3 21 3 31 0M36 88c14 6 34 6 48 0" />
    <path class="deep" d="M58 58c4 4 4 10 0 14-4-4-4-10 0-14zM47 63c6 0 9 4 10 10-6 0-10-4-10-10zM69 63c-6 0-9 4-10 10 6 0 10-4 10-10z" />
    <path class="fine" d="M58 73v12M58 84c-6 0-10-3-12-7M58 84c6 0 10-3 12-7" />`,
  light: html`
    <path class="deep" d="M60 17c7 9 6 17 0 19-6-2-7-10 0-19z" />
    <path class="fine" d="M60 36v5M45 26l-6-3M75 26l6-3M48 16l-4-5M72 16l4-5" />
    ${candlestick}`,
  snuffed: html`
    <path class="fine" d="M60 41v-5c-6-6 5-9-1-16s6-9 2-17" />
    ${candlestick}`,
  bowl: html`
    <path class="wash" d="M39 58c-4-12 3-21 12-21s16 10 14 21zM65 58c0-12 6-20 14-18s11 11 6 18z" />
    <path class="ink" d="M38 57c-5-10 2-20 12-21 3-2 6-2 8 0 8 2 12 10 9 21M66 46c4-8 11-9 16-6 6-1 9 3 8 8 0 3-1 6-3 9" />
    <path class="deep" d="M57 34c2-10 12-14 21-11-2 8-12 13-21 11z" />
    <path class="fine" d="M58 34c6-4 12-7 17-9M46 45h.1M50 41h.1M44 50h.1M76 47h.1M80 45h.1M78 51h.1" />
    <path class="glaze" d="M24 58c2 25 16 38 36 38s34-13 36-38z" />
    <path class="wash" d="M66 96c18-2 28-15 30-38H85c0 18-6 31-19 38z" />
    <path class="ink" d="M24 58c2 25 16 38 36 38s34-13 36-38zM48 96l-2 6h28l-2-6" />
    <path class="fine" d="M26 65h68M27 69h66" />
    <path class="deep" d="M38 75c5 0 8 3 9 9-6 0-9-4-9-9zM60 74c4 4 4 11 0 15-4-4-4-11 0-15zM82 75c-5 0-8 3-9 9 6 0 9-4 9-9z" />
    <path class="fine" d="M48 78c3 3 3 7 0 10M72 78c-3 3-3 7 0 10" />`,
  plate: html`
    <circle class="ink" cx="60" cy="60" r="42" />
    <circle class="fine" cx="60" cy="60" r="39" />
    <circle class="ink wash" cx="60" cy="60" r="29" />
    <path class="glaze ink" d="M38 61c6-11 24-14 37-3 3-3 6-5 9-6-2 5-2 12 0 18-3-1-6-3-9-6-13 9-31 8-37-3z" />
    <path class="deep" d="M52 52c4-5 11-6 17-3l-3 4c-5-2-9-2-14-1zM54 69c3 3 8 4 12 2l-2-3c-3 1-6 1-10 1z" />
    <path class="fine" d="M47 54c3 4 3 10 0 14M54 57c2 3 2 6 0 8M60 56c2 3 2 8 0 10M66 56c2 3 2 7 0 9M43 59h.1" />
    <path class="fine" d="M60 21v8M60 91v8M21 60h8M91 60h8M32.5 32.5l5.5 5.5M82 82l5.5 5.5M32.5 87.5l5.5-5.5M82 38l5.5-5.5" />
    <path class="deep" d="M45 25a2 2 0 1 0 .1 0zM75 25a2 2 0 1 0 .1 0zM45 91a2 2 0 1 0 .1 0zM75 91a2 2 0 1 0 .1 0zM26 44a2 2 0 1 0 .1 0zM26 72a2 2 0 1 0 .1 0zM94 44a2 2 0 1 0 .1 0zM94 72a2 2 0 1 0 .1 0z" />`,
  vase: html`
    <path class="ink" d="M60 60V36M55 61C52 52 46 48 42 44M65 61c3-9 9-13 13-17" />
    <path class="wash" d="M53 20c0 10 1 15 7 17 6-2 7-7 7-17l-4 5-3-7-3 7z" />
    <path class="ink" d="M53 20c0 10 1 15 7 17 6-2 7-7 7-17l-4 5-3-7-3 7z" />
    <path class="wash ink" d="M29 34c3 8 7 12 13 11 3-5 1-10-4-17l-1 6-5-4 1 6z" />
    <path class="wash ink" d="M91 34c-3 8-7 12-13 11-3-5-1-10 4-17l1 6 5-4-1 6z" />
    <path class="deep" d="M58 52c-8 1-13-2-16-8 8-1 13 2 16 8zM62 54c2-7 6-10 13-10-1 6-6 10-13 10z" />
    <path class="wash" d="M64 100c12-1 19-6 18-15-1-8-9-12-9-24h-8c0 12 9 17 8 25-1 7-4 11-9 14z" />
    <path class="ink" d="M47 61c0 12-8 16-9 24-1 10 8 15 22 15s23-5 22-15c-1-8-9-12-9-24" />
    <ellipse class="ink" cx="60" cy="61" rx="13" ry="3" />
    <path class="fine" d="M44 70c10 3 22 3 32 0M39 92c14 5 28 5 42 0" />
    <path class="deep" d="M60 76c3 3 3 8 0 11-3-3-3-8 0-11zM50 78c5 0 7 3 8 8-5 0-8-3-8-8zM70 78c-5 0-7 3-8 8 5 0 8-3 8-8z" />`,
};

const corner = html`<path class="corner" d="M0 15C8 15 15 8 15 0h-3c0 7-5 12-12 12z" />
  <path class="corner" d="M4 4c6 1 11 5 13 12 1 2-1 3-2 1C13 11 9 7 4 4z" />`;

const corners = [1, 2, 3, 4].map(
  (place) => html`<svg class="c${place}" viewBox="0 0 20 20" focusable="false">${corner}</svg>`,
);

/** Decoration: what it shows is said beside it. */
export function drawing(name) {
  return html`<div class="drawing" aria-hidden="true">
    ${corners} <svg viewBox="0 0 120 120" focusable="false">${motifs[name]}</svg>
  </div>`;
}

export function mark() {
  return html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <path class="ink" d="M1 11C7 11 11 7 11 1M21 1c0 6 4 10 10 10M31 21c-6 0-10 4-10 10M11 31C11 25 7 21 1 21" />
    <path class="ink wash" d="M16 9c5 4 5 10 0 14-5-4-5-10 0-14z" />
  </svg>`;
}
