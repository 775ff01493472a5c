/** Sessions across a trap: the request that met it fails with a code, the next visitor notices nothing. */
import { deepEqual, equal, group, test } from "../suite/harness.js";
import { arm, CALL, T0, unique } from "./points.mjs";

const URL = "https://shop.test/";
const LOST = "ERR_INSTANCE_LOST";
const RENEWED = 6;

export function testSessions(pack) {
  const site = () => {
    const events = [];
    const manager = pack.sessions({
      table: unique(),
      idle: "5m",
      now: () => T0,
      onEvent: ({ type }) => events.push(type),
    });
    const visit = async (cookie, fn) => {
      const headers = cookie === undefined ? {} : { cookie };
      let result;
      const handler = manager.handle((_request, session) => {
        result = fn(session);
        return new Response("ok");
      });
      const response = await handler(new Request(URL, { headers }));
      const [line] = response.headers.getSetCookie();
      return { result, cookie: line?.split(";")[0] };
    };
    return { manager, events, visit };
  };
  const code = (error) => error.code;

  group("sessions and traps", () => {
    for (const [what, point, fn] of [
      ["open", CALL, () => {}],
      ["renewal", RENEWED, (session) => session.renew()],
      ["login", RENEWED, (session) => session.login("ada")],
    ]) {
      test(`at ${what}: the request fails with a code, the visitor begins anew`, async () => {
        const { visit, manager } = site();
        const { cookie } = await visit(undefined, (session) => session.set("n", 1));
        arm(pack, point);
        equal(await visit(cookie, fn).then(() => "done", code), LOST);
        deepEqual((await visit(cookie, (session) => [session.isNew, session.data])).result, [true, {}]);
        const again = await visit(cookie, (session) => session.set("n", 2));
        const { result } = await visit(again.cookie, (session) => [session.get("n"), session.expiresAt]);
        deepEqual(result, [2, T0 + 300_000], "the lifetime is not the one that was told");
        manager.table.drop();
      });
    }

    test('a session that was open then is "gone" at its commit', async () => {
      const { visit, manager, events } = site();
      const { cookie } = await visit(undefined, (session) => session.set("n", 1));
      const session = await manager.open(new Request(URL, { headers: { cookie } }));
      session.set("n", 2);
      arm(pack, CALL);
      equal(await visit(cookie, () => {}).then(() => "done", code), LOST);
      const response = await manager.commit(session, new Response("ok"));
      deepEqual([response.headers.getSetCookie(), events.at(-1)], [[], "gone"]);
      equal(manager.table.count(), 0);
      manager.table.drop();
    });
  });
}
