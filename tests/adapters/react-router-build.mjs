/** What React Router's build makes of routes, by hand; and what sends a request to its request handler. */
import { createRequestHandler } from "react-router";

/** @param {Record<string, object>} modules route modules by their paths; "" is the root */
export function served(modules, scheme = "https") {
  const entries = Object.entries(modules).map(([path, module]) => {
    const id = path === "" ? "root" : path;
    const parent = path === "" ? {} : { parentId: "root" };
    return [id, { id, ...parent, path: path.slice(1), module }];
  });
  const assets = entries.map(([id, { module, ...route }]) => [
    id,
    { ...route, module: `${id}.js`, hasLoader: "loader" in module, hasAction: "action" in module },
  ]);
  const handle = createRequestHandler(
    {
      entry: {
        module: { default: (_request, status) => new Response("a document", { status }), handleError() {} },
      },
      routes: Object.fromEntries(entries),
      assets: {
        entry: { module: "", imports: [] },
        routes: Object.fromEntries(assets),
        url: "",
        version: "1",
      },
      publicPath: "/",
      assetsBuildDirectory: "",
      basename: "/",
      future: { v8_middleware: true },
      ssr: true,
      isSpaMode: false,
      prerender: [],
      routeDiscovery: { mode: "initial" },
    },
    "production",
  );
  return async (path, init) => {
    const response = await handle(new Request(`${scheme}://app.test${path}`, init));
    // A server leaves the body of an answer to HEAD out.
    return init.method === "HEAD" ? new Response(null, response) : response;
  };
}
