/** The inspector's page: one document that asks for nothing else. */
import { toText } from "../base64url.js";

/** Made of app/ when the package is built. */
declare const INSPECTOR_SCRIPT: string;
declare const INSPECTOR_STYLE: string;

export function page(headers: Record<string, string>): Response {
  const nonce = toText(crypto.getRandomValues(new Uint8Array(18)));
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>Sessions</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${INSPECTOR_STYLE}</style>
</head>
<body>
<noscript>The inspector is drawn by a script in this page.</noscript>
<div id="app"></div>
<script nonce="${nonce}">${INSPECTOR_SCRIPT}</script>
</body>
</html>`;
  return new Response(html, {
    headers: { ...headers, "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy },
  });
}
