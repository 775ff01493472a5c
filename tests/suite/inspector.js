/** The inspector's handler: who is let in, what is told, and what is not. */
import { site } from "./client.js";
import { deepEqual, equal, group, makeTable, ok, rejectsCode, test, throwsCode, unique } from "./harness.js";

const AT = "https://shop.test/admin/sessions";

/** A site with an inspector, and somebody signed in. */
async function inspected(lib, guard = () => true) {
  const made = site(lib);
  const inspect = lib.inspector(made.manager, { guard });
  const get = (query = "", init = {}) => inspect(new Request(AT + query, init), {}, {});
  const json = async (query) => (await get(query)).json();
  const post = (body, headers = {}) =>
    get("", {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  await made.browser.visit((session) =>
    session.set("cart", new Map([["cup", 2]])).login("ada", { device: "x" }),
  );
  return { ...made, inspect, get, json, post, table: encodeURIComponent(made.manager.table.name) };
}

group("inspector", () => {
  test("there is none without a guard, and no option that it does not know", (lib) => {
    const { manager } = site(lib);
    throwsCode(() => lib.inspector(manager), "ERR_MISSING_OPTION", { option: "guard" });
    throwsCode(() => lib.inspector(manager, {}), "ERR_MISSING_OPTION", { option: "guard" });
    throwsCode(() => lib.inspector(manager, { guard: true }), "ERR_BAD_OPTION", { option: "guard" });
    throwsCode(() => lib.inspector(manager, { guard: () => true, gard: 1 }), "ERR_BAD_OPTION");
    throwsCode(() => lib.inspector({}, { guard: () => true }), "ERR_BAD_OPTION", { option: "sessions" });
  });

  test("nothing but true lets in, to whatever is asked for", async (lib) => {
    for (const answer of [false, undefined, 1, "true", {}, Promise.resolve(false)]) {
      const { get, post, manager } = await inspected(lib, () => answer);
      for (const query of ["", "?show=tables", "?show=subject&subject=ada"]) {
        const response = await get(query);
        deepEqual([response.status, await response.text()], [403, "forbidden\n"]);
      }
      equal((await post({ subject: "ada" })).status, 403);
      equal((await manager.list("ada")).length, 1);
    }
  });

  test("the guard is told what the handler is told, and what it throws comes out", async (lib) => {
    const told = [];
    const { manager } = site(lib);
    const guard = (...given) => told.push(...given) > 0;
    const [request, env, ctx] = [new Request(AT), {}, {}];
    await lib.inspector(manager, { guard })(request, env, ctx);
    ok(told[0] === request && told[1] === env && told[2] === ctx, "it was told something else");
    const broken = lib.inspector(manager, {
      guard() {
        throw new Error("no answer");
      },
    });
    let message;
    await broken(new Request(AT)).catch((error) => {
      message = error.message;
    });
    equal(message, "no answer");
  });

  test("the page needs nothing from elsewhere, and its policy is strict and new each time", async (lib) => {
    const { get } = await inspected(lib);
    const [first, second] = [await get(), await get()];
    const policy = first.headers.get("Content-Security-Policy");
    ok(policy.startsWith("default-src 'none'; script-src 'nonce-") && !policy.includes("unsafe"), "policy");
    ok(policy !== second.headers.get("Content-Security-Policy"), "the same nonce twice");
    equal(first.headers.get("Cache-Control"), "no-store");
    equal(first.headers.get("X-Content-Type-Options"), "nosniff");
    const page = await first.text();
    const [, nonce] = /nonce-([\w-]+)'/.exec(policy);
    equal(page.split(`nonce="${nonce}"`).length, 3, "scripts and styles with the nonce, and one");
    deepEqual(page.match(/(?:src|href)="[^"]*"/g), ['href="data:,"']);
  });

  test("tables are told with their figures", async (lib) => {
    const { json, manager } = await inspected(lib);
    const { tables, own, memoryBytes, isolate } = await json("?show=tables");
    equal(own, manager.table.name);
    const { name, size, bytes, maxBytes } = tables.find((each) => each.name === own);
    deepEqual([name, size], [own, 1]);
    ok(bytes > 0 && bytes <= maxBytes && bytes < memoryBytes, "the figures make no sense");
    equal(isolate, (await json("?show=tables")).isolate);
  });

  test("rows are told by their hashes, fields by names and kinds", async (lib) => {
    const { json, browser, table } = await inspected(lib);
    const { result } = await browser.visit((session) => ({ id: session.id, expiresAt: session.expiresAt }));
    const text = JSON.stringify(await json(`?show=rows&table=${table}`));
    const { rows, expiry } = JSON.parse(text);
    const [{ id, subject, expiresAt, fields }] = rows;
    deepEqual({ id, subject, expiresAt }, { ...result, subject: "ada" });
    deepEqual(
      fields.filter(({ name }) => !name.startsWith("(")),
      [{ name: "cart", kind: "Map(1)" }],
    );
    ok(!text.includes("cup"), "what is in a field is told unasked");
    ok(!text.includes(browser.cookie), "the cookie's value is told");
    equal(
      expiry.counts.reduce((sum, count) => sum + count, 0),
      1,
    );
    equal(expiry.looked, 1);
  });

  test("a field is told when it is asked for; the package's own are not", async (lib) => {
    const { json, get, browser, table } = await inspected(lib);
    const { result: id } = await browser.visit((session) => {
      lib.csrf(session).token();
      return session.id;
    });
    const ask = (field, of = id) => `?show=field&table=${table}&id=${of}&field=${encodeURIComponent(field)}`;
    deepEqual(JSON.parse((await json(ask("cart"))).text), { "Map(1)": [["cup", 2]] });
    for (const query of [ask("nothing"), ask("\0csrf"), ask("(csrf)"), ask("__proto__"), ask("cart", "x")])
      equal((await get(query)).status, 404);
  });

  test("keys that are not hashed are hashed before they are told", async (lib) => {
    const { json } = await inspected(lib);
    const table = makeTable(lib);
    table.insert("a key that is an id", { n: 1n });
    const { rows } = await json(`?show=rows&table=${encodeURIComponent(table.name)}`);
    ok(!JSON.stringify(rows).includes("a key"), "the key is told");
    const [{ id }] = rows;
    const query = `?show=field&table=${encodeURIComponent(table.name)}&id=${id}&field=n`;
    equal((await json(query)).text, '"bigint 1"');
  });

  test("rows are paged, and chosen by whether they have a subject", async (lib) => {
    const { json, another, table } = await inspected(lib);
    for (let i = 0; i < 30; i++) await another().visit((session) => session.set("n", i));
    const all = new Set();
    let after = "";
    do {
      const page = await json(`?show=rows&table=${table}${after}`);
      for (const { id } of page.rows) all.add(id);
      after = page.after === undefined ? "" : `&after=${page.after}`;
    } while (after !== "");
    equal(all.size, 31);
    equal((await json(`?show=rows&table=${table}&who=in`)).rows.length, 1);
  });

  test("looking refreshes no row and counts nothing", async (lib) => {
    const { json, manager, time, table } = await inspected(lib);
    const before = await json(`?show=rows&table=${table}`);
    const counted = manager.table.info();
    time.advance(60_000);
    const { rows } = await json(`?show=rows&table=${table}`);
    equal(rows[0].expiresAt, before.rows[0].expiresAt);
    await json(`?show=field&table=${table}&id=${rows[0].id}&field=cart`);
    await json("?show=subject&subject=ada");
    deepEqual(manager.table.info(), counted);
  });

  test("a subject's sessions are told, and ended: one, or all", async (lib) => {
    const { json, post, another, manager, time } = await inspected(lib);
    time.advance(1000);
    await another().visit((session) => session.login("ada", { device: "y" }));
    await another().visit((session) => session.login("ada"));
    const { sessions } = await json("?show=subject&subject=ada");
    deepEqual([sessions.length, sessions[0].fields], [3, ["device"]]);
    deepEqual(await (await post({ subject: "ada", id: sessions[0].id })).json(), { ended: 1 });
    deepEqual(await (await post({ subject: "ada", id: sessions[0].id })).json(), { ended: 0 });
    deepEqual(await (await post({ subject: "ada" })).json(), { ended: 2 });
    deepEqual(await manager.list("ada"), []);
  });

  test("another site's request ends nothing", async (lib) => {
    const { post, manager, inspect } = await inspected(lib);
    equal((await post({ subject: "ada" }, { "Content-Type": "text/plain" })).status, 403);
    const headers = new Headers({ "Content-Type": "application/json", "Sec-Fetch-Site": "cross-site" });
    const init = { method: "POST", body: JSON.stringify({ subject: "ada" }) };
    const request = Object.defineProperty(new Request(AT, init), "headers", { value: headers });
    equal((await inspect(request)).status, 403);
    equal((await manager.list("ada")).length, 1);
  });

  test("what makes no sense is refused by its code, and nothing else is said", async (lib) => {
    const { get, post } = await inspected(lib);
    const refused = await post({ subject: 5 });
    deepEqual([refused.status, await refused.json()], [400, { error: "ERR_BAD_OPTION" }]);
    equal((await post("ada")).status, 400);
    equal((await get("?show=subject&subject=")).status, 400);
    equal((await get("?show=rows&table=nosuch")).status, 404);
    equal((await get("?show=cookies")).status, 404);
    equal((await get("", { method: "DELETE" })).status, 405);
    const late = unique();
    equal((await get(`?show=rows&table=${late}&after=zz`)).status, 404);
  });

  test("a cursor that no page gave is refused", async (lib) => {
    const { get, table } = await inspected(lib);
    equal((await get(`?show=rows&table=${table}&after=zz`)).status, 400);
  });

  test("over a store that fails, ERR_STORE is told", async (lib) => {
    const guarantees = { atomic: true, consistency: "strong", subjects: true };
    const away = async () => {
      throw new Error("the engine is away");
    };
    const store = { guarantees, load: away, commit: away, destroy: away, bySubject: away };
    const manager = lib.sessions({ table: unique(), store });
    const inspect = lib.inspector(manager, { guard: () => true });
    const response = await inspect(new Request(`${AT}?show=subject&subject=ada`));
    deepEqual([response.status, await response.json()], [502, { error: "ERR_STORE" }]);
    await rejectsCode(manager.list("ada"), "ERR_STORE");
  });
});
