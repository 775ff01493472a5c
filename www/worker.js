import { actions } from "./actions.js";
import { file, formOf, json, pageHeaders, plain, sentFromElsewhere } from "./http.js";
import { render } from "./page.js";
import { panelView } from "./panel.js";
import { scenes } from "./scenes.js";
import { lastSent, remember } from "./sent.js";
import { pieces } from "./shop.js";
import { short, visitors } from "./visitors.js";

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    const asset = env.ASSETS[url.pathname];
    if (request.method === "POST") return post(request, url);
    if (request.method !== "GET" && request.method !== "HEAD") {
      return plain(405, "GET, HEAD and POST are what this shop understands.", { Allow: "GET, HEAD, POST" });
    }
    if (asset !== undefined) return file(request, asset);
    if (url.pathname === "/panel.json") return json(panelView(visitors.table, url.searchParams.get("row")));
    return page(request, url);
  },
};

async function post(request, url) {
  const action = Object.hasOwn(actions, url.pathname) ? actions[url.pathname] : undefined;
  if (action === undefined) return plain(404, "There is no such form.");
  if (sentFromElsewhere(request, url)) return plain(403, "This form was sent from another site.");
  const form = await formOf(request);
  if (form === undefined) return plain(400, "This is not a form of this shop.");

  const session = await visitors.open(request);
  const before = short(session.id);
  const location = await action(session, form, url);
  const response = await visitors.commit(
    session,
    new Response(null, { status: 303, headers: { Location: location } }),
  );
  remember(short(session.id) ?? before, request, response);
  return response;
}

async function page(request, url) {
  const make = Object.hasOwn(scenes, url.pathname) ? scenes[url.pathname] : scenes.missing;
  const session = await visitors.open(request);
  const scene = make(session, request, url);
  const visitor = { user: session.get("user"), pieces: pieces(session.get("cart", new Map())) };

  // Committed before it is rendered, so that the page can show the header it comes with and the row as it now is.
  const head = await visitors.commit(
    session,
    new Response(null, { status: scene.status ?? 200, headers: pageHeaders }),
  );
  const row = short(session.id);
  remember(row, request, head);

  const wire = { here: head.headers.has("Set-Cookie"), path: url.pathname, last: lastSent(row ?? scene.was) };
  const body = render({ ...scene, visitor, wire, panel: panelView(visitors.table, row) });
  return new Response(request.method === "HEAD" ? null : String(body), {
    status: head.status,
    headers: head.headers,
  });
}
