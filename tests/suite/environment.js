/** What env.js declares about this runtime, asserted; in browsers, what a page gets without its help. */
import { capabilities, request, setCookieLines, withNativeResponse } from "./env.js";
import { deepEqual, equal, group, onlyRow, test, unique } from "./harness.js";

group("environment", () => {
  if (capabilities.requestCookie) {
    test("a Request carries the cookie header it is given", () => {
      const made = request("https://h.test/", { cookie: "a=1; b=2" });
      equal(made.headers.get("cookie"), "a=1; b=2");
      equal(made instanceof Request, true);
    });
  } else {
    test("a page's Request drops the cookie header, the suite's keeps it", () => {
      equal(new Request("https://h.test/", { headers: { cookie: "a=1" } }).headers.get("cookie"), null);
      equal(request("https://h.test/", { cookie: "a=1" }).headers.get("cookie"), "a=1");
    });
  }

  test("a Request of the suite's keeps characters that no header could carry", () => {
    const made = request("https://h.test/x", { cookie: "\u3000a=\n", headers: { accept: "text/html" } });
    equal(made.headers.get("Cookie"), "\u3000a=\n");
    equal(made.headers.get("accept"), "text/html");
    equal(made.url, "https://h.test/x");
  });

  if (capabilities.responseSetCookie) {
    test("a Response carries Set-Cookie, line by line", () => {
      const headers = new Headers();
      headers.append("set-cookie", "a=1");
      headers.append("set-cookie", "b=2");
      deepEqual(setCookieLines(new Response(null, { headers })), ["a=1", "b=2"]);
    });
  } else {
    test("in a page, where no Response can carry Set-Cookie, a session is stored and the response unharmed", (lib) =>
      withNativeResponse(async () => {
        const manager = lib.sessions({ table: unique("page") });
        const app = manager.handle((_request, session) => {
          session.set("n", 1);
          return new Response("body", { status: 201, headers: { "x-app": "yes" } });
        });
        const response = await app(new Request("https://h.test/"));
        equal(response.status, 201);
        equal(response.headers.get("x-app"), "yes");
        equal(response.headers.get("set-cookie"), null);
        equal(await response.text(), "body");
        deepEqual(onlyRow(manager.table).row, { n: 1 });
      }));
  }
});
