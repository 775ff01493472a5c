import { csrf, isCrossSite } from "ets-session";
import { actions, tooLate } from "./actions.js";
import { TOKEN } from "./forms.js";
import { file, formOf, json, pageHeaders, plain } from "./http.js";
import { inspect } from "./inspect.js";
import { render } from "./page.js";
import { panelView } from "./panel.js";
import { scenes } from "./scenes.js";
import { see, seen } from "./seen.js";
import { lastSent, remember } from "./sent.js";
import { pieces } from "./shop.js";
import { short, visitorsOf } from "./visitors.js";

export { SessionShard } from "ets-session/durable-object";

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    const asset = env.ASSETS[url.pathname];
    const visitors = visitorsOf(env);
    const asked = { request, url, env, visitors };
    if (url.pathname === "/inspector") return inspect(request, visitors);
    if (request.method === "POST") return post(asked);
    if (request.method !== "GET" && request.method !== "HEAD") {
      return plain(405, "GET, HEAD and POST are what this shop understands.", { Allow: "GET, HEAD, POST" });
    }
    if (asset !== undefined) return file(request, asset);
    if (url.pathname === "/panel.json") return json(panelOf(visitors, url.searchParams.get("row")));
    // A page that counts visits and says things once is not to be had before somebody looks at it.
    if (/prefetch|prerender/.test(request.headers.get("Sec-Purpose") ?? ""))
      return plain(503, "Not in advance.");
    const scene = Object.hasOwn(scenes, url.pathname) ? url.pathname : "missing";
    return page(scene, asked, await visitors.open(request));
  },
};

async function post(asked) {
  const { request, url, visitors } = asked;
  const action = Object.hasOwn(actions, url.pathname) ? actions[url.pathname] : undefined;
  if (action === undefined) return plain(404, "There is no such form.");
  if (isCrossSite(request)) return plain(403, "This form was sent from another site.");
  const session = await visitors.open(request);
  const form = await formOf(request);
  if (form === undefined) return plain(400, "This is not a form of this shop.");
  const ours = csrf(session).verify(form.get(TOKEN));
  if (!ours && !session.isNew) return page("stale", asked, session);

  const before = short(session.id);
  const location = ours ? await action({ ...asked, session, form }) : tooLate(session);
  const response = await visitors.commit(
    session,
    new Response(null, { status: 303, headers: { Location: location } }),
  );
  remember(short(session.id) ?? before, request, response);
  return response;
}

async function page(name, { request, url, env, visitors }, session) {
  if (request.method === "HEAD") session.ignore();
  const known = !session.isNew;
  const { status = 200, forms = known, ...scene } = await scenes[name](session, url, visitors);
  const token = forms ? csrf(session).token() : undefined;
  const visitor = {
    user: session.subject,
    pieces: pieces(session.get("cart", new Map())),
    token,
    here: name === "/account",
  };
  const notice = session.flashed("notice");

  // Committed before it is rendered, so that the page can show the header it comes with and the row as it now is.
  const head = await visitors.commit(session, new Response(null, { status, headers: pageHeaders }));
  const row = short(session.id);
  remember(row, request, head);

  const wire = {
    here: head.headers.has("Set-Cookie"),
    by: `${request.method} ${url.pathname}`,
    last: lastSent(row ?? scene.was),
  };
  if (visitors.durable) see(row, session);
  const tiers = visitors.durable && { ...visitors.asked, known, worker: env.WORKER };
  const main = scene.main(token);
  const body = render({ ...scene, main, notice, visitor, wire, tiers, panel: panelOf(visitors, row) });
  return new Response(request.method === "HEAD" ? null : String(body), {
    status: head.status,
    headers: head.headers,
  });
}

const panelOf = ({ table, durable }, row) => panelView(table, row, durable && { mine: seen(row) });
