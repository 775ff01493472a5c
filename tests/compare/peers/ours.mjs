import { sessions } from "ets-session";

export const title = "ets-session";
export const versionOf = "ets-session";

let made = 0;

/** sessions() as it is without options, but for secrets: the others are given theirs. */
export function open({ minutes, ...more } = {}) {
  const idle = minutes === undefined ? {} : { idle: minutes * 60 };
  const manager = sessions({
    table: `compare-${++made}`,
    secrets: "a secret of the tests",
    ...idle,
    ...more,
  });
  return {
    async request(handler, headers) {
      const app = manager.handle(async (_request, session) => {
        const status = await handler({
          get: (key) => session.get(key),
          set: (key, value) => session.set(key, value),
          increment: (key, by) => session.increment(key, by),
          end: () => session.destroy(),
          renew: () => session.renew(),
          login: (subject) => session.login(subject),
        });
        return new Response("ok", { status });
      });
      return app(new Request("https://shop.test/", { headers }));
    },
    revoke: (subject) => manager.revoke(subject),
    rows: () => manager.table.count(),
    strict: () => open({ onConflict: "throw" }),
    conflict: (error) => error.code === "ERR_CONFLICT",
    close: () => manager.table.drop(),
  };
}
