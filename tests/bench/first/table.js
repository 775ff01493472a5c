// Runs inside workerd: the package is imported and configured, and first used by the first request.
import { sessions } from "ets-session";
import { createTable } from "ets-session/table";

const ID = "q0w-E_rTyUiOpAsDfGhJkLzX";
const manager = sessions({ idle: "30m" });
let table;

export default {
  fetch() {
    table ??= createTable("first", { idle: "30m" });
    table.insert(ID, {
      user_id: 1,
      role: "admin",
      cart: ["sku-17"],
      locale: "en-GB",
      last_seen: 1_767_225_600_000,
    });
    return new Response(`${table.lookup(ID).user_id} ${typeof manager.handle}`);
  },
};
