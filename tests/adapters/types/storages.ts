// What the storages are is what better-auth and unstorage take.
import type { SecondaryStorage } from "better-auth";
import { secondaryStorage } from "ets-session/better-auth";
import { etsStore } from "ets-session/express";
import byDefault, { etsDriver } from "ets-session/unstorage";
import { createStorage, type Driver } from "unstorage";

export const storage: SecondaryStorage = secondaryStorage({ limits: { maxBytes: "64MiB" } });
export const driver: Driver = etsDriver({ ttl: 60 });
createStorage({ driver: byDefault() });

/** As @types/express-session has it. */
abstract class Store {
  abstract get(sid: string, callback: (error: unknown, session?: { cookie: object } | null) => void): void;
  generate(_request: object): void {}
}
const EtsStore = etsStore(Store);
const store: Store = new EtsStore({ idle: "1h" });
store.generate({});
new EtsStore().length((_error, count) => count?.toFixed());
// @ts-expect-error an option that there is not
new EtsStore({ ttl: 60 });
etsDriver({ ttl: "1m" });
// @ts-expect-error times to live are durations
etsDriver({ ttl: true });
